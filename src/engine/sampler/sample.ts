/**
 * Paella's sampling loop (paper, section 3.3): predict all tokens at once, choose them, put a falling share of noise back, and
 * again. Inpainting is the same loop with a mask of the cells that may change.
 */
import type { Confidence } from '../../shared/contract/engine-api.ts'
import { type Draws, toTokens } from './draws.ts'
import type { SamplePlan, SampleStep } from './plan.ts'

/** One evaluation of the network and one choice of a token for every cell. */
export type Predict = (tokens: Int32Array, step: SampleStep, noise: Float32Array) => Promise<Prediction>

export interface Prediction extends Confidence {
  readonly tokens: Int32Array
}

export interface SampleStart {
  /** Cells of the grid. */
  readonly cells: number
  readonly labels: number
  /** The picture's tokens, where there is one; without a mask they are taken as noised already. */
  readonly tokens?: Int32Array | undefined
  /** 1 = may change; the others keep the picture's token through every step. */
  readonly mask?: Uint8Array | undefined
  /** Where an earlier run stood: what its step `step` chose, and what that step was fed (for renoise 'prev'). */
  readonly resume?:
    | { readonly step: number; readonly tokens: Int32Array; readonly fed?: Int32Array | undefined }
    | undefined
}

export interface SampledStep extends Confidence {
  /** 1..of */
  readonly step: number
  readonly of: number
  /** The network's choice, before noise is put back: the picture as it stands. */
  readonly tokens: Int32Array
  /** What the network was given. */
  readonly fed: Int32Array
}

/**
 * Yields after every step; the last one is the result. Stop asking to cancel. As random numbers have addresses, a run that goes on
 * from another's step ends as that one would have, where plan, start and draws are the same.
 */
export async function* sample(
  predict: Predict,
  plan: SamplePlan,
  start: SampleStart,
  draws: Draws,
): AsyncGenerator<SampledStep> {
  const { cells, labels, mask, resume } = start
  const first = startTokens(start, draws)
  const change = (from: Int32Array, to: (cell: number) => number): Int32Array =>
    from.map((token, cell) => (!mask || mask[cell] ? to(cell) : token))
  const renoised = (index: number, kept: Int32Array, fed: Int32Array): Int32Array => {
    const renoise = plan.steps[index]?.renoise
    if (!renoise) return kept
    const coins = draws.take('renoise', index, cells)
    const { share, mode } = renoise
    const fresh = () => (mode === 'prev' ? fed : toTokens(draws.take('replace', index, cells), labels))
    const noise = mode === 'start' ? first : fresh()
    return change(kept, (cell) => ((coins[cell] ?? 1) < share ? (noise[cell] ?? 0) : (kept[cell] ?? 0)))
  }
  let kept = resume?.tokens ?? first
  let fed = resume ? renoised(resume.step - 1, kept, resume.fed ?? first) : first
  for (const [index, step] of plan.steps.entries()) {
    if (index < (resume?.step ?? 0)) continue
    if (index === plan.stopAfter) return
    const uniforms = draws.take('choose', index, plan.draw === 'gumbel-max' ? cells * labels : cells)
    const chosen = await predict(fed, step, uniforms)
    kept = change(kept, (cell) => chosen.tokens[cell] ?? 0)
    yield {
      step: index + 1,
      of: plan.steps.length,
      tokens: kept,
      fed,
      probability: chosen.probability.map((p, cell) => (!mask || mask[cell] ? p : 1)),
      entropy: chosen.entropy.map((h, cell) => (!mask || mask[cell] ? h : 0)),
    }
    fed = renoised(index, kept, fed)
  }
}

/** Random tokens, the picture's, or random ones where the mask lets them change. */
function startTokens({ cells, labels, tokens, mask }: SampleStart, draws: Draws): Int32Array {
  if (tokens && !mask) return tokens
  const random = toTokens(draws.take('start', 0, cells), labels)
  return tokens && mask ? tokens.map((token, cell) => (mask[cell] ? (random[cell] ?? 0) : token)) : random
}
