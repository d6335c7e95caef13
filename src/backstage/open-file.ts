/**
 * Opening: a document of ours as it was saved, one of another program layer by layer, a picture as a document of one layer. No
 * picture is decoded here; the engine's process does that.
 */
import { limits } from '../document/limits.ts'
import { addRasterLayer } from '../document/layers/add.ts'
import { newDocument } from '../document/new-document.ts'
import { tileSide } from '../document/records.ts'
import { fromSnapshot } from '../document/snapshot.ts'
import type { DocumentStore } from '../document/store.ts'
import { cutTiles } from '../files/cut-tiles.ts'
import { foreignDocument } from '../files/foreign-document.ts'
import type { OraFile } from '../files/ora-read.ts'
import type { StripFile } from '../files/strip-file.ts'
import type { TileStore } from '../files/tile-store.ts'
import { type CancelSignal, throwIfCancelled } from '../shared/base/cancel.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { FileSource, OpenedDocument } from '../shared/contract/studio-api.ts'
import type { Codecs, Desk, Page } from './desk.ts'
import { findFile, type FoundFile, stemOf } from './file-source.ts'
import { openedDocument } from './open-document.ts'
import { recipeIn } from './recipe-text.ts'
import { tilesOfRecords } from './tiles-of-records.ts'

export interface Work {
  readonly signal: CancelSignal | undefined
  readonly onProgress: (share: number) => void
}

interface Read {
  readonly store: DocumentStore
  readonly warnings: readonly string[]
  /** What the first save need not make anew. */
  readonly strips?: StripFile | undefined
}

/** @throws StudioError 'file-not-found', 'not-a-picture', 'document-broken', 'engine-lost', 'write-failed', 'cancelled' ... */
export async function openFile(desk: Desk, page: Page, source: FileSource, work: Work): Promise<OpenedDocument> {
  const file = await findFile(desk.storage, source)
  let read: Read | undefined
  const document = await desk.open(page, async ({ tiles }) => {
    read =
      file.is === 'document'
        ? await readDocument(file, desk.codecs, tiles, work).catch((error: unknown) => {
            throw named(file.name, error)
          })
        : await readPicture(file, desk.codecs, tiles, work)
    // What could not be taken over whole is not written over without asking.
    const path = file.is === 'document' && read.warnings.length === 0 ? file.path : null
    return { store: read.store, name: file.name, path, saved: true }
  })
  document.strips = read?.strips
  if (file.path !== null) desk.remember(file.path)
  document.flush().catch((error: unknown) => desk.log(document.name, error))
  return openedDocument(document, document.path, false, read?.warnings ?? [])
}

type FoundDocument = Extract<FoundFile, { is: 'document' }>

async function readDocument(file: FoundDocument, codecs: Codecs, tiles: TileStore, work: Work): Promise<Read> {
  const own = await ownDocument(file, tiles, work).catch((error: unknown) => {
    if (error instanceof StudioError && error.code === 'document-broken') return error
    throw error
  })
  if (own !== null && !(own instanceof StudioError)) return own
  const ora = await file.open({ ignoreOwnData: true })
  try {
    const decode = async (bytes: Uint8Array, name: string) => {
      throwIfCancelled(work.signal)
      return await codecs.decodePicture({ bytes, name })
    }
    const sink = { put: (bytes: Uint8Array) => tiles.put(bytes), sync: () => tiles.sync() }
    const { store, warnings } = await foreignDocument(ora, decode, sink, work.onProgress)
    if (own === null) return { store, warnings }
    const told = `What Paella Studio keeps in ${file.name} is damaged, so its layers were taken from their pictures (${own.message})`
    return { store, warnings: [told, ...warnings] }
  } finally {
    await ora.close()
  }
}

/** Says which file is broken: readers know a file's content and not its name. */
function named(name: string, error: unknown): unknown {
  if (!(error instanceof StudioError) || error.code !== 'document-broken') return error
  return new StudioError(error.code, error.message.replace(/^The document/, `'${name}'`), {
    detail: error.detail,
    cause: error.cause,
  })
}

/** Null for a file of another program. @throws StudioError 'document-broken' where our own part of it is damaged */
async function ownDocument(file: FoundDocument, tiles: TileStore, work: Work): Promise<Read | null> {
  const ora = await file.open()
  try {
    if (ora.document === null) return null
    const store = fromSnapshot(ora.document)
    await takeTiles(ora, store, tiles, work)
    return { store, warnings: [], strips: file.path === null ? undefined : await ora.strips(file.path) }
  } finally {
    await ora.close()
  }
}

async function takeTiles(ora: OraFile, store: DocumentStore, tiles: TileStore, work: Work): Promise<void> {
  const named = tilesOfRecords(store.records)
  const sizes = new Map([...named].map(([id, channels]) => [id, tileSide * tileSide * channels]))
  await ora.takeTiles(sizes, tiles, (done) => {
    throwIfCancelled(work.signal)
    work.onProgress(done / sizes.size)
  })
}

async function readPicture(
  { name, bytes }: Extract<FoundFile, { is: 'picture' }>,
  codecs: Codecs,
  tiles: TileStore,
  { signal, onProgress }: Work,
): Promise<Read> {
  const pixels = await codecs.decodePicture({ bytes, name })
  throwIfCancelled(signal)
  onProgress(0.5)
  const sink = { put: (bytes: Uint8Array) => tiles.put(bytes), sync: () => tiles.sync() }
  const surface = await cutTiles(pixels, { x: 0, y: 0 }, sink)
  const store = newDocument(pixels)
  const recipe = recipeIn(bytes, limits.recipe)
  addRasterLayer(store, { name: stemOf(name), surface, ...(recipe === null ? {} : { recipe }) })
  return { store, warnings: [] }
}
