/** Stored floats of 16 bits as float32, exactly. */
import type { DType } from '../tensor/dtype.ts'

/** @throws for types that are not floats */
export function toFloat32(bytes: Uint8Array, dtype: DType): Float32Array {
  // A true copy: a view needs an aligned start, and slice() of a Buffer would not copy.
  const aligned = new Uint8Array(bytes).buffer
  if (dtype === 'float32') return new Float32Array(aligned)
  const halves = new Uint16Array(aligned)
  const words = new Uint32Array(halves.length)
  const values = new Float32Array(words.buffer)
  if (dtype === 'bfloat16') for (let i = 0; i < halves.length; i++) words[i] = (halves[i] ?? 0) << 16
  else if (dtype === 'float16') for (let i = 0; i < halves.length; i++) values[i] = halfToFloat(halves[i] ?? 0)
  else throw new Error(`assertion failed: ${dtype} is not a float`)
  return values
}

/** @param half bits of a float16 */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 31
  const fraction = half & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
