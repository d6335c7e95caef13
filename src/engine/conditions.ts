/**
 * From words and pictures to what steers the denoiser: CLIP's features, scaled as the model wants them, mixed between prompts
 * or laid out over the grid.
 */
import type { Size } from '../shared/geometry/rect.ts'

/** One vector for the picture [c_clip], or one for each token [c_clip, h, w]. */
export type Condition =
  | { readonly extent: 'global'; readonly values: Float32Array }
  | { readonly extent: 'spatial'; readonly values: Float32Array }

export const everywhere = (values: Float32Array): Condition => ({ extent: 'global', values })

/** a + (b - a) t, entry by entry. */
export function lerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  return a.map((x, i) => x + ((b[i] ?? 0) - x) * t)
}

/** Along the great circle between the two directions, lengths mixed linearly; nearly parallel vectors are mixed straight. */
export function slerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  const [lengthA, lengthB] = [norm(a), norm(b)]
  const cosine = a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0) / (lengthA * lengthB || 1)
  const angle = Math.acos(Math.min(Math.max(cosine, -1), 1))
  if (angle < 1e-4 || Math.PI - angle < 1e-4) return lerp(a, b, t)
  const [shareA, shareB] = [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)]
  const length = lengthA + (lengthB - lengthA) * t
  return a.map((x, i) => length * ((shareA * x) / (lengthA || 1) + (shareB * (b[i] ?? 0)) / (lengthB || 1)))
}

export function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0))
}

/** A vector for each cell of the grid, [c_clip, h, w]. */
export function layOut(grid: Size, width: number, vectorAt: (x: number, y: number) => Float32Array): Condition {
  const cells = grid.width * grid.height
  const values = new Float32Array(width * cells)
  for (let y = 0; y < grid.height; y++) {
    for (let x = 0; x < grid.width; x++) {
      const vector = vectorAt(x, y)
      for (let c = 0; c < width; c++) values[c * cells + y * grid.width + x] = vector[c] ?? 0
    }
  }
  return { extent: 'spatial', values }
}
