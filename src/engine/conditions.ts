/**
 * From words and pictures to what steers a denoiser. The one of 2022 is steered by a vector, of the whole picture or of each cell, so
 * prompts are mixed as vectors. The one of 2023 is told sequences, which cannot be mixed: each of them speaks in a pass of its own,
 * and what the passes find is mixed, by weights that may differ from cell to cell.
 */
import { assert } from '../shared/base/assert.ts'
import type { Size } from '../shared/geometry/rect.ts'
import type { PassCondition } from './models/paella-v3-condition.ts'

/** What a prompt or a picture means to a model: CLIP's features, scaled as it wants them, or voices. */
export type Meaning = Float32Array | readonly Voice[]

/** What one pass is told, and its share; the shares of a meaning add up to 1. */
export interface Voice {
  readonly told: PassCondition
  readonly weight: number
}

/** The same with a share for the whole picture, or one for each cell, row by row. */
export interface LaidVoice {
  readonly told: PassCondition
  readonly weight: number | Float32Array
}

/** One vector for the picture [c_clip], or one for each token [c_clip, h, w]; or voices. */
export type Condition =
  | { readonly extent: 'global'; readonly values: Float32Array }
  | { readonly extent: 'spatial'; readonly values: Float32Array }
  | { readonly extent: 'voices'; readonly voices: readonly LaidVoice[] }

export const isVector = (meaning: Meaning): meaning is Float32Array => meaning instanceof Float32Array

export const everywhere = (meaning: Meaning): Condition =>
  isVector(meaning) ? { extent: 'global', values: meaning } : { extent: 'voices', voices: meaning }

/** From one meaning to another; voices fade over, whatever the path. At its ends exactly what stands there. */
export function mix(a: Meaning, b: Meaning, t: number, path: 'lerp' | 'slerp' = 'lerp'): Meaning {
  if (isVector(a) && isVector(b)) return path === 'slerp' ? slerp(a, b, t) : lerp(a, b, t)
  assert(!isVector(a) && !isVector(b), 'meanings of two models')
  const weights = new Map<PassCondition, number>()
  for (const [voices, share] of [[a, 1 - t] as const, [b, t] as const])
    for (const { told, weight } of voices) weights.set(told, (weights.get(told) ?? 0) + weight * share)
  return [...weights].filter(([, weight]) => weight > 0).map(([told, weight]) => ({ told, weight }))
}

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

/** A meaning for each cell of the grid. */
export function layOut(grid: Size, meaningAt: (x: number, y: number) => Meaning): Condition {
  const cells = grid.width * grid.height
  const vectors: Float32Array[] = []
  const voices = new Map<PassCondition, Float32Array>()
  for (let y = 0; y < grid.height; y++) {
    for (let x = 0; x < grid.width; x++) {
      const meaning = meaningAt(x, y)
      if (isVector(meaning)) vectors.push(meaning)
      else
        for (const { told, weight } of meaning) {
          const weights = voices.get(told) ?? new Float32Array(cells)
          weights[y * grid.width + x] = weight
          voices.set(told, weights)
        }
    }
  }
  if (voices.size > 0) {
    assert(vectors.length === 0, 'meanings of two models')
    return { extent: 'voices', voices: [...voices].map(([told, weight]) => ({ told, weight })) }
  }
  return { extent: 'spatial', values: channelByChannel(vectors) }
}

/** [cells][c_clip] -> [c_clip, h, w] */
function channelByChannel(vectors: readonly Float32Array[]): Float32Array {
  const cells = vectors.length
  const width = vectors[0]?.length ?? 0
  const values = new Float32Array(width * cells)
  for (const [cell, vector] of vectors.entries())
    for (let c = 0; c < width; c++) values[c * cells + cell] = vector[c] ?? 0
  return values
}
