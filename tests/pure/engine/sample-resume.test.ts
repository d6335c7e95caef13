/** Sampling that goes on from where another run stood, and sampling that stops early: the tokens are those of the whole run. */
import { describe, expect, test } from 'vitest'
import { seededDraws } from '../../../src/engine/sampler/draws.ts'
import type { SamplePlan, SampleStep } from '../../../src/engine/sampler/plan.ts'
import { type Predict, sample, type SampledStep, type SampleStart } from '../../../src/engine/sampler/sample.ts'

const modes = ['start', 'prev', 'rand'] as const
const labels = 50
const cells = 64

function planOf(mode: (typeof modes)[number], stopAfter?: number): SamplePlan {
  const step = (time: number): SampleStep => ({
    time,
    guidance: undefined,
    temperature: 1,
    renoise: time === 4 ? undefined : { share: 0.8 - time / 6, mode },
  })
  return { steps: [0, 1, 2, 3, 4].map(step), stopAfter, typical: undefined, draw: 'inverse-cdf' }
}

/** Every answer depends on all that was fed, on the step and on the noise: a run that strays once never finds back. */
function network() {
  let runs = 0
  const predict: Predict = (tokens, { time }, noise) => {
    runs += 1
    const sum = tokens.reduce((total, token, cell) => (total * 31 + token * (cell + 1)) % 10_007, time + 1)
    const chosen = tokens.map((token, cell) => (sum + token + Math.floor((noise[cell] ?? 0) * 97) + cell) % labels)
    const map = new Float32Array(tokens.length).fill(0.5)
    return Promise.resolve({ tokens: chosen, probability: map, entropy: map })
  }
  return { predict, runs: () => runs }
}

async function run(plan: SamplePlan, rest: Partial<SampleStart> = {}, seed = 3) {
  const { predict, runs } = network()
  const steps: SampledStep[] = []
  for await (const step of sample(predict, plan, { cells, labels, ...rest }, seededDraws(seed))) steps.push(step)
  return { steps, runs: runs(), told: steps.map(({ step, of }) => `${step}/${of}`), last: steps.at(-1)?.tokens }
}

const picture = Int32Array.from({ length: cells }, (_, cell) => (cell * 7) % labels)
const starts: readonly [name: string, start: Partial<SampleStart>][] = [
  ['from noise', {}],
  ['from a picture', { tokens: picture }],
  ['under a mask', { tokens: picture, mask: Uint8Array.from(picture, (_, cell) => (cell % 3 === 0 ? 1 : 0)) }],
]
const cases = starts.flatMap(([name, start]) => modes.map((mode) => ({ name, start, mode })))

describe.each(cases)("a run $name, noise put back in mode '$mode',", ({ start, mode }) => {
  test.each([1, 2, 4])('gone on with after step %i ends as it would have, step by step', async (step) => {
    const whole = await run(planOf(mode), start)
    const at = whole.steps[step - 1]
    if (!at) throw new Error('no such step')
    const resumed = await run(planOf(mode), { ...start, resume: { step, tokens: at.tokens, fed: at.fed } })
    expect(resumed.steps).toEqual(whole.steps.slice(step))
    expect(resumed.runs).toBe(5 - step)
  })

  test('goes another way from there with another seed', async () => {
    const whole = await run(planOf(mode), start)
    const at = whole.steps[1]
    if (!at) throw new Error('no such step')
    const other = await run(planOf(mode), { ...start, resume: { step: 2, tokens: at.tokens, fed: at.fed } }, 4)
    expect(other.last).not.toEqual(whole.last)
  })

  test('stopped after a step ends with what that step chose', async () => {
    const whole = await run(planOf(mode), start)
    const stopped = await run(planOf(mode, 3), start)
    expect(stopped.steps).toEqual(whole.steps.slice(0, 3))
    expect(stopped.told).toEqual(['1/5', '2/5', '3/5'])
    expect(stopped.runs).toBe(3)
  })
})

test('at the last step, or beyond it, nothing is left to sample', async () => {
  for (const step of [5, 6]) expect((await run(planOf('start'), { resume: { step, tokens: picture } })).runs).toBe(0)
})

test('cells outside of the mask keep what they were handed in with, whatever the picture says by now', async () => {
  const mask = Uint8Array.from({ length: cells }, (_, cell) => cell % 2)
  const other = picture.map((token) => (token + 1) % labels)
  const { steps } = await run(planOf('rand'), { tokens: picture, mask, resume: { step: 1, tokens: other } })
  for (const { tokens, fed } of steps) {
    for (const grid of [tokens, fed])
      expect(grid.filter((_, cell) => !mask[cell])).toEqual(other.filter((_, cell) => !mask[cell]))
  }
})
