/**
 * The shape that every message of a page must have, whichever pipe it is for: a call or a cancellation of the wire, made of plain
 * data and no larger than the largest picture. What the arguments mean is checked by whoever carries the call out.
 */
import { z } from 'zod'

/** Of one message, all its arrays and texts together: a pasted picture of 8192 x 8192 px with alpha, and room. */
const mostBytes = 320 * 1024 * 1024
/** Records, arrays, texts and numbers: a snapshot of a document with 100 layers of 8192 x 8192 px has 200,000. */
const mostValues = 2_000_000
/** A document's groups are at most so deep, each level of which nests a few records. */
const deepest = 100

const envelope = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('call'),
    id: z.int().nonnegative(),
    method: z.string().min(1).max(64),
    argument: z.unknown(),
    events: z.boolean(),
  }),
  z.strictObject({ type: z.literal('cancel'), id: z.int().nonnegative() }),
])

/** Why a message is refused; undefined for one that is well-formed. */
export function shapeRefusal(message: unknown): string | undefined {
  if (!envelope.safeParse(message).success) return 'it is no message of the wire'
  return weightRefusal(message)
}

function weightRefusal(message: unknown): string | undefined {
  let [bytes, values] = [0, 0]
  // By hand instead of by recursion: the depth is the sender's choice.
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: message, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next
    values += 1
    if (typeof value === 'string') bytes += value.length
    else if (ArrayBuffer.isView(value)) bytes += value.byteLength
    else if (typeof value === 'object' && value !== null) {
      if (!isPlain(value)) return 'it holds something other than plain data'
      if (depth >= deepest) return 'it is nested too deeply'
      const isArray = Array.isArray(value)
      if (values + (isArray ? value.length : 0) > mostValues) return 'it holds too many values'
      for (const [key, entry] of Object.entries(value)) {
        if (!isArray) bytes += key.length
        open.push({ value: entry, depth: depth + 1 })
      }
      if (values + open.length > mostValues) return 'it holds too many values'
    } else if (typeof value === 'bigint') return 'it holds something other than plain data'
    if (bytes > mostBytes) return 'it is too large'
  }
  return undefined
}

const isPlain = (value: object): boolean => Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
