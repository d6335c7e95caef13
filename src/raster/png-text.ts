/**
 * Text in PNG files: tEXt for Latin-1, iTXt for everything else. Compressed texts (zTXt, compressed iTXt) are not read: we
 * write none, and this room has no inflate.
 */
import { assert } from '../shared/base/assert.ts'
import { isIntact, readChunks } from './png-chunks.ts'
import { decodeLatin1, decodeUtf8, encodeLatin1, encodeUtf8 } from './text-bytes.ts'

/** Longer texts of a file are passed over: nobody typed them, and decoding costs many times their size. */
const longestText = 1 << 20

/**
 * @param keyword 1 to 79 characters of Latin-1.
 * @param text NUL, which PNG forbids, becomes a space.
 */
export function textChunk(keyword: string, text: string): { type: string; data: Uint8Array } {
  assert(keyword.length <= 79 && isLatin1(keyword) && keyword !== '', 'a PNG keyword has 1 to 79 characters of Latin-1')
  const written = text.replaceAll('\0', ' ')
  const start = encodeLatin1(`${keyword}\0`)
  if (isLatin1(written)) return { type: 'tEXt', data: joined(start, encodeLatin1(written)) }
  // Not compressed (two zero bytes), no language and no translated keyword (two empty strings).
  return { type: 'iTXt', data: joined(start, new Uint8Array(4), encodeUtf8(written)) }
}

/**
 * The first text of that keyword that can be read; undefined where there is none.
 *
 * @throws StudioError 'not-a-picture' as `readChunks` does.
 */
export function readText(png: Uint8Array, keyword: string): string | undefined {
  for (const chunk of readChunks(png)) {
    if (chunk.type !== 'tEXt' && chunk.type !== 'iTXt') continue
    if (chunk.data.length > longestText || !isIntact(chunk)) continue
    const [name, body] = cut(chunk.data)
    if (decodeLatin1(name) !== keyword) continue
    const text = chunk.type === 'tEXt' ? decodeLatin1(body) : internationalText(body)
    if (text !== undefined) return text
  }
  return undefined
}

/** What follows the keyword in an iTXt: compressed or not, method, language NUL, translated keyword NUL, text. */
function internationalText(body: Uint8Array): string | undefined {
  if (body[0] !== 0) return undefined
  const [, afterLanguage] = cut(body.subarray(2))
  const [, text] = cut(afterLanguage)
  return decodeUtf8(text)
}

/** What lies before the first NUL and what lies after it (nothing where there is none). */
function cut(bytes: Uint8Array): [Uint8Array, Uint8Array] {
  const end = bytes.indexOf(0)
  return end < 0 ? [bytes, bytes.subarray(bytes.length)] : [bytes.subarray(0, end), bytes.subarray(end + 1)]
}

/** The printable characters and the line feed: all that has a meaning in a tEXt chunk. */
function isLatin1(text: string): boolean {
  return /^[\n\x20-\x7e\xa0-\xff]*$/.test(text)
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
