/** What a run is fed, by the names of the graph's inputs, and what it says of the sides that were unknown when the graph was built. */
import { assert } from '../../shared/base/assert.ts'
import { formatShape, type Shape } from '../tensor/shape.ts'
import type { Tensor } from '../tensor/tensor.ts'

export type Feeds = Readonly<Record<string, Tensor>>

export function fed(feeds: Feeds, name: string): Tensor {
  const tensor = feeds[name]
  assert(tensor, `nothing was fed to ${name}`)
  return tensor
}

/** The size of every unknown that is the side of an input, or a multiple of which is. */
export function sizesFed(
  inputs: readonly { readonly name: string; readonly shape: Shape }[],
  feeds: Feeds,
): Readonly<Record<string, number>> {
  const sizes: Record<string, number> = {}
  for (const { name, shape } of inputs) {
    const given = fed(feeds, name).shape
    const misfit = `${name} was fed [${given}], not ${formatShape(shape)}`
    assert(given.length === shape.length, misfit)
    for (const [axis, dim] of shape.entries()) {
      if (typeof dim === 'number') continue
      const [unknown, ...others] = dim.symbols
      if (unknown === undefined || others.length > 0) continue
      const size = ((given[axis] ?? 0) - dim.plus) / dim.times
      assert(Number.isInteger(size) && (sizes[unknown] ?? size) === size, misfit)
      sizes[unknown] = size
    }
  }
  return sizes
}
