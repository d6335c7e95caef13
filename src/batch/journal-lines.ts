/**
 * The lines of a batch's journals, and reading them: one JSON object a line, appended and never changed. A line that a kill has
 * torn is passed over; what it would have told is found out from the file itself.
 */
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../files/storage.ts'
import type { ErrorRecord } from '../shared/contract/errors.ts'

interface Place {
  readonly id: string
  readonly index: number
  readonly row: number
  readonly prompt: string
  readonly negative: string
  readonly seed: number
  readonly source: string | null
}

/** What a manifest tells of a finished item. */
export interface ItemRecord extends Place {
  readonly width: number
  readonly height: number
  readonly model: string
  readonly modelSha256: string
  readonly tokensSha256: string
  /** Below the batch's folder. */
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  readonly milliseconds: number
}

export type JournalLine =
  /** Told before the file is written, with the temporary file that may be left over; `done` follows. */
  | ({ readonly state: 'writing'; readonly part: string | null } & ItemRecord)
  | { readonly state: 'done'; readonly id: string }
  /** A file of that name was there. */
  | ({ readonly state: 'skipped'; readonly file: string } & Place)
  | ({ readonly state: 'failed'; readonly file: string; readonly error: Omit<ErrorRecord, 'detail'> } & Place)

export interface FoundLine {
  readonly line: JournalLine
  /** In bytes. */
  readonly offset: number
  readonly length: number
}

const chunkSize = 1 << 18
const newline = 0x0a

export const journalFile = (folder: string, label: string): string => join(folder, `journal-${label}.jsonl`)

/** Paths, sorted. */
export async function journalsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => /^journal-.*\.jsonl$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

/** Whole lines from `offset` on. None where there is no such file. */
export async function* readLines(path: string, offset = 0): AsyncGenerator<FoundLine> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  })
  if (file === undefined) return
  try {
    let rest: Uint8Array = new Uint8Array(0)
    for (let at = offset; ; ) {
      const buffer = Buffer.alloc(chunkSize)
      const { bytesRead } = await file.read(buffer, 0, chunkSize, at)
      if (bytesRead === 0) return
      const start = at - rest.length
      const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)])
      at += bytesRead
      let from = 0
      for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, from)) {
        const line = parseLine(bytes.toString('utf8', from, end))
        if (line !== undefined) yield { line, offset: start + from, length: end - from }
        from = end + 1
      }
      rest = bytes.subarray(from)
    }
  } finally {
    await file.close()
  }
}

export function parseLine(text: string): JournalLine | undefined {
  try {
    const value = JSON.parse(text) as JournalLine
    return typeof value === 'object' && value !== null && typeof value.id === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
