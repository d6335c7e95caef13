/**
 * Messages as bytes, for pipes that carry nothing else (a WebSocket): JSON with every typed array taken out and laid behind it,
 * so that pixels cross as they are. What structured cloning carries between our processes and JSON does not (undefined entries,
 * NaN, cycles) is no part of any contract here; typed arrays are.
 *
 * Layout: JSON length (4 bytes, little endian), JSON, padding to a multiple of 8, then the arrays, each at a multiple of 8.
 */
import { assert } from '../base/assert.ts'
import { StudioError } from '../contract/errors.ts'

const kinds = { Uint8Array, Uint16Array, Int32Array, Float32Array } as const
type Kind = keyof typeof kinds
type Typed = InstanceType<(typeof kinds)[Kind]>

/** The key that stands in the JSON for an array: [kind, index of its first byte behind the JSON, elements]. */
const marker = '$array'

const padded = (length: number): number => Math.ceil(length / 8) * 8

export interface TextCoding {
  encode(text: string): Uint8Array
  /** @throws where the bytes are not UTF-8 */
  decode(bytes: Uint8Array): string
}

export function encodeMessage(value: unknown, text: TextCoding): Uint8Array {
  const arrays: Typed[] = []
  let length = 0
  const json = JSON.stringify(value, function replace(this: unknown, key: string, entry: unknown) {
    // JSON.stringify would have called toJSON of Node's buffers already, so the raw entry is looked up.
    const raw = (this as Record<string, unknown>)[key]
    if (!ArrayBuffer.isView(raw)) return entry
    const kind = kindOf(raw)
    arrays.push(raw as Typed)
    const place = [kind, length, (raw as Typed).length]
    length += padded(raw.byteLength)
    return { [marker]: place }
  })
  const head = text.encode(json)
  const start = padded(4 + head.length)
  const bytes = new Uint8Array(start + length)
  new DataView(bytes.buffer).setUint32(0, head.length, true)
  bytes.set(head, 4)
  let at = start
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at)
    at += padded(array.byteLength)
  }
  return bytes
}

function kindOf(view: ArrayBufferView): Kind {
  // Node's Buffer is a Uint8Array of another name.
  if (view instanceof Uint8Array) return 'Uint8Array'
  const kind = (Object.keys(kinds) as Kind[]).find((name) => view instanceof kinds[name])
  assert(kind, `no ${view.constructor.name} in messages`)
  return kind
}

/** @throws StudioError 'bad-request' for bytes that are no message: they may come from a stranger */
export function decodeMessage(bytes: Uint8Array, text: TextCoding): unknown {
  const broken = (why: string, cause?: unknown): StudioError =>
    new StudioError('bad-request', `A message could not be read: ${why}. Reload the page.`, { cause })
  if (bytes.length < 4) throw broken('it is too short')
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  if (4 + length > bytes.length) throw broken('its head is longer than itself')
  const body = bytes.subarray(padded(4 + length))
  try {
    return JSON.parse(text.decode(bytes.subarray(4, 4 + length)), (_key, entry: unknown) => {
      const place = placeOf(entry)
      return place === undefined ? entry : arrayAt(body, place)
    }) as unknown
  } catch (cause) {
    throw broken('its parts do not fit together', cause)
  }
}

function placeOf(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null && Object.hasOwn(entry, marker)
    ? (entry as Record<string, unknown>)[marker]
    : undefined
}

function arrayAt(body: Uint8Array, place: unknown): Typed {
  const [kind, offset, length] = Array.isArray(place) ? (place as unknown[]) : []
  assert(typeof kind === 'string' && Object.hasOwn(kinds, kind), 'unknown array')
  assert(Number.isSafeInteger(offset) && Number.isSafeInteger(length), 'array without a place')
  const Kind = kinds[kind as Kind]
  const [from, size] = [offset as number, (length as number) * Kind.BYTES_PER_ELEMENT]
  assert(from >= 0 && size >= 0 && from + size <= body.length, 'array outside the message')
  // A copy of its own, aligned, that keeps nothing else alive; slice() would not copy Node's buffers.
  return new Kind(new Uint8Array(body.subarray(from, from + size)).buffer)
}
