/**
 * The manifest: what has become of each item, as JSON and as CSV, made from the journals whenever a run ends. Lines of journals are
 * found once and read again in the order of the items, so a million of them are never in memory together.
 */
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { atomicSave } from '../files/atomic-save.ts'
import { nodeStorage } from '../files/storage.ts'
import { writeFailure } from '../files/write-failure.ts'
import { type BatchFolder, manifestName } from './batch-folder.ts'
import { type ItemRecord, type JournalLine, journalsIn, parseLine, readLines } from './journal-lines.ts'

export interface ManifestSummary {
  readonly path: string
  readonly done: number
  readonly failed: number
  readonly skipped: number
}

/** What stands in the manifest for an item: its last line, without what is for the journal alone. */
export type ManifestItem =
  | ({ readonly state: 'done'; readonly part: undefined } & ItemRecord)
  | Extract<JournalLine, { readonly state: 'skipped' | 'failed' }>

/** Where the line is that counts. */
interface Winner {
  readonly index: number
  readonly journal: number
  readonly offset: number
  readonly length: number
  readonly state: 'done' | 'skipped' | 'failed'
}

/**
 * @param label of a shard, whose own journal alone is told; undefined: all of them, joined
 * @throws StudioError 'write-failed'
 */
export async function writeManifest(folder: BatchFolder, label?: string): Promise<ManifestSummary> {
  const all = await journalsIn(folder.path)
  const journals = label === undefined ? all : all.filter((path) => path.endsWith(`journal-${label}.jsonl`))
  const winners = await findWinners(folder, journals)
  const name = `${await manifestName(folder)}${label === undefined ? '' : `-${label}`}`
  const count = (state: Winner['state']): number => winners.filter((winner) => winner.state === state).length
  const counts = { done: count('done'), failed: count('failed'), skipped: count('skipped') }
  const path = await place(folder, `${name}.json`, jsonChunks(folder, counts, journals, winners))
  await place(folder, `${name}.csv`, csvChunks(journals, winners))
  return { path, ...counts }
}

/** By way of the batch's own folder: what a kill leaves half written is not among the pictures. Two shards may do it at once. */
async function place({ out, path }: BatchFolder, name: string, chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const made = join(path, `${name}.${randomBytes(6).toString('hex')}`)
  const target = join(out, name)
  await atomicSave(nodeStorage, made, chunks)
  try {
    await nodeStorage.rename(made, target)
    await nodeStorage.syncFolder(out)
  } catch (error) {
    throw writeFailure(target, error)
  }
  return target
}

/** A file that was announced, and what it holds where it is whole. */
interface Begun {
  readonly winner: Winner
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

/** By index. An item that was being written when its run was killed counts where its file is there, whole. */
async function findWinners(folder: BatchFolder, journals: readonly string[]): Promise<Winner[]> {
  const winners = new Map<string, Winner>()
  for (const [journal, path] of journals.entries()) {
    const writing = new Map<string, Begun>()
    for await (const { line, offset, length } of readLines(path)) {
      const place = { journal, offset, length }
      const { id } = line
      if (line.state === 'writing') {
        const { index, file, bytes, sha256 } = line
        writing.set(id, { winner: { ...place, index, state: 'done' }, file, bytes, sha256 })
      } else if (line.state === 'done') {
        const begun = writing.get(id)
        if (begun) winners.set(id, begun.winner)
        writing.delete(id)
      } else {
        writing.delete(id)
        if (winners.get(id)?.state !== 'done') winners.set(id, { ...place, index: line.index, state: line.state })
      }
    }
    for (const [id, begun] of writing) {
      if (winners.get(id)?.state === 'done') continue
      if (await isWhole(join(folder.out, begun.file), begun)) winners.set(id, begun.winner)
    }
  }
  return [...winners.values()].sort((a, b) => a.index - b.index)
}

/** Whether a file is there and holds just that. */
export async function isWhole(path: string, { bytes, sha256 }: { bytes?: number; sha256: string }): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() !== true || (bytes !== undefined && found.size !== bytes)) return false
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex') === sha256
}

async function* readWinners(journals: readonly string[], winners: readonly Winner[]): AsyncGenerator<ManifestItem> {
  const files: FileHandle[] = []
  try {
    for (const path of journals) files.push(await open(path, 'r'))
    for (const { journal, offset, length } of winners) {
      const bytes = Buffer.alloc(length)
      await files[journal]?.read(bytes, 0, length, offset)
      const line = parseLine(bytes.toString())
      if (line === undefined || line.state === 'done') continue
      yield line.state === 'writing' ? { ...line, state: 'done', part: undefined } : line
    }
  } finally {
    for (const file of files) await file.close()
  }
}

async function* jsonChunks(
  { header }: BatchFolder,
  counts: object,
  journals: readonly string[],
  winners: readonly Winner[],
): AsyncGenerator<Uint8Array> {
  const { id, date, model, spec } = header
  const { source, out: _, ...settings } = spec
  const told = source.kind === 'prompts' ? { kind: source.kind } : source
  const head = { format: 'paella-studio-batch/1', batch: id, begun: date, model, ...counts, settings, source: told }
  let text = `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "items": [`
  let isFirst = true
  for await (const item of readWinners(journals, winners)) {
    text += `${isFirst ? '' : ','}\n    ${JSON.stringify(item)}`
    isFirst = false
    if (text.length < 1 << 16) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(`${text}\n  ]\n}\n`)
}

const columns = [
  'index',
  'state',
  'file',
  'prompt',
  'negative',
  'seed',
  'width',
  'height',
  'model',
  'modelSha256',
  'tokensSha256',
  'sha256',
  'bytes',
  'milliseconds',
  'source',
  'error',
]

async function* csvChunks(journals: readonly string[], winners: readonly Winner[]): AsyncGenerator<Uint8Array> {
  let text = `${columns.join(',')}\r\n`
  for await (const item of readWinners(journals, winners)) {
    const cells: Readonly<Record<string, unknown>> = {
      ...item,
      error: item.state === 'failed' ? item.error.message : '',
    }
    text += `${columns.map((column) => csvCell(cells[column])).join(',')}\r\n`
    if (text.length < 1 << 16) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

/** A cell that begins like a formula would be one for a spreadsheet; the prompts may be anybody's. */
function csvCell(value: unknown): string {
  if (typeof value === 'number') return String(value)
  const text = typeof value === 'string' ? value : ''
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
