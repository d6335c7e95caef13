/**
 * What a sampling run does at each step, as plain numbers. Both published samplers are the same loop over such a plan; they
 * differ in how the numbers are laid out.
 */
import type { Sampling } from '../../shared/contract/request.ts'

export interface SampleStep {
  /** What the network is told: v1 the cleanness r in [0, 1), v3 the share of noise t in (0, 1]. */
  readonly time: number
  /** Weight of the condition against the unconditional pass; undefined = one pass, with the condition. */
  readonly guidance: number | undefined
  readonly temperature: number
  /** What is put back after the step: a cell becomes noise where its uniform is below `share`. */
  readonly renoise: { readonly share: number; readonly mode: Sampling['renoise'] } | undefined
}

export interface SamplePlan {
  readonly steps: readonly SampleStep[]
  /** Only so many of the steps are taken; undefined = all. */
  readonly stopAfter?: number | undefined
  readonly typical: { readonly mass: number; readonly minTokens: number } | undefined
  readonly draw: Sampling['draw']
}

/** What a step filters by. Of few filters codes must be counted, which costs a tenth of the step. */
export type TypicalBy = 'nothing' | 'mass' | 'mass and count'

/** A mass above 0 takes at least one code by itself. */
export const typicalBy = ({ typical }: Pick<SamplePlan, 'typical'>): TypicalBy =>
  typical === undefined ? 'nothing' : typical.mass > 0 && typical.minTokens <= 1 ? 'mass' : 'mass and count'

/** Share of noise at cleanness r (paper, section 3.1). */
export const noiseShare = (r: number): number => Math.cos((r * Math.PI) / 2)

const between = ([from, to]: readonly [number, number], at: number, of: number): number =>
  of < 2 ? from : from + ((to - from) * at) / (of - 1)

/**
 * The loop of 2022: r_i = i / T, noise put back with probability cos(r_{i+1} π/2).
 * @param firstStep where to start: a picture noised to that step is sampled on (structural morphing)
 */
export function planV1(sampling: Sampling, firstStep = 0): SamplePlan {
  const { steps, guidance, typicalMass, typicalMinTokens, renoise } = sampling
  const renoiseSteps = sampling.renoiseSteps ?? steps - 1
  return {
    steps: Array.from({ length: steps }, (_, i) => ({
      time: i / steps,
      // At 1 the unconditional pass would count for nothing.
      guidance: guidance < 0 || guidance === 1 ? undefined : guidance,
      temperature: between(sampling.temperature, i, steps),
      renoise: i < renoiseSteps && i + 1 < steps ? { share: noiseShare((i + 1) / steps), mode: renoise } : undefined,
    })).slice(firstStep),
    stopAfter: sampling.stopAfter ?? undefined,
    typical: typicalMass === null ? undefined : { mass: typicalMass, minTokens: typicalMinTokens },
    draw: sampling.draw,
  }
}

export interface SamplingV3 {
  readonly steps: number
  readonly guidance: number | undefined
  readonly temperature: readonly [number, number]
  readonly renoiseSteps: number
  /** Share of noise to start from, 1 = all. */
  readonly start: number
  /** What a cell becomes where noise is put back: the authors' is the noise it started from. */
  readonly renoise?: Sampling['renoise'] | undefined
}

/** The loop of 2023: t falls from `start` to 0, noise put back where u <= t_next (u is a multiple of 2^-24). */
export function planV3({
  steps,
  guidance,
  temperature,
  renoiseSteps,
  start,
  renoise = 'start',
}: SamplingV3): SamplePlan {
  return {
    steps: Array.from({ length: steps }, (_, i) => ({
      time: start * (1 - i / steps),
      guidance,
      temperature: between(temperature, i, steps),
      renoise: i < renoiseSteps ? { share: start * (1 - (i + 1) / steps) + 2 ** -25, mode: renoise } : undefined,
    })),
    typical: undefined,
    draw: 'inverse-cdf',
  }
}
