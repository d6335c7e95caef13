/** What each step of a run does, against numbers worked out by hand. */
import { describe, expect, test } from 'vitest'
import { noiseShare, planV1, planV3, typicalBy } from '../../../src/engine/sampler/plan.ts'
import type { Sampling } from '../../../src/shared/contract/request.ts'

const sampling: Sampling = {
  steps: 12,
  guidance: 4,
  temperature: [1, 0.45],
  typicalMass: 0.2,
  typicalMinTokens: 3,
  renoise: 'start',
  renoiseSteps: null,
  draw: 'inverse-cdf',
}

describe('the plan of 2022', () => {
  const { steps, typical, draw } = planV1(sampling)

  test('tells the network how clean the picture is: i / T', () => {
    expect(steps.map(({ time }) => time)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((i) => i / 12))
  })

  test('puts noise back with probability cos of the next step, and after the last step none', () => {
    const shares = steps.map(({ renoise }) => renoise?.share ?? 'none')
    // cos of 7.5, 15, ..., 82.5 degrees.
    const cosines = [
      0.9914448614, 0.9659258263, 0.9238795325, 0.8660254038, 0.7933533403, 0.7071067812, 0.608761429, 0.5,
      0.3826834324, 0.2588190451, 0.1305261922,
    ]
    cosines.forEach((cosine, i) => expect(shares[i]).toBeCloseTo(cosine, 9))
    expect(shares[11]).toBe('none')
    expect(steps[0]?.renoise?.mode).toBe('start')
  })

  test('cools evenly from the first temperature at the first step to the second at the last', () => {
    const expected = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45]
    steps.forEach(({ temperature }, i) => expect(temperature).toBeCloseTo(expected[i] ?? 0, 12))
  })

  test('of a single step has the first temperature and no noise', () => {
    const { steps } = planV1({ ...sampling, steps: 1 })
    expect(steps).toEqual([{ time: 0, guidance: 4, temperature: 1, renoise: undefined }])
  })

  test('puts noise back after so many steps as are asked for, but never after the last', () => {
    const noisy = (renoiseSteps: number | null): number =>
      planV1({ ...sampling, renoiseSteps }).steps.filter(({ renoise }) => renoise).length
    expect([0, 3, 11, 12, 200, null].map(noisy)).toEqual([0, 3, 11, 11, 11, 11])
  })

  test('takes one pass at guidance 1 and below 0, else two', () => {
    const guidance = (value: number) => planV1({ ...sampling, guidance: value }).steps.map((step) => step.guidance)
    for (const one of [1, -1, -0.5]) expect(new Set(guidance(one))).toEqual(new Set([undefined]))
    for (const two of [0, 0.5, 1.5, 4]) expect(new Set(guidance(two))).toEqual(new Set([two]))
  })

  test('carries the filter and the draw', () => {
    expect(typical).toEqual({ mass: 0.2, minTokens: 3 })
    expect(draw).toBe('inverse-cdf')
    expect(planV1({ ...sampling, typicalMass: null }).typical).toBeUndefined()
  })

  test('counts codes only where the mass alone could keep too few', () => {
    const by = (typicalMass: number | null, typicalMinTokens: number) =>
      typicalBy(planV1({ ...sampling, typicalMass, typicalMinTokens }))
    expect([by(null, 1), by(0.2, 1), by(0.2, 2), by(0, 1)]).toEqual([
      'nothing',
      'mass',
      'mass and count',
      'mass and count',
    ])
    expect(planV1({ ...sampling, typicalMass: 0 }).typical?.mass).toBe(0)
  })

  test('started later is the rest of the whole plan', () => {
    const whole = planV1({ ...sampling, renoise: 'prev', renoiseSteps: 7 })
    const late = planV1({ ...sampling, renoise: 'prev', renoiseSteps: 7 }, 5)
    expect(late.steps).toHaveLength(7)
    expect(late.steps).toEqual(whole.steps.slice(5))
    expect(late.steps[0]?.time).toBe(5 / 12)
    expect(late.steps.filter(({ renoise }) => renoise)).toHaveLength(2)
  })
})

test('the share of noise falls from all to none, by the cosine', () => {
  expect(noiseShare(0)).toBe(1)
  expect(noiseShare(1 / 3)).toBeCloseTo(Math.sqrt(3) / 2, 12)
  expect(noiseShare(2 / 3)).toBeCloseTo(0.5, 12)
  expect(noiseShare(1)).toBeCloseTo(0, 12)
})

describe('the plan of 2023', () => {
  const plan = planV3({ steps: 4, guidance: 6, temperature: [1.2, 0.3], renoiseSteps: 3, start: 0.8 })

  test('tells the network how much noise there is, from the start down to one step above 0', () => {
    ;[0.8, 0.6, 0.4, 0.2].forEach((time, i) => expect(plan.steps[i]?.time).toBeCloseTo(time, 12))
    ;[1.2, 0.9, 0.6, 0.3].forEach((heat, i) => expect(plan.steps[i]?.temperature).toBeCloseTo(heat, 12))
  })

  test('puts noise of the start back where a uniform is at most the next time', () => {
    const [share = 0, ...others] = plan.steps.map(({ renoise }) => renoise?.share)
    expect(share).toBeCloseTo(0.6, 7)
    expect(others.map((other) => other !== undefined)).toEqual([true, true, false])
    const quarter = planV3({ steps: 4, guidance: undefined, temperature: [1, 1], renoiseSteps: 3, start: 1 })
    const at = quarter.steps[0]?.renoise?.share ?? 0
    // Uniforms are multiples of 2^-24: 0.75 itself still counts, the next one does not.
    expect(0.75 < at && at < 0.75 + 2 ** -24).toBe(true)
    expect(quarter.steps[0]).toMatchObject({ guidance: undefined, renoise: { mode: 'start' } })
  })
})
