/** The real engine in its process, cancelled while it samples: it stops within a step, and serves the next job. */
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EngineClient } from '../../src/host/engine-client.ts'
import type { GenerateOptions, JobEvent } from '../../src/shared/contract/engine-api.ts'
import { isCancelled } from '../../src/shared/contract/errors.ts'
import { ask, modelsDir } from '../kit/engine.ts'

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url))

let client: EngineClient
let started: number[]

beforeEach(() => {
  started = []
  client = new EngineClient({
    entry: path('src/host/engine-process.ts'),
    environment: { modelsDir, resourcesDir: path('resources'), cacheDir: '', device: 'cpu' },
    onStart: (pid) => started.push(pid),
  })
})
afterEach(() => client.close())

const steps = 40

/** Cancels as soon as step `at` is told, and gives what was told from then on. */
async function cancelAt(at: number, options: GenerateOptions): Promise<readonly JobEvent[]> {
  const controller = new AbortController()
  const later: JobEvent[] = []
  const onEvent = (event: JobEvent): void => {
    if (controller.signal.aborted) later.push(event)
    else if (event.type === 'step' && event.step === at) controller.abort()
  }
  const request = ask('a red boat', { sampling: { steps } })
  const outcome = await client.generate({ request, options }, { signal: controller.signal, onEvent }).then(
    () => 'made' as const,
    (error: unknown) => error,
  )
  expect(isCancelled(outcome)).toBe(true)
  return later
}

test.each([1, 5, 20])('cancelled at step %i it takes at most one step more, and the process lives on', async (at) => {
  const later = await cancelAt(at, {})
  expect(later.filter(({ type }) => type === 'step').length).toBeLessThanOrEqual(1)
  expect(later.some(({ type }) => type === 'picture')).toBe(false)
  const next = await client.generate({ request: ask('a hill') })
  expect(next.pictures).toBe(1)
  expect(started).toHaveLength(1)
})

test('a cancel that keeps the picture brings it as it stood after the last step that was told', async () => {
  const later = await cancelAt(3, { keepPartial: true, png: true, previews: true })
  const told = later.flatMap((event) => (event.type === 'step' ? [event.step] : []))
  expect(told.length).toBeLessThanOrEqual(1)
  const pictures = later.flatMap((event) => (event.type === 'picture' ? [event.picture] : []))
  expect(pictures.map((picture) => picture.steps)).toEqual([{ taken: told[0] ?? 3, of: steps }])
  expect(pictures[0]?.recipe.request.sampling.stopAfter).toBe(told[0] ?? 3)
  expect(pictures[0]?.png?.length).toBeGreaterThan(1000)
})

test('tokens go there and back, frames become a file', async () => {
  const size = { width: 64, height: 64 }
  const pixels = { ...size, channels: 3 as const, data: new Uint8Array(64 * 64 * 3).fill(90) }
  const grid = await client.encodeTokens({ pixels, size })
  expect([grid.width, grid.height, grid.codes.length]).toEqual([16, 16, 512])
  const decoded = await client.decodeTokens({ grid })
  expect([decoded.width, decoded.height, decoded.channels]).toEqual([64, 64, 3])
  const gif = await client.encodeAnimation({ frames: [pixels, decoded], format: 'gif', milliseconds: 100 })
  expect(Buffer.from(gif.subarray(0, 6)).toString()).toBe('GIF89a')
})
