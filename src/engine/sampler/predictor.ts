/** A session of the step graph as the sampler sees it: tokens in, chosen tokens out. */
import type { Size } from '../../shared/geometry/rect.ts'
import type { Runner } from '../runtime/session.ts'
import { float32, floats, int32, ints, type Tensor } from '../tensor/tensor.ts'
import { type SamplePlan, typicalBy } from './plan.ts'
import type { Predict } from './sample.ts'

/** A picture's condition, mapped for all blocks (`conditioner` in models/denoise-unet.ts, or that of 2023). */
export interface Steering {
  /** Passes a step: 2 with guidance (conditional, unconditional), 1 without; with `shares` as many as they say. */
  readonly passes: number
  readonly feeds: Readonly<Record<string, Tensor>>
  /**
   * For a step whose passes are mixed: of each pass its share in each cell, [passes][cells]; the unconditional pass is the last of
   * them where there is guidance, and has none.
   */
  readonly shares?: readonly Float32Array[] | undefined
}

/** @param step a session of `stepGraph`, in the variant that the plan asks for */
export function predictor(
  step: Runner,
  { passes, feeds, shares }: Steering,
  plan: SamplePlan,
  grid: Size,
  labels: number,
): Predict {
  const shape = [1, grid.height, grid.width]
  const filter = plan.typical && {
    mass: scalar(plan.typical.mass),
    ...(typicalBy(plan) === 'mass and count' && { minTokens: scalar(plan.typical.minTokens) }),
  }
  return async (tokens, { time, guidance, temperature }, noise) => {
    const everyPass = new Int32Array(tokens.length * passes)
    for (let pass = 0; pass < passes; pass++) everyPass.set(tokens, pass * tokens.length)
    const { chosen, probability, entropy } = await step.run({
      ...feeds,
      ...filter,
      tokens: int32(everyPass, [passes, grid.height, grid.width]),
      time: float32(new Float32Array(passes).fill(time), [passes]),
      ...(shares ? { shares: guided(shares, guidance, grid) } : { guidance: scalar(guidance ?? 1) }),
      temperature: scalar(temperature),
      noise: float32(noise, plan.draw === 'gumbel-max' ? [...shape, labels] : shape),
    })
    return { tokens: ints(chosen), probability: floats(probability), entropy: floats(entropy) }
  }
}

const scalar = (value: number): Tensor => float32(Float32Array.of(value), [])

/** With guidance g, what speaks for the condition counts g-fold, and 1 - g of what is found without it: [passes, h, w, 1] */
function guided(shares: readonly Float32Array[], guidance: number | undefined, { width, height }: Size): Tensor {
  const cells = width * height
  const weights = new Float32Array(shares.length * cells)
  for (const [pass, share] of shares.entries()) {
    const isUnconditional = guidance !== undefined && pass === shares.length - 1
    for (let cell = 0; cell < cells; cell++)
      weights[pass * cells + cell] = isUnconditional ? 1 - guidance : (share[cell] ?? 0) * (guidance ?? 1)
  }
  return float32(weights, [shares.length, height, width, 1])
}
