/**
 * A picture in small: each px of it is the mean of a few px of the large one, so that a picture of any size costs as much as its
 * thumbnail. As RGBA.
 */
import type { Pixels } from '../../../../shared/contract/picture.ts'
import type { Size } from '../../../../shared/geometry/rect.ts'

/** Samples along each side of a px. */
const samples = 3

/** At most `side` px a side. */
export function smallPicture({ width, height, channels, data }: Pixels, side: number): Pixels {
  const small = fitInto({ width, height }, side)
  const rgba = new Uint8Array(small.width * small.height * 4)
  const columns = positions(width, small.width)
  const rows = positions(height, small.height)
  const sum = [0, 0, 0, 0]
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      sum.fill(0)
      for (let j = 0; j < samples; j++) {
        const row = (rows[y * samples + j] ?? 0) * width
        for (let i = 0; i < samples; i++) {
          const at = (row + (columns[x * samples + i] ?? 0)) * channels
          const alpha = channels === 4 ? (data[at + 3] ?? 0) : 255
          for (let c = 0; c < 3; c++) sum[c]! += (data[at + (channels === 1 ? 0 : c)] ?? 0) * alpha
          sum[3]! += alpha
        }
      }
      const alpha = sum[3]!
      const to = (y * small.width + x) * 4
      for (let c = 0; c < 3; c++) rgba[to + c] = alpha === 0 ? 0 : Math.round(sum[c]! / alpha)
      rgba[to + 3] = Math.round(alpha / samples ** 2)
    }
  }
  return { ...small, channels: 4, data: rgba }
}

/** Which px of the large side each sample reads. */
function positions(large: number, small: number): Int32Array {
  return Int32Array.from({ length: small * samples }, (_, i) =>
    Math.min(large - 1, Math.floor(((i + 0.5) * large) / (small * samples))),
  )
}

/** Never larger than it is, and never thinner than a px. */
function fitInto({ width, height }: Size, side: number): Size {
  const scale = Math.min(1, side / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
