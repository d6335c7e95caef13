/**
 * The sampling loop with a network that answers by heart: what is fed to it, what is put back after it, which cells may change,
 * and which random numbers are asked for.
 */
import { describe, expect, test } from 'vitest'
import { type Draws, type Purpose, seededDraws, toTokens } from '../../../src/engine/sampler/draws.ts'
import type { SamplePlan, SampleStep } from '../../../src/engine/sampler/plan.ts'
import { type Predict, sample, type SampledStep, type SampleStart } from '../../../src/engine/sampler/sample.ts'
import { philox4x32 } from '../../../src/shared/base/philox.ts'

type Mode = 'start' | 'prev' | 'rand'
const modes: readonly Mode[] = ['start', 'prev', 'rand']

/** Steps after which noise is put back with these shares; undefined = not. */
function planOf(shares: readonly (number | undefined)[], mode: Mode, draw: SamplePlan['draw'] = 'inverse-cdf') {
  const steps = shares.map(
    (share, i): SampleStep => ({
      time: i,
      guidance: undefined,
      temperature: 1,
      renoise: share === undefined ? undefined : { share, mode },
    }),
  )
  return { steps, typical: undefined, draw }
}

/** Uniforms by purpose, the next list at each call, and a note of what was asked for. */
function listedDraws(lists: Partial<Record<Purpose, readonly number[][]>>) {
  const asked: string[] = []
  const left = { ...lists }
  const draws: Draws = {
    take(purpose, step, count) {
      asked.push(`${purpose} ${step} ${count}`)
      const [next, ...others] = left[purpose] ?? []
      left[purpose] = others
      return Float32Array.from({ length: count }, (_, i) => next?.[i] ?? 0)
    },
  }
  return { asked, draws }
}

/** Chooses 100 for every cell at the first step, 101 at the second, and so on; keeps what it was fed. */
function countingNetwork() {
  const fed: number[][] = []
  const noises: Float32Array[] = []
  const predict: Predict = (tokens, _step, noise) => {
    noises.push(noise)
    const answer = 100 + fed.push([...tokens]) - 1
    const map = (value: number) => new Float32Array(tokens.length).fill(value)
    return Promise.resolve({ tokens: tokens.map(() => answer), probability: map(0.5), entropy: map(2) })
  }
  return { fed, noises, predict }
}

async function run(plan: SamplePlan, start: SampleStart, draws: Draws, { fed, predict } = countingNetwork()) {
  const steps: SampledStep[] = []
  for await (const step of sample(predict, plan, start, draws)) steps.push(step)
  return { fed, steps, tokens: steps.map(({ tokens }) => [...tokens]) }
}

