/** Previews cost time that the picture waits for: how often they come follows from what the last one took. */
import { expect, test } from 'vitest'
import { PreviewPace } from '../../../src/engine/preview-pace.ts'

/** Of 40 steps, which had a preview; by a clock of our own. */
async function previewed(step: number, decode: number): Promise<number[]> {
  let clock = 0
  const pace = new PreviewPace(() => clock)
  const steps: number[] = []
  for (let i = 0; i < 40; i++) {
    clock += step
    if (!pace.isDue) continue
    steps.push(i)
    await pace.timed(() => {
      clock += decode
      return Promise.resolve()
    })
  }
  return steps
}

test('a quick decoder shows every step', async () => {
  expect(await previewed(30, 250)).toHaveLength(40)
})

test('a slow one shows the first, and then takes a fifth of the time', async () => {
  // 0.55 s a step and 1.2 s a preview: every ninth step.
  expect(await previewed(550, 1200)).toEqual([0, 9, 18, 27, 36])
})

test('a slow one between slower steps shows each of them', async () => {
  expect(await previewed(4000, 900)).toHaveLength(40)
})
