/** On WebGPU no node of any graph is left to the CPU, whose nodes in between would cost more than all others. */
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, type TestContext, test } from 'vitest'
import { run } from '../kit/cli.ts'
import { writeTinyStore } from '../kit/published-models.ts'
import { releaseGraphs } from '../kit/release-graphs.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { softwareWebGpu } from '../kit/webgpu.ts'
import type { GraphTold } from './webgpu-child.ts'

const child = fileURLToPath(new URL('webgpu-child.ts', import.meta.url))
const stores = { float32: '', int8: '' }
beforeAll(async () => {
  for (const precision of ['float32', 'int8'] as const)
    stores[precision] = writeTinyStore(await temporaryFolder(), { precision })
})

/**
 * @param matching the names of graphs
 * @returns how many there are of them
 */
async function expectAllThere(skip: TestContext['skip'], precision: keyof typeof stores, matching: string) {
  skip(!softwareWebGpu, "there is no WebGPU: Debian's chromium with its software Vulkan is not installed")
  const store = stores[precision]
  const names = (await releaseGraphs(store)).map(({ name }) => name).filter((name) => name.match(matching))
  const how = { program: child, env: softwareWebGpu ?? {} }
  const { code, stdout, stderr } = await run(await temporaryFolder(), [store, matching], how)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const told = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as GraphTold)
  expect(told.map(({ name, left }) => ({ name, left }))).toEqual(names.map((name) => ({ name, left: [] })))
  for (const { name, difference, other } of told) {
    expect(difference, name).toBeLessThan(1e-4)
    // A draw that falls between two codes may fall to either side.
    expect(other, name).toBeLessThan(0.05)
  }
  return told.length
}

test('graphs of the 2022 release run whole on WebGPU, as on the CPU', async ({ skip }) => {
  expect(await expectAllThere(skip, 'float32', '^tiny-2022')).toBeGreaterThan(10)
})

test('graphs of the 2023 release run whole on WebGPU, as on the CPU', async ({ skip }) => {
  expect(await expectAllThere(skip, 'float32', '^tiny-2023')).toBeGreaterThan(10)
})

test('with weights in 8 bits too, which are widened while loading', async ({ skip }) => {
  const matching =
    '^tiny-2023 (text|decode|captions|prior|condition)|^tiny-2022 (condition|step) global( inverse-cdf)?$'
  expect(await expectAllThere(skip, 'int8', matching)).toBe(7)
})
