/** float16 and back, for many numbers: bits by integer arithmetic, the way back by a table. */
import { halfToFloat } from '../checkpoint/widen.ts'

/** Of each of the 65,536 halves its value; made when it is first needed. */
let table: Float32Array | undefined

export function fromHalf(halves: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 65_536 }, (_, half) => halfToFloat(half))
  const values = new Float32Array(halves.length)
  for (let i = 0; i < halves.length; i++) values[i] = table[halves[i] as number] as number
  return values
}

/** To the nearest, of two equally near to the even one; beyond 65,504 infinite. */
export function halfBits(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const halves = new Uint16Array(values.length)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number
    const size = word & 0x7fffffff
    let half: number
    if (size >= 0x47800000) half = size > 0x7f800000 ? 0x7e00 : 0x7c00
    else if (size >= 0x38800000) half = (size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13
    else half = roundedToEven(Math.abs(values[i] as number) * 2 ** 24)
    halves[i] = half | ((word >>> 16) & 0x8000)
  }
  return halves
}

function roundedToEven(value: number): number {
  const floor = Math.floor(value)
  const over = value - floor
  return over > 0.5 || (over === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}
