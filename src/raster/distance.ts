/**
 * Exact Euclidean distance to the nearest zero px: P. F. Felzenszwalb and D. P. Huttenlocher, "Distance Transforms of
 * Sampled Functions", Theory of Computing 8 (2012). One pass of lower envelopes of parabolas down the columns and one along
 * the rows; O(n) for n px, 4 bytes a px.
 */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'

/** Stands for "no zero px reached yet"; squared distances stay below it, as 2 x 16384^2 < 2^31 - 1. */
const unreached = 2 ** 31 - 1

/**
 * @param mask 1 channel; the border of the picture does not count as zero.
 * @returns squared distances in px^2, (height, width); undefined where the mask has no zero px.
 */
export function squaredDistances(mask: Pixels): Int32Array | undefined {
  assert(mask.channels === 1, 'a mask has one channel')
  const { width, height } = mask
  if (!mask.data.includes(0)) return undefined
  const grid = new Int32Array(width * height)
  for (let i = 0; i < grid.length; i++) grid[i] = mask.data[i] === 0 ? 0 : unreached
  const line = newLine(Math.max(width, height))
  for (let x = 0; x < width; x++) transformLine(grid, x, width, height, line)
  for (let y = 0; y < height; y++) transformLine(grid, y * width, 1, width, line)
  return grid
}

/** Work space of one line: its values, the px where the parabolas of the envelope stand, and where each begins to rule. */
interface Line {
  readonly values: Int32Array
  readonly sites: Int32Array
  readonly starts: Float64Array
}

function newLine(length: number): Line {
  return { values: new Int32Array(length), sites: new Int32Array(length), starts: new Float64Array(length) }
}

/** In place on `length` values from `offset`, `step` apart: value(q) becomes the minimum over p of (q - p)^2 + value(p). */
function transformLine(grid: Int32Array, offset: number, step: number, length: number, line: Line): void {
  const { values, sites, starts } = line
  let count = 0
  for (let q = 0; q < length; q++) {
    const value = grid[offset + q * step]!
    values[q] = value
    if (value === unreached) continue
    let start = Number.NEGATIVE_INFINITY
    while (count > 0) {
      const p = sites[count - 1]!
      start = (value + q * q - (values[p]! + p * p)) / (2 * (q - p))
      if (start > starts[count - 1]!) break
      count--
      start = Number.NEGATIVE_INFINITY
    }
    sites[count] = q
    starts[count] = start
    count++
  }
  if (count === 0) return
  let k = 0
  for (let q = 0; q < length; q++) {
    while (k + 1 < count && starts[k + 1]! < q) k++
    const p = sites[k]!
    grid[offset + q * step] = (q - p) * (q - p) + values[p]!
  }
}
