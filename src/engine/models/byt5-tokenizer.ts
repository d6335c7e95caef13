/**
 * ByT5's tokenizer: a caption's UTF-8 bytes, three added to each, and an end mark. Ids 0, 1 and 2 are padding, end and unknown.
 * On purpose unlike the authors', who take a typed '</s>' for the mark itself: here no typed text is a mark.
 */
import { assert } from '../../shared/base/assert.ts'

const firstByte = 3
const endMark = 1
const utf8 = new TextEncoder()

export interface ByT5Tokens {
  /** The bytes' ids and the end mark; an empty caption is the mark alone. */
  readonly tokens: Int32Array
  /** The caption from the first character that did not fit; undefined if all of it fitted. */
  readonly cut: string | undefined
}

/**
 * @param limit of ids, the end mark counted: Paella's authors cut at 768. A character is never cut in two.
 */
export function byT5Tokens(caption: string, limit = 768): ByT5Tokens {
  assert(limit >= 1, 'the end mark needs room')
  const bytes = new Uint8Array(limit - 1)
  // encodeInto writes whole characters only.
  const { read, written } = utf8.encodeInto(caption, bytes)
  const tokens = new Int32Array(written + 1).fill(endMark)
  tokens.set(Int32Array.from(bytes.subarray(0, written), (byte) => byte + firstByte))
  return { tokens, cut: read < caption.length ? caption.slice(read) : undefined }
}
