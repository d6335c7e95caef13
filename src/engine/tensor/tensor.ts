/** Numbers that go into or come out of a graph. */
export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array

export interface Tensor {
  readonly dtype: 'float32' | 'int32' | 'int64' | 'uint8' | 'bool'
  readonly shape: readonly number[]
  readonly data: TensorData
}

export const float32 = (data: Float32Array, shape: readonly number[]): Tensor => ({ dtype: 'float32', shape, data })
export const int64 = (values: readonly number[], shape: readonly number[]): Tensor => ({
  dtype: 'int64',
  shape,
  data: BigInt64Array.from(values, BigInt),
})
export const int32 = (data: Int32Array, shape: readonly number[]): Tensor => ({ dtype: 'int32', shape, data })

/** The numbers of a tensor that is known to be float32. */
export function floats(tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data
  throw new Error(`assertion failed: a float32 tensor was needed, not ${tensor?.dtype}`)
}

/** The numbers of a tensor that is known to be int32. */
export function ints(tensor: Tensor | undefined): Int32Array {
  if (tensor?.data instanceof Int32Array) return tensor.data
  throw new Error(`assertion failed: an int32 tensor was needed, not ${tensor?.dtype}`)
}
