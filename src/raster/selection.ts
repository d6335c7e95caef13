/**
 * Selections as masks of one channel (0 = out, 255 = in): joined, grown, shrunk, feathered. To invert one and for its bounds
 * see mask.ts. Px outside the mask's rectangle are taken to be as the nearest px inside.
 */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import { clamp } from '../shared/geometry/rect.ts'
import { blurMask } from './box-blur.ts'
import { squaredDistances } from './distance.ts'
import { invertMask } from './mask.ts'

const combiners = {
  add: Math.max,
  subtract: (old: number, shape: number) => Math.min(old, 255 - shape),
  intersect: Math.min,
}

/** Two masks of one size, px by px: the larger, the smaller, or for 'subtract' the smaller of `old` and the inverted shape. */
export function combineSelections(old: Pixels, shape: Pixels, how: keyof typeof combiners): Pixels {
  assert(old.channels === 1 && shape.channels === 1, 'a selection has one channel')
  assert(old.width === shape.width && old.height === shape.height, 'selections must be of one size')
  const combine = combiners[how]
  return { ...old, data: old.data.map((value, i) => combine(value, shape.data[i]!)) }
}

/**
 * Every px that lies within `px` of one that is in by half or more, as Euclid measures; the new edge is antialiased over one
 * px. No px loses coverage.
 *
 * @param px above 0, need not be whole.
 */
export function growSelection(mask: Pixels, px: number): Pixels {
  assert(mask.channels === 1 && px > 0, 'a selection of one channel grows by more than 0 px')
  const outside: Pixels = { ...mask, data: mask.data.map((value) => (value >= 128 ? 0 : 1)) }
  const squared = squaredDistances(outside)
  if (squared === undefined) return mask
  return {
    ...mask,
    data: mask.data.map((value, i) => {
      const near = clamp(px + 1 - Math.sqrt(squared[i]!), 0, 1)
      return Math.max(value, Math.round(255 * near))
    }),
  }
}

/** What is left when the unselected part grows; the rectangle's border does not eat into the selection. */
export function shrinkSelection(mask: Pixels, px: number): Pixels {
  return invertMask(growSelection(invertMask(mask), px))
}

/**
 * The selection with a soft edge: a gaussian of sigma = px / 2, so that a straight edge fades over about `px` to either side
 * (from 98 to 2 percent).
 *
 * @param px at least 0; 0 changes nothing.
 */
export function featherSelection(mask: Pixels, px: number): Pixels {
  return blurMask(mask, px / 2)
}
