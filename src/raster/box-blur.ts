/**
 * Gaussian blur of masks by three box blurs whose widths need not be whole (P. Gwosdek et al., "Theoretical Foundations of
 * Gaussian Convolution by Extended Box Filtering", SSVM 2011): their variances sum to exactly sigma squared. O(1) a px.
 */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'

const passes = 3

/** A window of 2 reach + 1 px of weight 1 and one px more on each side of weight `edge`, 0..1. */
interface Box {
  readonly reach: number
  readonly edge: number
}

/**
 * Beyond the border the nearest px goes on, so a mask that is full to the border stays full there. Floats throughout,
 * rounded once; costs 4 bytes a px.
 *
 * @param mask 1 channel.
 * @param sigma px, at least 0.
 */
export function blurMask(mask: Pixels, sigma: number): Pixels {
  assert(mask.channels === 1 && sigma >= 0, 'blurMask takes a mask and a sigma of at least 0 px')
  if (sigma === 0) return mask
  const { width, height } = mask
  const box = boxOf(sigma)
  const grid = new Float32Array(mask.data)
  // As far beyond each end as all passes together look.
  const pad = passes * (box.reach + 1)
  const space = Math.max(width, height) + 2 * pad
  const lines: [Float64Array, Float64Array] = [new Float64Array(space), new Float64Array(space)]
  for (let y = 0; y < height; y++) blurLine(grid, y * width, 1, width, box, pad, lines)
  for (let x = 0; x < width; x++) blurLine(grid, x, width, height, box, pad, lines)
  const data = new Uint8Array(grid.length)
  for (let i = 0; i < data.length; i++) data[i] = Math.round(grid[i]!)
  return { ...mask, data }
}

function boxOf(sigma: number): Box {
  const variance = (sigma * sigma) / passes
  // A window of weight 1 and reach r has the variance r (r + 1) / 3.
  const reach = Math.floor((Math.sqrt(1 + 12 * variance) - 1) / 2)
  const count = 2 * reach + 1
  const spread = (reach * (reach + 1) * count) / 3
  const edge = (variance * count - spread) / (2 * ((reach + 1) ** 2 - variance))
  return { reach, edge }
}

/** All passes over one line of `length` values from `offset`, `step` apart, in place; `lines` is work space. */
function blurLine(
  grid: Float32Array,
  offset: number,
  step: number,
  length: number,
  { reach, edge }: Box,
  pad: number,
  lines: readonly [Float64Array, Float64Array],
): void {
  let [from, to] = lines
  const weight = 1 / (2 * reach + 1 + 2 * edge)
  const end = length + 2 * pad
  for (let i = 0; i < end; i++) from[i] = grid[offset + Math.min(Math.max(i - pad, 0), length - 1) * step]!
  // Each pass leaves one more `reach + 1` of the padding behind at both ends.
  for (let low = reach + 1; low <= pad; low += reach + 1) {
    let sum = 0
    for (let i = low - reach; i <= low + reach; i++) sum += from[i]!
    for (let i = low; i < end - low; i++) {
      const after = from[i + reach + 1]!
      to[i] = (sum + edge * (from[i - reach - 1]! + after)) * weight
      sum += after - from[i - reach]!
    }
    ;[from, to] = [to, from]
  }
  for (let i = 0; i < length; i++) grid[offset + i * step] = from[pad + i]!
}
