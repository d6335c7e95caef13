/** A tensor in a stranger's file: known by type and shape, its numbers read only when asked for, a piece at a time. */
import type { DType } from '../tensor/dtype.ts'

/** What files hold beside what the engine computes with. */
export type SourceDType = DType | 'float64' | 'int16'

export const sourceBytes: Readonly<Record<SourceDType, number>> = {
  float64: 8,
  int64: 8,
  float32: 4,
  int32: 4,
  float16: 2,
  bfloat16: 2,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
}

export interface SourceTensor {
  readonly dtype: SourceDType
  readonly shape: readonly number[]
  /**
   * The bytes of elements `from` to `to` (not included) in the order of the shape, as a copy. What does not lie in that order in
   * the file is gathered whole at first: pieces should be asked for from first to last.
   */
  read(from: number, to: number): Buffer
}

export type SourceTensors = ReadonlyMap<string, SourceTensor>
