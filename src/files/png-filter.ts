/**
 * PNG's filters, of which the cheap ones are used: each row as it is, less its left neighbour, or less the row above. Which one
 * is a guess from some of its bytes, by the sum of absolute differences as the specification advises (section 12.7).
 */
import type { Pixels } from '../shared/contract/picture.ts'

type Filter = 0 | 1 | 2

/** Bytes of a row that are looked at to choose, one of so many; no multiple of 4, so that all channels have their say. */
const sampleStep = 29

/** (height, 1 + width x channels) bytes: the number of each row's filter, then the filtered row. The first row looks at none above. */
export function filterRows({ width, height, channels, data }: Pixels): Uint8Array {
  const stride = width * channels
  const filtered = new Uint8Array(height * (stride + 1))
  const line = new Uint8Array(stride)
  const nothing = new Uint8Array(stride)
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * stride, (y + 1) * stride)
    const above = y === 0 ? undefined : data.subarray((y - 1) * stride, y * stride)
    const filter = chooseFilter(row, above, channels)
    filtered[y * (stride + 1)] = filter
    // The left neighbour of the first px is nothing.
    if (filter === 1) subtract(line.subarray(channels), row.subarray(channels), row)
    if (filter === 1) line.set(row.subarray(0, channels))
    if (filter === 2) subtract(line, row, above ?? nothing)
    filtered.set(filter === 0 ? row : line, y * (stride + 1) + 1)
  }
  return filtered
}

function chooseFilter(row: Uint8Array, above: Uint8Array | undefined, channels: number): Filter {
  let [none, sub, up] = [0, 0, 0]
  for (let i = channels; i < row.length; i += sampleStep) {
    const value = row[i]!
    none += distance(value)
    sub += distance(value - row[i - channels]!)
    if (above !== undefined) up += distance(value - above[i]!)
  }
  if (above !== undefined && up <= sub && up <= none) return 2
  return sub < none ? 1 : 0
}

/** From 0, around a circle of 256. */
function distance(difference: number): number {
  const byte = difference & 255
  return byte < 128 ? byte : 256 - byte
}

/** Byte by byte modulo 256, four at a time where the arrays lie so. */
function subtract(target: Uint8Array, values: Uint8Array, others: Uint8Array): void {
  const fits = [target, values, others].every(({ byteOffset }) => byteOffset % 4 === 0)
  const whole = fits ? target.length >> 2 : 0
  const wordsOf = ({ buffer, byteOffset }: Uint8Array): Int32Array =>
    new Int32Array(buffer, whole === 0 ? 0 : byteOffset, whole)
  const [t, v, o] = [wordsOf(target), wordsOf(values), wordsOf(others)]
  for (let i = 0; i < whole; i++) {
    const value = v[i]!
    const other = o[i]!
    // No byte borrows from the next: its highest bit is set before and put right afterwards.
    t[i] = ((value | 0x80808080) - (other & 0x7f7f7f7f)) ^ (~(value ^ other) & 0x80808080)
  }
  for (let i = whole * 4; i < target.length; i++) target[i] = values[i]! - others[i]!
}
