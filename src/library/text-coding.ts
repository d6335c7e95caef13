/** UTF-8 for the blobs of the database, which are messages of shared/wire: JSON with its arrays beside it. */
import type { TextCoding } from '../shared/wire/binary-codec.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

export const text: TextCoding = {
  encode: (value) => encoder.encode(value),
  decode: (bytes) => decoder.decode(bytes),
}
