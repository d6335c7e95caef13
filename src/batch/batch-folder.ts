/**
 * What a batch keeps of itself beside its pictures: `<out>/.paella-batch/<id>/` with `batch.json` (what holds for all runs and
 * shards of it), a journal for each of them, and their locks. The folder may be shared by many machines; it may be deleted when
 * all is done.
 */
import { randomBytes } from 'node:crypto'
import { basename, join } from 'node:path'
import { readFailure } from '../files/read-failure.ts'
import { makeFolderForGood, nodeStorage, readWhole, systemCode, writeFully } from '../files/storage.ts'
import { writeFailure } from '../files/write-failure.ts'
import type { BatchSpec } from '../shared/contract/batch.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { Size } from '../shared/geometry/rect.ts'

export interface BatchHeader {
  readonly version: 1
  readonly id: string
  /** When it was begun, YYYY-MM-DD: the {date} of all its names. */
  readonly date: string
  /** What was used then, where the specification names none. */
  readonly model: { readonly id: string; readonly sha256: string; readonly size: Size }
  /** Without the rows of a list: items say all that was in them. */
  readonly spec: BatchSpec
}

export interface BatchFolder {
  /** Where the pictures go. */
  readonly out: string
  /** Where journals and locks lie. */
  readonly path: string
  readonly header: BatchHeader
}

const ownName = '.paella-batch'
const headerName = 'batch.json'

/** Of an earlier run; undefined where there was none. @throws StudioError 'file-unreadable' */
export async function findBatch(out: string, id: string): Promise<BatchFolder | undefined> {
  const path = join(out, ownName, id)
  try {
    const bytes = await readWhole(nodeStorage, join(path, headerName))
    const header = JSON.parse(Buffer.from(bytes).toString()) as BatchHeader
    return { out, path, header: { ...header, spec: { ...header.spec, out } } }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    if (error instanceof SyntaxError)
      throw new StudioError('file-unreadable', `${join(path, headerName)} is damaged: delete the folder ${path}.`)
    throw readFailure(path, error)
  }
}

/** The ids of all batches that were begun in a folder. @throws StudioError 'file-not-found' where there is none */
export async function batchesIn(out: string): Promise<string[]> {
  const names = await nodeStorage.list(join(out, ownName)).catch(() => [])
  const ids = names.filter((name) => /^[0-9a-f]{24}$/.test(name))
  if (ids.length === 0)
    throw new StudioError('file-not-found', `No batch was begun in ${out}: name the folder that holds ${ownName}.`)
  return ids
}

/** The batch as it was begun here, or begun now: of several that begin it at once, one decides. @throws StudioError 'write-failed' */
export async function openBatch(out: string, header: BatchHeader): Promise<BatchFolder> {
  const path = join(out, ownName, header.id)
  try {
    await makeFolderForGood(nodeStorage, path)
    const { spec } = header
    const source = spec.source.kind === 'prompts' ? { ...spec.source, rows: [] } : spec.source
    await placeOnce(path, headerName, JSON.stringify({ ...header, spec: { ...spec, source } }))
    await placeOnce(join(out, ownName), 'first', header.id)
  } catch (error) {
    throw writeFailure(path, error)
  }
  const found = await findBatch(out, header.id)
  if (found === undefined)
    throw new StudioError('write-failed', `${path} is gone: do not delete it while a batch runs.`)
  const { model } = found.header
  if (model.sha256 !== header.model.sha256)
    throw new StudioError(
      'bad-request',
      `The batch in ${out} was begun with other weights of ${model.id}, so the rest would not match: choose another folder.`,
    )
  return found
}

/** The manifest's name without its ending: the first batch of a folder has the plain one. */
export async function manifestName({ out, header }: BatchFolder): Promise<string> {
  const first = await readWhole(nodeStorage, join(out, ownName, 'first')).then(
    (bytes) => Buffer.from(bytes).toString(),
    () => header.id,
  )
  return first === header.id ? 'manifest' : `manifest-${header.id.slice(0, 8)}`
}

/** Whole, and by one of many processes: the others keep what is there. */
async function placeOnce(folder: string, name: string, text: string): Promise<void> {
  if (await nodeStorage.info(join(folder, name)).catch(() => undefined)) return
  const temporary = join(folder, `${basename(name)}.${randomBytes(6).toString('hex')}`)
  const file = await nodeStorage.open(temporary, 'wx')
  try {
    await writeFully(file, Buffer.from(text))
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await nodeStorage.link(temporary, join(folder, name))
  } catch (error) {
    // Where the disk knows no hard links, two at once write the same but for the day.
    if (systemCode(error) !== 'EEXIST') return await nodeStorage.rename(temporary, join(folder, name))
  }
  await nodeStorage.unlink(temporary)
  await nodeStorage.syncFolder(folder)
}
