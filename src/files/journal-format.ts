/**
 * The bytes of a journal: 'PJOURNAL', then records. A record is u32 length, u32 CRC-32 of length and payload, payload (JSON in
 * UTF-8). The first is the base, which every other changes; what follows a torn record is not read.
 */
import { crc32 } from 'node:zlib'
import { z } from 'zod'

const headSize = 8
const mark = Buffer.from('PJOURNAL')
/** A document of 16,384 tiles takes 2 MB. */
const longestRecord = 2 ** 28

const baseSchema = z.object({
  format: z.literal(1),
  /** What the document is called. */
  name: z.string(),
  /** The file it was opened from or saved to; null where there is none yet. */
  path: z.string().nullable(),
  /** True where a file holds the snapshot as it is: without entries, nothing would be lost. */
  saved: z.boolean().default(false),
  /** In ms since 1970. */
  at: z.number(),
  snapshot: z.unknown(),
})

export type JournalBase = z.infer<typeof baseSchema>

export interface JournalContents {
  readonly base: JournalBase
  /** What was appended since, oldest first. */
  readonly entries: readonly unknown[]
  /** Records after the last whole one, at least: where lengths are torn too, the rest counts as one. */
  readonly dropped: number
}

export function journalHead(base: JournalBase): Uint8Array[] {
  return [mark, journalRecord(base)]
}

export function journalRecord(value: unknown): Uint8Array {
  const payload = Buffer.from(JSON.stringify(value))
  const record = Buffer.alloc(headSize + payload.length)
  record.writeUInt32LE(payload.length, 0)
  payload.copy(record, headSize)
  record.writeUInt32LE(checksum(record.subarray(0, 4), payload), 4)
  return record
}

/** Undefined where not even the base can be read. */
export function readJournal(bytes: Uint8Array): JournalContents | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (!file.subarray(0, mark.length).equals(mark)) return undefined
  const values: unknown[] = []
  let at = mark.length
  for (let end = endOfRecord(file, at); end !== undefined; end = endOfRecord(file, at)) {
    const payload = file.subarray(at + headSize, end)
    if (checksum(file.subarray(at, at + 4), payload) !== file.readUInt32LE(at + 4)) break
    const value = parsed(payload)
    if (value === undefined) break
    values.push(value)
    at = end
  }
  const base = baseSchema.safeParse(values[0])
  return base.success ? { base: base.data, entries: values.slice(1), dropped: countRecords(file, at) } : undefined
}

function countRecords(file: Buffer, start: number): number {
  let count = 0
  for (let at: number | undefined = start; at !== undefined && at < file.length; at = endOfRecord(file, at)) count += 1
  return count
}

function endOfRecord(file: Buffer, at: number): number | undefined {
  if (at + headSize > file.length) return undefined
  const length = file.readUInt32LE(at)
  const end = at + headSize + length
  return length <= longestRecord && end <= file.length ? end : undefined
}

const checksum = (length: Uint8Array, payload: Uint8Array): number => crc32(payload, crc32(length))

function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString())
  } catch {
    return undefined
  }
}
