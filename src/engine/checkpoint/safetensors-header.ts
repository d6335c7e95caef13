/**
 * The header of a safetensors file and its rules (reliability.md, 2.3): every byte of the file belongs to the header or to one
 * tensor, in one way. Nothing of the tensors is read.
 */
import { shown } from './byte-source.ts'
import { HeaderFault, type HeaderValue, parseHeaderJson } from './header-json.ts'

export interface HeaderEntry {
  /** As the file names it, one of `elementBytes`. */
  readonly dtype: string
  readonly shape: readonly number[]
  /** Where its bytes begin in the file, and how many there are. */
  readonly offset: number
  readonly bytes: number
}

/** All types of the format whose elements are whole bytes. */
const elementBytes: ReadonlyMap<string, number> = new Map([
  ...['BOOL', 'U8', 'I8', 'F8_E5M2', 'F8_E4M3', 'F8_E8M0'].map((name) => [name, 1] as const),
  ...['I16', 'U16', 'F16', 'BF16'].map((name) => [name, 2] as const),
  ...['I32', 'U32', 'F32'].map((name) => [name, 4] as const),
  ...['I64', 'U64', 'F64', 'C64'].map((name) => [name, 8] as const),
])

/** The format allows 100 MB, which no model comes near: 100,000 tensors take 15. */
const largestHeader = 32 * 1024 * 1024
export const mostTensors = 100_000
const mostSides = 8

/**
 * @param size of the whole file
 * @param read gives bytes of it, by place and length
 * @throws HeaderFault
 */
export function readHeader(
  size: number,
  read: (offset: number, length: number) => Uint8Array,
): ReadonlyMap<string, HeaderEntry> {
  const length = headerLength(size, (offset, count) => read(offset, count))
  return parseHeader(read(8, length), size)
}

/** @param read is asked for the first eight bytes at most */
export function headerLength(size: number, read: (offset: number, length: number) => Uint8Array): number {
  if (size < 8) throw new HeaderFault('its header does not fit into the file')
  const lead = Buffer.from(read(0, 8))
  const length = lead.readBigUInt64LE()
  if (length > BigInt(size - 8)) throw new HeaderFault('its header does not fit into the file')
  if (length > BigInt(largestHeader)) throw new HeaderFault(`its header is larger than ${largestHeader >> 20} MB`)
  return Number(length)
}

/** @param bytes the header without its length; `size` of the whole file */
export function parseHeader(bytes: Uint8Array, size: number): ReadonlyMap<string, HeaderEntry> {
  const start = 8 + bytes.length
  const entries = new Map<string, HeaderEntry>()
  for (const [key, value] of parseHeaderJson(textOf(bytes), mostTensors)) {
    if (key === '__metadata__') checkMetadata(value)
    else entries.set(key, entryOf(key, value, start, size))
  }
  checkPlaces(entries, start, size)
  return entries
}

function textOf(bytes: Uint8Array): string {
  try {
    // With its byte order mark, where it has one: the format begins with a bracket.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new HeaderFault('its header is no text')
  }
}

function checkMetadata(value: HeaderValue): void {
  const isPlain = value instanceof Map && [...value.values()].every((note) => typeof note === 'string')
  if (!isPlain) throw new HeaderFault('its __metadata__ is not text by name')
}

function entryOf(key: string, value: HeaderValue, start: number, size: number): HeaderEntry {
  const malformed = () => new HeaderFault(`the entry ${shown(key)} is malformed`)
  if (!(value instanceof Map) || value.size !== 3) throw malformed()
  const [dtype, shape, places] = ['dtype', 'shape', 'data_offsets'].map(
    (name) => value.get(name) as HeaderValue | undefined,
  )
  if (typeof dtype !== 'string' || !isNumbers(shape) || shape.length > mostSides) throw malformed()
  if (!isNumbers(places) || places.length !== 2) throw malformed()
  const width = elementBytes.get(dtype)
  if (width === undefined) throw new HeaderFault(`${shown(key)} has the type ${shown(dtype)}, which is not supported`)
  const [from = 0, to = 0] = places
  // A side of 0 may hide sides whose product is beyond all numbers.
  const count = shape.reduce((product, side) => product * Math.max(side, 1), 1)
  const bytes = shape.includes(0) ? 0 : count * width
  if (!Number.isSafeInteger(count * width) || to - from !== bytes || start + to > size)
    throw new HeaderFault(`the bytes of ${shown(key)} do not match its shape or lie outside the file`)
  return { dtype, shape, offset: start + from, bytes }
}

const isNumbers = (value: HeaderValue | undefined): value is readonly number[] =>
  Array.isArray(value) && value.every((side) => typeof side === 'number')

/** Tensors lie one behind the other, from the header's end to the file's. */
function checkPlaces(entries: ReadonlyMap<string, HeaderEntry>, start: number, size: number): void {
  let end = start
  let before = ''
  const inOrder = [...entries].sort(([, a], [, b]) => a.offset - b.offset || a.bytes - b.bytes)
  for (const [key, { offset, bytes }] of inOrder) {
    if (offset < end) throw new HeaderFault(`the bytes of ${shown(before)} and ${shown(key)} overlap`)
    if (offset > end)
      throw new HeaderFault(`there are ${offset - end} bytes before ${shown(key)} that belong to no tensor`)
    end = offset + bytes
    before = key
  }
  if (end !== size) throw new HeaderFault(`there are ${size - end} bytes at its end that belong to no tensor`)
}
