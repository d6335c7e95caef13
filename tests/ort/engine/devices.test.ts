/** Devices that cannot be had, or are too small: errors with the next step, and what 'auto' does in their place. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Graph } from '../../../src/engine/onnx/graph.ts'
import { fastestDevice } from '../../../src/engine/runtime/device.ts'
import { createRunner } from '../../../src/engine/runtime/session.ts'
import { packTokens } from '../../../src/shared/contract/token-grid.ts'
import { ask, failureOf, openEngine, picture, run } from '../../kit/engine.ts'
import { writeTinyStore } from '../../kit/published-models.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const modelsDir = writeTinyStore(await temporaryFolder())
/** Listed by no machine without its driver: sessions on it are refused. */
const missing = async (): Promise<string> => 'cuda'
const cpu = openEngine({ modelsDir, device: 'cpu' })
afterAll(() => cpu.close())

/** Whether this machine has one. */
const works = (device: string): Promise<boolean> =>
  createRunner(new Graph(), { device, folder: '.', weights: new Map() }).then(
    (runner) => runner.close().then(() => true),
    () => false,
  )

const hasWebGpu = await works('webgpu')

const request = ask('a red boat', { model: 'tiny-2022' })

describe("a device that 'auto' began with and that fails", () => {
  test('is told in a warning, and the CPU makes the pictures', async () => {
    const engine = openEngine({ modelsDir, fastest: missing })
    const first = await run(engine, { ...request, count: 2 })
    expect(first.warnings).toEqual(["The device 'cuda' cannot be used; the CPU goes on in its place."])
    expect(first.pictures.map(({ index }) => index)).toEqual([0, 1])
    expect(first.pictures[0]?.recipe.tokensSha256).toBe((await picture(cpu, request)).recipe.tokensSha256)
    expect((await engine.describe()).device).toBe('cpu')
    expect((await run(engine, request)).warnings).toEqual([])
    await engine.close()
  })

  test('is replaced while loading and for grids too', async () => {
    const loading = openEngine({ modelsDir, fastest: missing })
    const warnings: string[] = []
    await loading.load(
      { model: 'tiny-2023' },
      { onEvent: (event) => event.type === 'warning' && warnings.push(event.text) },
    )
    expect(warnings).toHaveLength(1)
    await loading.close()
    const decoding = openEngine({ modelsDir, fastest: missing })
    const grid = packTokens({ width: 8, height: 8, tokens: new Int32Array(64) })
    const here = await decoding.decodeTokens({ model: 'tiny-2022', grid })
    expect(here).toEqual(await cpu.decodeTokens({ model: 'tiny-2022', grid }))
    await decoding.close()
  })
})

describe('a device by its name', () => {
  test('that is not there is refused with those that are', async () => {
    const { code, message } = await failureOf(openEngine({ modelsDir, device: 'cuda' }).generate({ request }))
    expect([code, message]).toEqual(['device-unavailable', expect.stringMatching(/no device 'cuda'.*auto, cpu/)])
  })

  test.skipIf(hasWebGpu)('that does not start is refused, and nothing falls back', async () => {
    const engine = openEngine({ modelsDir, device: 'webgpu' })
    const warnings: string[] = []
    const failing = engine.generate(
      { request },
      { onEvent: (event) => event.type === 'warning' && warnings.push(event.text) },
    )
    const { code, message } = await failureOf(failing)
    expect([code, message]).toEqual(['device-unavailable', expect.stringContaining("'cpu' always works")])
    expect(warnings).toEqual([])
    await engine.close()
  })
})

describe("'auto'", () => {
  test('takes the CPU where nothing is much faster, and leaves no mark', async () => {
    const folder = await temporaryFolder()
    expect(await fastestDevice({ folder, log: () => undefined })).toBe('cpu')
    expect(existsSync(join(folder, 'trying-webgpu'))).toBe(false)
  })

  test('does not try again what ended the process last time, and says so', async () => {
    const folder = await temporaryFolder()
    const mark = join(folder, 'trying-webgpu')
    writeFileSync(mark, '')
    const lines: string[] = []
    expect(await fastestDevice({ folder, log: (line) => lines.push(line) })).toBe('cpu')
    expect(lines).toEqual([expect.stringContaining(`delete ${mark}`)])
    expect(existsSync(mark)).toBe(true)
  })
})

test('memory that does not suffice is an error with the next smaller settings, and the next job is served', async () => {
  const side = 512
  const grid = packTokens({ width: side, height: side, tokens: new Int32Array(side * side) })
  // Attention over 262,144 cells: 275 GB.
  const { code, message } = await failureOf(cpu.decodeTokens({ model: 'tiny-2022', grid }))
  expect(code).toBe('out-of-memory')
  expect(message).toBe(
    "There is not enough memory on 'cpu' for tiny-2022 (0.0 GB, float32) at 4096x4096 px. Try a size of 2896x2896 px, or the model imported with --precision int8.",
  )
  expect((await picture(cpu, request)).pixels.width).toBe(64)
})
