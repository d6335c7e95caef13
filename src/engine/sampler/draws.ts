/** Where a run's random numbers come from: a parameter of the sampler, so that recorded numbers can take its place. */
import { uniforms } from '../../shared/base/philox.ts'

export type Purpose = 'start' | 'choose' | 'renoise' | 'replace' | 'chance' | 'prior'

export interface Draws {
  /** `count` uniforms in [0, 1) for a purpose at a step. */
  take(purpose: Purpose, step: number, count: number): Float32Array
}

/** The numbers' places in the generator: changing one changes every picture ever made, so they are for ever. */
const purposes: Readonly<Record<Purpose, number>> = { start: 0, choose: 1, renoise: 2, replace: 3, chance: 4, prior: 5 }

export function seededDraws(seed: number): Draws {
  return { take: (purpose, step, count) => uniforms(seed, { purpose: purposes[purpose], step }, count) }
}

/** Uniforms as tokens 0..labels-1. */
export function toTokens(values: Float32Array, labels: number): Int32Array {
  return Int32Array.from(values, (u) => Math.floor(Math.fround(u * labels)))
}
