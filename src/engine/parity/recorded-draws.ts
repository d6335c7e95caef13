/** The random numbers that PyTorch drew, in the order in which it drew them, in place of our generator's. */
import { z } from 'zod'
import type { Draws, Purpose } from '../sampler/draws.ts'

/** What the authors' samplers call the draws of each purpose: that of 2022, then that of 2023 where it has another name. */
const kinds: Readonly<Record<Purpose, readonly string[]>> = {
  start: ['randint'],
  choose: ['gumbel', 'inverse_cdf'],
  renoise: ['bernoulli', 'rand'],
  replace: ['randint'],
  chance: ['bernoulli'],
  prior: [],
}

/** Kind and shape of each draw of a batch; the leading axis of the shape runs over the batch. */
export const recordedDrawsSchema = z.array(
  z.tuple([z.enum(['randint', 'gumbel', 'bernoulli', 'inverse_cdf', 'rand']), z.array(z.int().min(1)).min(1)]),
)

/**
 * The share of picture `item` in draws that were made for `batch` pictures at once.
 * @param uniforms all draws, one after the other
 * @param unlike called where the sampler asks for another draw than was recorded; must throw
 */
export function recordedDraws(
  recorded: z.infer<typeof recordedDrawsSchema>,
  uniforms: Float32Array,
  { item, batch }: { readonly item: number; readonly batch: number },
  unlike: (why: string) => never,
): Draws {
  let draw = 0
  let offset = 0
  return {
    take(purpose, step, count) {
      const [kind, shape] = recorded[draw] ?? ['nothing', [0]]
      const size = shape.reduce((product, side) => product * side, 1)
      if (!kinds[purpose].includes(kind) || size !== count * batch || offset + size > uniforms.length)
        unlike(
          `draw ${draw} is ${kind} [${shape}], step ${step} asked for ${kinds[purpose].join(' or ')} of ${batch} x ${count}`,
        )
      const share = uniforms.slice(offset + item * count, offset + (item + 1) * count)
      draw += 1
      offset += size
      return share
    },
  }
}
