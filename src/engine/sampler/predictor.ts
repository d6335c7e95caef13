/** A session of the step graph as the sampler sees it: tokens in, chosen tokens out. */
import type { Size } from '../../shared/geometry/rect.ts'
import type { Runner } from '../runtime/session.ts'
import { float32, floats, int32, ints, type Tensor } from '../tensor/tensor.ts'
import type { SamplePlan } from './plan.ts'
import type { Predict } from './sample.ts'

/** A picture's condition, mapped for all blocks (`conditioner` in models/denoise-unet.ts). */
export interface Steering {
  /** Passes a step: 2 with guidance (conditional, unconditional), 1 without. */
  readonly passes: 1 | 2
  readonly feeds: Readonly<Record<string, Tensor>>
}

/** @param step a session of `stepGraph`, in the variant that the plan asks for */
export function predictor(
  step: Runner,
  { passes, feeds }: Steering,
  plan: SamplePlan,
  grid: Size,
  labels: number,
): Predict {
  const shape = [1, grid.height, grid.width]
  const filter = plan.typical && { mass: scalar(plan.typical.mass), minTokens: scalar(plan.typical.minTokens) }
  return async (tokens, { time, guidance, temperature }, noise) => {
    const everyPass = new Int32Array(tokens.length * passes)
    for (let pass = 0; pass < passes; pass++) everyPass.set(tokens, pass * tokens.length)
    const { chosen, probability, entropy } = await step.run({
      ...feeds,
      ...filter,
      tokens: int32(everyPass, [passes, grid.height, grid.width]),
      time: float32(new Float32Array(passes).fill(time), [passes]),
      guidance: scalar(guidance ?? 1),
      temperature: scalar(temperature),
      noise: float32(noise, plan.draw === 'gumbel-max' ? [...shape, labels] : shape),
    })
    return { tokens: ints(chosen), probability: floats(probability), entropy: floats(entropy) }
  }
}

const scalar = (value: number): Tensor => float32(Float32Array.of(value), [])
