/**
 * One item, from its request to its file and its lines in the journal. The file is whole or not there; the journal says what it
 * will hold before it gets its name, so a kill between the two leaves nothing that the next run cannot explain.
 */
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { readFile, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join, posix, relative, sep } from 'node:path'
import { atomicSave } from '../files/atomic-save.ts'
import { readFailure } from '../files/read-failure.ts'
import { makeFolderForGood, type Storage, systemCode } from '../files/storage.ts'
import { writeFailure } from '../files/write-failure.ts'
import type { CancelSignal } from '../shared/base/cancel.ts'
import type { GeneratedPicture } from '../shared/contract/engine-api.ts'
import { isCancelled, StudioError, toErrorRecord } from '../shared/contract/errors.ts'
import type { PictureInput } from '../shared/contract/picture.ts'
import type { BatchFolder } from './batch-folder.ts'
import { type BatchItem, requestOf } from './items.ts'
import type { Journals, JournalWriter } from './journal.ts'
import type { ItemRecord } from './journal-lines.ts'
import { isWhole } from './manifest.ts'
import type { PatientEngine } from './patient-engine.ts'

export type Made =
  /** `earlier`: by another run, nothing was done. */
  | { readonly is: 'done'; readonly file: string; readonly earlier: boolean }
  | { readonly is: 'skipped'; readonly file: string }
  | { readonly is: 'failed'; readonly file: string; readonly error: StudioError }

export interface ItemHooks {
  /** Raised, the item is given up: 'cancelled' is thrown, and nothing is written down. */
  readonly signal?: CancelSignal
  /** The engine has begun with it. */
  readonly onBegun?: () => void
}

interface Parts {
  readonly folder: BatchFolder
  readonly engine: PatientEngine
  readonly journals: Journals
  readonly writer: JournalWriter
  /** What the pictures are written to. */
  readonly storage: Storage
}

/** As large as an input may be, bytes. */
const largestInput = 1 << 30

export class ItemMaker {
  readonly #folder: BatchFolder
  readonly #engine: PatientEngine
  readonly #journals: Journals
  readonly #writer: JournalWriter
  readonly #storage: Storage
  readonly #madeFolders = new Set<string>()

  constructor({ folder, engine, journals, writer, storage }: Parts) {
    this.#folder = folder
    this.#engine = engine
    this.#journals = journals
    this.#writer = writer
    this.#storage = storage
  }

