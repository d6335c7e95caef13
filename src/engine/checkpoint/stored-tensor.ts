/** Where the numbers of a weight lie, in which precision. Nothing is read to make one of these. */
import type { DType } from '../tensor/dtype.ts'

export interface StoredTensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  /** A file beside the model (read by onnxruntime itself), or bytes in memory. */
  readonly place:
    | { readonly file: string; readonly offset: number; readonly bytes: number }
    | { readonly data: Uint8Array }
}

/** int8 weights carry a float32 scale for each output channel, shaped to broadcast: value = int8 · scale. */
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