describe('a run', () => {
  test('starts from random tokens, feeds each choice to the next step, and ends with the last', async () => {
    const { draws } = listedDraws({ start: [[0, 0.15, 0.99]] })
    const { fed, tokens, steps } = await run(planOf([undefined, undefined], 'start'), { cells: 3, labels: 10 }, draws)
    expect(fed).toEqual([
      [0, 1, 9],
      [100, 100, 100],
    ])
    expect(tokens).toEqual([
      [100, 100, 100],
      [101, 101, 101],
    ])
    expect(steps.map(({ step, of }) => `${step} of ${of}`)).toEqual(['1 of 2', '2 of 2'])
    expect([...(steps[1]?.probability ?? [])]).toEqual([0.5, 0.5, 0.5])
  })

  test('makes a cell noise again only where its uniform is below the share', async () => {
    const { draws } = listedDraws({ start: [[0.1, 0.2, 0.3]], renoise: [[0.25, 0.5, 0.75]] })
    const { fed, tokens } = await run(planOf([0.5, undefined], 'start'), { cells: 3, labels: 10 }, draws)
    expect(fed[1]).toEqual([1, 100, 100])
    expect(tokens[0]).toEqual([100, 100, 100])
  })

  test("puts back the tokens of the start in mode 'start', at every step", async () => {
    const { draws } = listedDraws({
      start: [[0.1, 0.2]],
      renoise: [
        [0, 1],
        [1, 0],
      ],
    }) // prettier-ignore
    const { fed } = await run(planOf([0.5, 0.5, undefined], 'start'), { cells: 2, labels: 10 }, draws)
    expect(fed).toEqual([
      [1, 2],
      [1, 100],
      [101, 2],
    ])
  })

  test("puts back what the network was fed in mode 'prev'", async () => {
    const { draws } = listedDraws({
      start: [[0.1, 0.2]],
      renoise: [
        [0, 1],
        [1, 0],
      ],
    }) // prettier-ignore
    const { fed } = await run(planOf([0.5, 0.5, undefined], 'prev'), { cells: 2, labels: 10 }, draws)
    expect(fed).toEqual([
      [1, 2],
      [1, 100],
      [101, 100],
    ])
  })

  test("puts fresh random tokens back in mode 'rand'", async () => {
    const { draws } = listedDraws({
      start: [[0.1, 0.2]],
      renoise: [
        [0, 1],
        [1, 0],
      ],
      replace: [
        [0.3, 0.4],
        [0.5, 0.6],
      ],
    }) // prettier-ignore
    const { fed } = await run(planOf([0.5, 0.5, undefined], 'rand'), { cells: 2, labels: 10 }, draws)
    expect(fed).toEqual([
      [1, 2],
      [3, 100],
      [101, 6],
    ])
  })

  test('computes no step that nobody asks for', async () => {
    const { fed, predict } = countingNetwork()
    const steps = sample(predict, planOf([1, 1, 1], 'start'), { cells: 2, labels: 10 }, seededDraws(0))
    expect(fed).toHaveLength(0)
    for await (const { step } of steps) if (step === 2) break
    expect(fed).toHaveLength(2)
  })

  test('ends with what the network throws', async () => {
    const predict: Predict = () => Promise.reject(new Error('no memory'))
    const steps = sample(predict, planOf([1, 1], 'start'), { cells: 2, labels: 10 }, seededDraws(0))
    await expect(steps.next()).rejects.toThrow('no memory')
    expect((await steps.next()).done).toBe(true)
  })
})

describe('a picture without a mask', () => {
  test('is sampled on as it is, and is what noise turns back into', async () => {
    const { asked, draws } = listedDraws({ renoise: [[0, 1, 0]] })
    const tokens = Int32Array.of(5, 6, 7)
    const { fed } = await run(planOf([0.5, undefined], 'start'), { cells: 3, labels: 10, tokens }, draws)
    expect(fed).toEqual([
      [5, 6, 7],
      [5, 100, 7],
    ])
    expect(asked.some((line) => line.startsWith('start'))).toBe(false)
    expect([...tokens]).toEqual([5, 6, 7])
  })
})

describe('a mask', () => {
  const tokens = Int32Array.from({ length: 64 }, (_, i) => i % 50)
  const mask = Uint8Array.from({ length: 64 }, (_, i) => (i % 3 === 0 ? 1 : 0))
  const outside = <T>(values: ArrayLike<T>): T[] => Array.from(values).filter((_, i) => !mask[i])
  const inside = <T>(values: ArrayLike<T>): T[] => Array.from(values).filter((_, i) => mask[i])
  const start = { cells: 64, labels: 50, tokens, mask }

  test.each(modes)('keeps every other cell at every step and in what the network is fed, in mode %s', async (mode) => {
    // All noise after every step: whatever could change would.
    const { fed, tokens: results } = await run(planOf([1, 1, 1, undefined], mode), start, seededDraws(3))
    expect(fed).toHaveLength(4)
    expect(results).toHaveLength(4)
    for (const grid of [...fed, ...results]) expect(outside(grid)).toEqual(outside(tokens))
    expect(inside(results[3] ?? [])).toEqual(inside(tokens).map(() => 103))
  })

  test('is filled from random tokens, not from the picture', async () => {
    const { draws } = listedDraws({ start: [[0.1, 0.2, 0.3, 0.4]] })
    const masked = { cells: 4, labels: 10, tokens: Int32Array.of(9, 9, 9, 9), mask: Uint8Array.of(0, 1, 1, 0) }
    const { fed } = await run(planOf([undefined], 'start'), masked, draws)
    expect(fed[0]).toEqual([9, 2, 3, 9])
  })

  test('makes the cells that stay certain: probability 1, entropy 0', async () => {
    const { steps } = await run(planOf([1, undefined], 'start'), start, seededDraws(3))
    for (const { probability, entropy } of steps) {
      expect(outside(probability)).toEqual(outside(tokens).map(() => 1))
      expect(outside(entropy)).toEqual(outside(tokens).map(() => 0))
      expect(new Set(inside(probability))).toEqual(new Set([0.5]))
      expect(new Set(inside(entropy))).toEqual(new Set([2]))
    }
  })
})

