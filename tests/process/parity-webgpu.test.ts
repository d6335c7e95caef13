/** The networks on WebGPU give what PyTorch gave, as closely as on the CPU. The samplers and the VQGAN are left out: minutes. */
import { beforeAll, expect, test } from 'vitest'
import { buildProgram, run } from '../kit/cli.ts'
import { goldenFolder } from '../kit/goldens.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { softwareWebGpu } from '../kit/webgpu.ts'

beforeAll(buildProgram)

test.skipIf(!softwareWebGpu)('on WebGPU the networks agree with PyTorch', async () => {
  const names = ['byt5', 'clip', 'paella_v1', 'paella_v3', 'prior', 'vqmodel_f4']
  const words = ['parity', ...names.map(goldenFolder), '--device', 'webgpu', '--json']
  const { code, stdout, stderr } = await run(await temporaryFolder(), words, { env: softwareWebGpu ?? {} })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const results = stdout.trimEnd().split('\n')
  expect(results.map((line) => JSON.parse(line) as unknown)).toEqual(
    names.map((name) => expect.objectContaining({ name, passed: true }) as unknown),
  )
  for (const line of results) expect((JSON.parse(line) as { largestError: number }).largestError).toBeLessThan(1e-5)
})

test.skipIf(!softwareWebGpu)(
  'a picture of the CPU is made again on WebGPU, which says how many tokens differ',
  async () => {
    const folder = await temporaryFolder()
    const words = ['a red apple, yellow background', '--seed', '7', '--steps', '2', '--size', '64', '--out', 'cpu.png']
    expect((await run(folder, ['generate', ...words])).code).toBe(0)
    const again = ['generate', '--from', 'cpu.png', '--device', 'webgpu', '--out', 'webgpu.png', '--json']
    const { code, stdout } = await run(folder, again, { env: softwareWebGpu ?? {} })
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    const told = lines.map((line) => JSON.parse(line) as { readonly type: string; readonly differing?: number })
    const repeated = told.find(({ type }) => type === 'repeated')
    expect(repeated).toMatchObject({ file: 'cpu.png', of: 256 })
    // 8-bit products on one side and floats on the other: some do, most do not.
    expect(repeated?.differing).toBeLessThan(64)
  },
)

test('a device that is not there is told, with those that are', async () => {
  const { code, stderr } = await run(await temporaryFolder(), ['parity', goldenFolder('clip'), '--device', 'abacus'])
  expect(code).toBe(3)
  expect(stderr).toMatch(/no device 'abacus'.*auto, cpu/)
})
