/** The sizes of pictures that a network can work on. */
import { roundUpTo, type Size } from '../shared/geometry/rect.ts'

/**
 * The smallest such size that covers the given one: sides are multiples of `multiple` px, and at least two of them, as the deepest
 * level pads its map by reflection, which takes two cells.
 */
export function fitToGrid({ width, height }: Size, multiple: number): Size {
  const fit = (side: number): number => Math.max(2 * multiple, roundUpTo(side, multiple))
  return { width: fit(width), height: fit(height) }
}
