/** What does not stop a picture but should be known: words that were left out, regions without effect. */
import { afterAll, expect, test } from 'vitest'
import type { GenerateRequest, Use } from '../../../src/shared/contract/request.ts'
import { ask, openEngine, run } from '../../kit/engine.ts'

const engine = openEngine()
afterAll(() => engine.close())

/** More words than any CLIP context holds, the last one an easy one to find. */
const long = `${'a very '.repeat(60)}quiet lighthouse`
const short = 'a boat'
const region = { x: 0, y: 0, width: 32, height: 64 }

const cases: readonly [name: string, use: Use | string, rest?: Partial<GenerateRequest>][] = [
  ['a prompt', long],
  ['the second prompt of an interpolation', { use: 'interpolate', prompt: short, to: long, frames: 2, path: 'lerp' }],
  ['the second prompt of a gradient', { use: 'gradient', prompt: short, to: long, direction: 'vertical' }],
  ["a region's prompt", { use: 'regions', prompt: short, regions: [{ ...region, prompt: long }] }],
  ['a negative prompt', short, { negative: long }],
]

test.each(cases)('%s that is too long is said so once, with the words left out', async (_, use, rest = {}) => {
  const { warnings, pictures } = await run(engine, ask(use, { ...rest, count: 2, sampling: { steps: 1 } }))
  expect(pictures.length).toBeGreaterThanOrEqual(2)
  expect(warnings.length).toBe(1)
  expect(warnings[0]).toMatch(/too long.*lighthouse/)
})

test('a prompt that fits is not warned of', async () => {
  expect((await run(engine, ask(short, { negative: short }))).warnings).toEqual([])
})

test('a region that gets no cell is named', async () => {
  const outside = { x: 4000, y: 0, width: 10, height: 10, prompt: short }
  const hidden = { x: 4, y: 4, width: 8, height: 8, prompt: short }
  const use: Use = { use: 'regions', prompt: short, regions: [hidden, { ...region, prompt: 'a hill' }, outside] }
  const { warnings } = await run(engine, ask(use, { sampling: { steps: 1 } }))
  expect(warnings).toEqual([
    expect.stringMatching(/^Region 1 has no effect/),
    expect.stringMatching(/^Region 3 has no effect/),
  ])
})
