/**
 * Weights in the precision that was asked for, a piece at a time, with the error that it costs: float32 as they are, float16 for
 * GPUs, 8 bits a weight with a scale a row for CPUs. What is small or delicate stays float32 in every precision.
 */
import { StudioError } from '../../shared/contract/errors.ts'
import { quantizeRows, turnRows } from '../checkpoint/quantize.ts'
import { type SourceTensor, sourceBytes } from '../checkpoint/source-tensor.ts'
import { elementCount } from '../tensor/dtype.ts'
import { fromHalf, halfBits } from './half.ts'
import type { NetworkId } from './networks.ts'

export const precisions = ['float32', 'float16', 'int8'] as const
export type Precision = (typeof precisions)[number]

/** In 8 or 16 bits these would save nothing, or turn pictures into other tokens (the codebooks, the picture encoders). */
export function storedAs(network: NetworkId, key: string, shape: readonly number[], wanted: Precision): Precision {
  const isSmall = shape.length < 2 || shape[0] === 1 || elementCount(shape) < 4096
  const isDelicate = key.includes('positional') || key.includes('depthwise')
  const isPixels =
    (network === 'vqmodel-f4' && !key.startsWith('up_blocks')) ||
    (network === 'vqgan-f8' && !key.startsWith('decoder.'))
  return isSmall || isDelicate || isPixels ? 'float32' : wanted
}

/**
 * Matrices to multiply by lie with their axes reversed in 8 bits (checkpoint/stored-tensor.ts). Of tables single rows are looked up, and
 * cond_mapper is widened, in two parts.
 */
export function liesReversed(key: string, shape: readonly number[], precision: Precision): boolean {
  const isOther = /(^|[._])(embedding|embed|embed_tokens|shared|codebook|in_mapper\.0|cond_mapper)\.weight$/.test(key)
  return precision === 'int8' && !isOther && shape.slice(2).every((side) => side === 1)
}

/** What was lost and what was odd, over one tensor or many. Sums of squares; all in float64. */
export class Losses {
  squares = 0
  errors = 0
  notNumbers = 0
  /** True while all that was seen is zero. */
  isZero = true

  /** Root of the mean square of the error, as a share of that of the weights. */
  get relative(): number {
    return this.squares > 0 ? Math.sqrt(this.errors / this.squares) : 0
  }

  add(other: Losses): void {
    this.squares += other.squares
    this.errors += other.errors
    this.notNumbers += other.notNumbers
    this.isZero &&= other.isZero
  }
}

export interface Piece {
  /** In elements of the tensor, and in rows where it has scales. */
  readonly from: number
  readonly values: Uint8Array
  readonly scales?: { readonly row: number; readonly values: Uint8Array }
}

/** Elements; 4 MB of float32. */
const pieceLength = 1 << 20

/**
 * In order, but for what lies reversed: that comes last, and whole.
 * @throws StudioError 'checkpoint-mismatch' where a number does not fit into the precision
 */
export function* converted(key: string, tensor: SourceTensor, precision: Precision, losses: Losses): Generator<Piece> {
  const count = elementCount(tensor.shape)
  const rowLength = precision === 'int8' ? count / (tensor.shape[0] ?? 1) : 1
  const turned = liesReversed(key, tensor.shape, precision) ? new Int8Array(count) : undefined
  const step = Math.max(1, Math.floor(pieceLength / rowLength)) * rowLength
  for (let from = 0; from < count; from += step) {
    const to = Math.min(count, from + step)
    const source = floatsOf(tensor.read(from, to), tensor.dtype, losses)
    look(source, losses)
    if (precision === 'float32') yield { from, values: bytesOf(source) }
    else if (precision === 'float16') yield { from, values: bytesOf(halves(key, source, losses)) }
    else {
      if (losses.notNumbers > 0) throw notStorable(key, 'what is no number', precision)
      const rows = (to - from) / rowLength
      const { values, scales } = quantizeRows(source, rows)
      measure(source, values, scales, rowLength, losses)
      const row = from / rowLength
      if (turned) turnRows(values, rowLength, turned, row)
      yield { from, values: turned ? nothing : bytesOf(values), scales: { row, values: bytesOf(scales) } }
    }
  }
  if (turned) yield { from: 0, values: bytesOf(turned) }
}

const nothing = new Uint8Array(0)

const bytesOf = (array: Float32Array | Uint16Array | Int8Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

/** As float32, exactly but for float64. The array may lie on the bytes. */
function floatsOf(bytes: Buffer, dtype: SourceTensor['dtype'], losses: Losses): Float32Array {
  const size = sourceBytes[dtype]
  // Small buffers share a pool and may begin anywhere.
  const own = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes)
  const at = [own.buffer, own.byteOffset, own.byteLength / size] as const
  if (dtype === 'float32') return new Float32Array(...at)
  if (dtype === 'float64') {
    const wide = new Float64Array(...at)
    const narrow = Float32Array.from(wide)
    for (let i = 0; i < wide.length; i++) {
      const error = (wide[i] as number) - (narrow[i] as number)
      // What is too large for float32 is counted as no number.
      if (Number.isFinite(error)) losses.errors += error * error
    }
    return narrow
  }
  const halves = new Uint16Array(...at)
  if (dtype === 'float16') return fromHalf(halves)
  const words = new Uint32Array(halves.length)
  for (let i = 0; i < halves.length; i++) words[i] = (halves[i] ?? 0) << 16
  return new Float32Array(words.buffer)
}

function look(values: Float32Array, losses: Losses): void {
  let squares = 0
  let notNumbers = 0
  for (let i = 0; i < values.length; i++) {
    const square = (values[i] as number) * (values[i] as number)
    if (square <= Number.MAX_VALUE) squares += square
    else notNumbers++
  }
  losses.squares += squares
  losses.notNumbers += notNumbers
  if (squares > 0 || notNumbers > 0) losses.isZero = false
}

function halves(key: string, source: Float32Array, losses: Losses): Uint16Array {
  const values = halfBits(source)
  const back = fromHalf(values)
  let errors = 0
  for (let i = 0; i < back.length; i++) {
    const error = (source[i] as number) - (back[i] as number)
    if (Number.isFinite(error)) errors += error * error
    else if (Number.isFinite(source[i])) throw notStorable(key, String(source[i]), 'float16')
  }
  losses.errors += errors
  return values
}

function measure(
  source: Float32Array,
  values: Int8Array,
  scales: Float32Array,
  rowLength: number,
  losses: Losses,
): void {
  let errors = 0
  for (let row = 0; row < scales.length; row++) {
    const scale = scales[row] as number
    for (let i = row * rowLength; i < (row + 1) * rowLength; i++) {
      const error = (source[i] as number) - (values[i] as number) * scale
      errors += error * error
    }
  }
  losses.errors += errors
}

const notStorable = (key: string, what: string, precision: Precision): StudioError =>
  new StudioError(
    'checkpoint-mismatch',
    `${key} holds ${what}, which ${precision} cannot store. Import the file with --precision float32.`,
  )
