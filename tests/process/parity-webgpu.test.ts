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

test('a device that is not there is told, with those that are', async () => {
  const { code, stderr } = await run(await temporaryFolder(), ['parity', goldenFolder('clip'), '--device', 'abacus'])
  expect(code).toBe(3)
  expect(stderr).toMatch(/no device 'abacus'.*auto, cpu/)
})
