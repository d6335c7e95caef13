/** The random numbers that PyTorch drew, in the order in which it drew them, in place of our generator's. */
import { z } from 'zod'
import type { Draws, Purpose } from '../sampler/draws.ts'

const kinds = {
  start: 'randint',
  choose: 'gumbel',
  renoise: 'bernoulli',
  replace: 'randint',
  chance: 'bernoulli',
} as const satisfies Record<Purpose, string>

/** Kind and shape of each draw of a batch; the leading axis of the shape runs over the batch. */
export const recordedDrawsSchema = z.array(
  z.tuple([z.enum(['randint', 'gumbel', 'bernoulli']), z.array(z.int().min(1)).min(1)]),
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
      if (kind !== kinds[purpose] || size !== count * batch || offset + size > uniforms.length)
        unlike(`draw ${draw} is ${kind} [${shape}], step ${step} asked for ${kinds[purpose]} of ${batch} x ${count}`)
      const share = uniforms.slice(offset + item * count, offset + (item + 1) * count)
      draw += 1
      offset += size
      return share
    },
  }
}