  /** @throws StudioError 'write-failed' where nothing more can be written, 'engine-lost' where it starts no more, 'cancelled' */
  async make(item: BatchItem, hooks: ItemHooks = {}): Promise<Made> {
    const earlier = await this.#finished(item)
    if (earlier !== undefined) return { is: 'done', file: earlier, earlier: true }
    try {
      return await this.#makeAnew(item, hooks)
    } catch (thrown) {
      if (isCancelled(thrown) || isFatal(thrown) || this.#engine.isHopeless) throw thrown
      const { code, message } = toErrorRecord(thrown)
      this.#writer.append({ state: 'failed', ...place(item), file: item.file, error: { code, message } })
      const error = thrown instanceof StudioError ? thrown : new StudioError('internal', message, { cause: thrown })
      return { is: 'failed', file: item.file, error }
    }
  }

  /** The file that an earlier run, or another worker, has written. */
  async #finished(item: BatchItem): Promise<string | undefined> {
    if (this.#journals.state(item.id) === undefined && (await this.#exists(item.file))) await this.#journals.refresh()
    const state = this.#journals.state(item.id)
    const parts = this.#journals.partsOf(item.id)
    for (const part of parts) await unlink(this.#path(part)).catch(() => undefined)
    if (state?.is === 'done' && (await this.#exists(state.file))) return state.file
    if (state?.is !== 'writing' || !(await isWhole(this.#path(state.file), state))) return undefined
    this.#writer.append({ state: 'done', id: item.id })
    return state.file
  }

  async #makeAnew(item: BatchItem, hooks: ItemHooks): Promise<Made> {
    const { spec, model } = this.#folder.header
    if (spec.existing === 'skip' && (await this.#isForeign(item))) {
      this.#writer.append({ state: 'skipped', ...place(item), file: item.file })
      return { is: 'skipped', file: item.file }
    }
    const request = requestOf(spec, item, model.id, await this.#inputs(item))
    const asPng = spec.format.type === 'png' && spec.withRecipe
    let began = performance.now()
    const onEvent = (event: { readonly type: string }): void => {
      // The engine has one queue; waiting in it is not this item's time.
      if (event.type !== 'loading') return
      began = performance.now()
      hooks.onBegun?.()
    }
    const picture = await this.#engine.generate({ request, options: { png: asPng } }, { signal: hooks.signal, onEvent })
    const milliseconds = Math.round(performance.now() - began)
    const bytes = (asPng ? picture.png : undefined) ?? (await this.#engine.encode(picture, spec.format))
    const file = await this.#write(item, bytes, recordOf(item, picture, bytes, milliseconds))
    return { is: 'done', file, earlier: false }
  }

  async #write(item: BatchItem, bytes: Uint8Array, record: Omit<ItemRecord, 'file'>): Promise<string> {
    const file = await this.#freeName(item)
    const path = this.#path(file)
    const replaces = this.#folder.header.spec.existing === 'replace'
    const writer = this.#writer
    const announce = (temporary: string): (() => void) => {
      writer.append({ state: 'writing', ...record, file, part: posix.join(posix.dirname(file), basename(temporary)) })
      const drop = () => rmSync(temporary, { force: true })
      process.once('exit', drop)
      return () => process.off('exit', drop)
    }
    /** The journal's line is on the disk before the file gets its name. */
    async function* chunks() {
      await writer.sync()
      yield bytes
    }
    try {
      await this.#makeFolder(dirname(path))
      const ifTaken = replaces ? 'replace' : 'number'
      const saved = await atomicSave(this.#storage, path, chunks(), { ifTaken, onTemporary: announce })
      const written = this.#relative(saved.path)
      // Somebody took the name meanwhile.
      if (written !== file) writer.append({ state: 'writing', ...record, file: written, part: null })
      writer.append({ state: 'done', id: item.id })
      return written
    } catch (error) {
      throw writeFailure(path, error)
    }
  }

  /**
   * The item's own name, or where another's file has it and it is not to be replaced, the first with a number. '_2' and not '-2', which
   * other items of the batch may be called.
   */
  async #freeName(item: BatchItem): Promise<string> {
    const { existing } = this.#folder.header.spec
    const isFree = async (file: string): Promise<boolean> => {
      const owner = this.#journals.ownerOf(file)
      if (owner === item.id) return true
      if (owner === undefined && existing === 'replace') return true
      return !(await this.#exists(file))
    }
    const ending = posix.extname(item.file)
    for (let number = 1; ; number++) {
      const file = number === 1 ? item.file : `${item.file.slice(0, -ending.length)}_${number}${ending}`
      if (await isFree(file)) return file
    }
  }

  /** Whether a file of the item's name is there that this batch has not written. */
  async #isForeign(item: BatchItem): Promise<boolean> {
    return this.#journals.ownerOf(item.file) === undefined && (await this.#exists(item.file))
  }

  async #inputs({ picture }: BatchItem): Promise<{ image?: PictureInput; mask?: PictureInput }> {
    const { source } = this.#folder.header.spec
    if (picture === null || source.kind === 'prompts') return {}
    const image = await readPicture(join(source.folder, picture.path))
    if (picture.mask === null || source.masks === null) return { image }
    return { image, mask: await readPicture(join(source.masks, picture.mask)) }
  }

  async #makeFolder(folder: string): Promise<void> {
    if (this.#madeFolders.has(folder)) return
    // A drive that was taken away must not come back as a folder on another one.
    await stat(this.#folder.path)
    await makeFolderForGood(this.#storage, folder)
    this.#madeFolders.add(folder)
  }

  async #exists(file: string): Promise<boolean> {
    return (await stat(this.#path(file)).catch(() => undefined)) !== undefined
  }

  #path(file: string): string {
    return join(this.#folder.out, ...file.split('/'))
  }

  #relative(path: string): string {
    return relative(this.#folder.out, path).split(sep).join('/')
  }
}

/** What concerns one name alone is that item's error; anything else will meet the next item, too. */
function isFatal(error: unknown): boolean {
  if (!(error instanceof StudioError)) return systemCode(error) !== undefined
  if (error.code !== 'write-failed') return ['model-missing', 'model-broken', 'device-unavailable'].includes(error.code)
  const code = error.detail ?? systemCode(error.cause)
  return code !== 'ENAMETOOLONG' && code !== 'EISDIR'
}

function place({ id, index, row, prompt, negative, seed, picture }: BatchItem) {
  return { id, index, row, prompt, negative, seed, source: picture?.path ?? null }
}

function recordOf(
  item: BatchItem,
  { pixels, recipe }: GeneratedPicture,
  bytes: Uint8Array,
  milliseconds: number,
): Omit<ItemRecord, 'file'> {
  return {
    ...place(item),
    width: pixels.width,
    height: pixels.height,
    model: recipe.request.model,
    modelSha256: recipe.modelSha256,
    tokensSha256: recipe.tokensSha256,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    milliseconds,
  }
}

async function readPicture(path: string): Promise<PictureInput> {
  try {
    if ((await stat(path)).size > largestInput)
      throw new StudioError('picture-too-large', `${path} is larger than 1 GB: scale the picture down first.`)
    return { kind: 'file', bytes: new Uint8Array(await readFile(path)), name: basename(path) }
  } catch (error) {
    throw readFailure(path, error)
  }
}
