/** Element types: the names used throughout, their size in bytes, and their numbers in ONNX and names in safetensors. */
export type DType = 'float32' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'int8' | 'uint8' | 'bool'

interface DTypeFacts {
  readonly bytes: number
  /** onnx.TensorProto.DataType */
  readonly onnx: number
  readonly safetensors: string
}

export const dtypes: Readonly<Record<DType, DTypeFacts>> = {
  float32: { bytes: 4, onnx: 1, safetensors: 'F32' },
  uint8: { bytes: 1, onnx: 2, safetensors: 'U8' },
  int8: { bytes: 1, onnx: 3, safetensors: 'I8' },
  int32: { bytes: 4, onnx: 6, safetensors: 'I32' },
  int64: { bytes: 8, onnx: 7, safetensors: 'I64' },
  bool: { bytes: 1, onnx: 9, safetensors: 'BOOL' },
  float16: { bytes: 2, onnx: 10, safetensors: 'F16' },
  bfloat16: { bytes: 2, onnx: 16, safetensors: 'BF16' },
}

export const elementCount = (shape: readonly number[]): number => shape.reduce((count, side) => count * side, 1)

export const byteLength = (dtype: DType, shape: readonly number[]): number => dtypes[dtype].bytes * elementCount(shape)

export function dtypeFromSafetensors(name: string): DType | undefined {
  return (Object.keys(dtypes) as DType[]).find((dtype) => dtypes[dtype].safetensors === name)
}
