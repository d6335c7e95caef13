/** Each setting of the sampler changes the tokens it should change, and no others. */
import { afterAll, describe, expect, test } from 'vitest'
import type { GenerateRequest } from '../../../src/shared/contract/request.ts'
import { ask, openEngine, picture } from '../../kit/engine.ts'

const engine = openEngine()
afterAll(() => engine.close())

type Sampling = NonNullable<GenerateRequest['sampling']>

const sampled = (sampling: Sampling, rest: Partial<GenerateRequest> = {}) =>
  picture(engine, ask('a red boat on a lake', { ...rest, sampling: { steps: 3, ...sampling } }))
const tokens = async (sampling: Sampling, rest: Partial<GenerateRequest> = {}): Promise<string> =>
  (await sampled(sampling, rest)).recipe.tokensSha256

describe('guidance', () => {
  test('at 1 the prompt counts alone, as below 0', async () => {
    expect(await tokens({ guidance: 1 })).toBe(await tokens({ guidance: -1 }))
  })

  test('its strength changes the tokens', async () => {
    expect(
      new Set([await tokens({ guidance: 1 }), await tokens({ guidance: 2 }), await tokens({ guidance: 6 })]).size,
    ).toBe(3)
  })

  test('a negative prompt changes the tokens where there is guidance, and only there', async () => {
    const negative = { negative: 'a dark forest' }
    expect(await tokens({ guidance: 4 }, negative)).not.toBe(await tokens({ guidance: 4 }))
    expect(await tokens({ guidance: 1 }, negative)).toBe(await tokens({ guidance: 1 }))
  })
})

describe('drawing', () => {
  test('at temperature 0 the likeliest token is taken, however tokens are drawn', async () => {
    const likeliest = { steps: 1, temperature: [0, 0] } satisfies Sampling
    const made = await sampled({ ...likeliest, draw: 'inverse-cdf' })
    expect(made.confidence.probability.every((p) => p > 0.49)).toBe(true)
    expect(await tokens({ ...likeliest, draw: 'gumbel-max' })).toBe(made.recipe.tokensSha256)
  })

  test('a higher temperature makes the network less sure', async () => {
    const mean = async (t: number): Promise<number> => {
      const { entropy } = (await sampled({ steps: 1, temperature: [t, t] })).confidence
      return entropy.reduce((sum, h) => sum + h, 0) / entropy.length
    }
    expect(await mean(1)).toBeGreaterThan(await mean(0.4))
  })

  test('inverse CDF and Gumbel-max draw differently, each the same way again', async () => {
    const gumbel = await tokens({ draw: 'gumbel-max', temperature: [1, 1] })
    expect(await tokens({ draw: 'gumbel-max', temperature: [1, 1] })).toBe(gumbel)
    expect(await tokens({ draw: 'inverse-cdf', temperature: [1, 1] })).not.toBe(gumbel)
  })
})

describe('typical filter', () => {
  test('a mass of 0 leaves one code a cell', async () => {
    const { confidence } = await sampled({ steps: 1, temperature: [1, 1], typicalMass: 0 })
    expect(Math.max(...confidence.entropy)).toBeLessThan(1e-3)
    expect(Math.min(...confidence.probability)).toBeGreaterThan(0.999)
  })

  test('a small mass changes the tokens; at least all codes is no filter', async () => {
    const free = await tokens({ temperature: [1, 1], typicalMass: null })
    expect(await tokens({ temperature: [1, 1], typicalMass: 0.2 })).not.toBe(free)
    expect(await tokens({ temperature: [1, 1], typicalMass: 0.2, typicalMinTokens: 8192 })).toBe(free)
  })
})

describe('renoising', () => {
  const modes = ['start', 'prev', 'rand'] as const

  test('each mode gives other tokens', async () => {
    const made = new Set<string>()
    for (const renoise of modes) made.add(await tokens({ steps: 4, renoise }))
    expect(made.size).toBe(3)
  })

  test('without steps that put noise back the modes are one', async () => {
    const made = new Set<string>()
    for (const renoise of modes) made.add(await tokens({ steps: 4, renoise, renoiseSteps: 0 }))
    expect(made.size).toBe(1)
  })

  test('all steps but the last put noise back by default', async () => {
    expect(await tokens({ steps: 4, renoiseSteps: null })).toBe(await tokens({ steps: 4, renoiseSteps: 3 }))
    expect(await tokens({ steps: 4, renoiseSteps: null })).not.toBe(await tokens({ steps: 4, renoiseSteps: 1 }))
  })
})
