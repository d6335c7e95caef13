/** Where the numbers of a weight lie, in which precision. Nothing is read to make one of these. */
import type { DType } from '../tensor/dtype.ts'

export interface StoredTensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  /**
   * The numbers lie with the axes in reverse order ([in, out] where the shape is [out, in]), as 8-bit products want their matrices:
   * turning them while loading costs seconds, and a second copy.
   */
  readonly reversed?: true
  /** A file beside the model (read by onnxruntime itself), or bytes in memory. */
  readonly place:
    | { readonly file: string; readonly offset: number; readonly bytes: number }
    | { readonly data: Uint8Array }
}

/**
 * int8 weights carry a float32 scale for each output channel, shaped to broadcast: value = int8 · scale. In a file a scale along the
 * last axis, [1, ..., out], says that the weight lies reversed.
 */
export interface StoredWeight {
  readonly tensor: StoredTensor
  readonly scale?: StoredTensor
}

/** The tensors of one checkpoint, by key. */
export type TensorSource = ReadonlyMap<string, StoredTensor>

/** Key of the scale that belongs to an int8 weight. */
export const scaleKey = (key: string): string => `${key}${scaleEnding}`

const scaleEnding = ':scale'

/** Key of the weight that a scale belongs to; undefined for a key that is no scale's. */
export function weightOfScale(key: string): string | undefined {
  return key.endsWith(scaleEnding) ? key.slice(0, -scaleEnding.length) : undefined
}
