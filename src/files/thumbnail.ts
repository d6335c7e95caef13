/**
 * A small picture of a large one that is never in memory as a whole: each strip leaves its share of the sums, and the sums make
 * the picture. Every px of the large one counts in the px of the small one that its corner lies in, weighted by its alpha.
 */
import type { Pixels } from '../shared/contract/picture.ts'
import type { Size } from '../shared/geometry/rect.ts'

/** What rows of the large picture add to rows of the small one. */
export interface ShrunkStrip {
  /** The first row of the small picture that they touch. */
  readonly row: number
  /** (rows, width, 5): sums of red, green and blue times alpha, of alpha, and the number of px. */
  readonly sums: Float64Array
}

const values = 5

/** At most `side` px a side, in the shape of `size`, never larger than it. */
export function thumbnailSize({ width, height }: Size, side: number): Size {
  const scale = Math.min(1, side / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/**
 * @param strip RGBA, rows of a picture of `size`
 * @param y its first row in that picture
 */
export function shrinkStrip(strip: Pixels, y: number, size: Size, small: Size): ShrunkStrip {
  const rowOf = (y: number): number => Math.floor((y * small.height) / size.height)
  const row = rowOf(y)
  const rows = rowOf(y + strip.height - 1) - row + 1
  const sums = new Float64Array(rows * small.width * values)
  const columns = Int32Array.from({ length: size.width }, (_, x) => Math.floor((x * small.width) / size.width) * values)
  for (let line = 0, i = 0; line < strip.height; line++) {
    const start = (rowOf(y + line) - row) * small.width * values
    for (let x = 0; x < size.width; x++, i += 4) {
      const alpha = strip.data[i + 3]!
      const at = start + columns[x]!
      sums[at]! += strip.data[i]! * alpha
      sums[at + 1]! += strip.data[i + 1]! * alpha
      sums[at + 2]! += strip.data[i + 2]! * alpha
      sums[at + 3]! += alpha
      sums[at + 4]! += 1
    }
  }
  return { row, sums }
}

/** The small picture, RGBA, from what all strips gave. */
export function joinShrunk(strips: readonly ShrunkStrip[], { width, height }: Size): Pixels {
  const sums = new Float64Array(width * height * values)
  for (const strip of strips) {
    const start = strip.row * width * values
    for (let i = 0; i < strip.sums.length; i++) sums[start + i]! += strip.sums[i]!
  }
  const data = new Uint8Array(width * height * 4)
  for (let i = 0, from = 0; i < data.length; i += 4, from += values) {
    const alpha = sums[from + 3]!
    const mean = Math.round(alpha / Math.max(1, sums[from + 4]!))
    if (mean === 0) continue
    for (let c = 0; c < 3; c++) data[i + c] = Math.round(sums[from + c]! / alpha)
    data[i + 3] = mean
  }
  return { width, height, channels: 4, data }
}