describe('random numbers', () => {
  const plan = (mode: Mode, draw: SamplePlan['draw']) => planOf([0.5, 0.5, undefined], mode, draw)

  test('are asked for in the order in which they are used, a number a cell', async () => {
    const { asked, draws } = listedDraws({})
    await run(plan('start', 'inverse-cdf'), { cells: 6, labels: 10 }, draws)
    expect(asked).toEqual(['start 0 6', 'choose 0 6', 'renoise 0 6', 'choose 1 6', 'renoise 1 6', 'choose 2 6'])
  })

  test("are asked for once more where mode is 'rand', and for every code by the Gumbel draw", async () => {
    const { asked, draws } = listedDraws({})
    await run(plan('rand', 'gumbel-max'), { cells: 6, labels: 10 }, draws)
    const steps = [0, 1].flatMap((i) => [`choose ${i} 60`, `renoise ${i} 6`, `replace ${i} 6`])
    expect(asked).toEqual(['start 0 6', ...steps, 'choose 2 60'])
  })

  test('for the choice are handed to the network as they are', async () => {
    const network = countingNetwork()
    const { draws } = listedDraws({
      choose: [
        [0.1, 0.2],
        [0.3, 0.4],
      ],
    }) // prettier-ignore
    await run(planOf([undefined, undefined], 'start'), { cells: 2, labels: 10 }, draws, network)
    expect(network.noises).toEqual([Float32Array.of(0.1, 0.2), Float32Array.of(0.3, 0.4)])
  })

  test('of a seed are the same at every run, and others for each purpose and step', () => {
    const take = (seed: number, purpose: Purpose, step: number) => String(seededDraws(seed).take(purpose, step, 8))
    expect(take(7, 'choose', 2)).toBe(take(7, 'choose', 2))
    const purposes: Purpose[] = ['start', 'choose', 'renoise', 'replace']
    const all = purposes.flatMap((purpose) => [0, 1].map((step) => take(7, purpose, step)))
    expect(new Set([...all, take(8, 'start', 0)]).size).toBe(9)
  })

  test('of a seed are these for ever: another generator would change every picture ever made', () => {
    expect([...toTokens(seededDraws(0).take('start', 0, 4), 8192)]).toEqual([
      0x6627e8d5 >>> 19,
      0xe169c58d >>> 19,
      0xbc57ac4c >>> 19,
      0x9b00dbd8 >>> 19,
    ])
    for (const [number, purpose] of (['start', 'choose', 'renoise', 'replace'] as const).entries()) {
      const [word] = philox4x32([0, 9, number, 0], [1, 0])
      expect(seededDraws(1).take(purpose, 9, 1)[0]).toBe((word >>> 8) / 2 ** 24)
    }
  })

  test('never become a token that does not exist', () => {
    for (const labels of [1, 2, 3, 64, 65, 96, 97, 127, 1000, 1024, 8191, 8192]) {
      const [low, high] = toTokens(Float32Array.of(0, 1 - 2 ** -24), labels)
      expect([low, high]).toEqual([0, labels - 1])
    }
  })
})
