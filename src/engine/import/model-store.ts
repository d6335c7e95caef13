/**
 * The store of imported weights: a folder with `parts` (of each part a safetensors file and its record), one folder a model whose
 * manifest names parts, and `.staging` for what is being made. A part is there when its record is: the record comes last and
 * goes first. Whatever a killed import left is removed by the next one.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { StudioError } from '../../shared/contract/errors.ts'
import { type ComposedModel, compose } from './compose.ts'
import { manifestOf } from './model-manifest.ts'
import { type PartRecord, partSchema } from './part-record.ts'
import { makeFolder, replaceFile, syncFolder } from './replace-file.ts'

const stagingName = '.staging'
export const partsName = 'parts'
/** What else lies beside the models. */
const notModels: readonly string[] = [partsName, 'downloads', 'location.json']

export interface StoreContents {
  /** Oldest first. */
  readonly parts: readonly PartRecord[]
  readonly models: readonly ComposedModel[]
  /** Records that cannot be read, by file name. */
  readonly broken: readonly string[]
}

export class ModelStore {
  readonly folder: string
  readonly #parts: string
  readonly #staging: string

  constructor(folder: string) {
    this.folder = folder
    this.#parts = join(folder, partsName)
    this.#staging = join(folder, stagingName)
  }

  read(): StoreContents {
    const parts: PartRecord[] = []
    const broken: string[] = []
    for (const file of namesIn(this.#parts).filter((name) => name.endsWith('.json'))) {
      const part = readRecord(join(this.#parts, file))
      if (part && file === `${part.id}.json` && existsSync(this.weights(part))) parts.push(part)
      else broken.push(file)
    }
    parts.sort((a, b) => a.imported - b.imported || (a.id < b.id ? -1 : 1))
    return { parts, models: compose(parts), broken }
  }

  /** What is known of a part, whether or not its weights are there. */
  record(id: string): PartRecord | undefined {
    const part = readRecord(join(this.#parts, `${id}.json`))
    return part?.id === id ? part : undefined
  }

  weights(part: Pick<PartRecord, 'id'>): string {
    return join(this.#parts, `${part.id}.safetensors`)
  }

  /** An empty folder of this process on the store's disk, and its end. */
  openStaging(): { readonly folder: string; close(): void } {
    this.clean()
    const folder = join(this.#staging, String(process.pid))
    rmSync(folder, { recursive: true, force: true })
    makeFolder(folder)
    return {
      folder,
      close: () => {
        rmSync(folder, { recursive: true, force: true })
        this.#removeEmpty()
      },
    }
  }

  /** Takes weights from a staging folder of this store, and lists them. */
  publish(weights: string, part: PartRecord): void {
    makeFolder(this.#parts)
    renameSync(weights, this.weights(part))
    syncFolder(this.#parts)
    replaceFile(join(this.#parts, `${part.id}.json`), part)
    this.writeManifests()
  }

  /**
   * Models first, so that none is listed whose part is gone. Of a store that is empty then no folder stays.
   * @throws StudioError 'write-failed'
   */
  remove(parts: readonly PartRecord[]): void {
    const gone = new Set(parts.map(({ id }) => id))
    try {
      this.writeManifests(compose(this.read().parts.filter(({ id }) => !gone.has(id))))
      for (const part of parts) {
        rmSync(join(this.#parts, `${part.id}.json`), { force: true })
        rmSync(this.weights(part), { force: true })
      }
    } catch (cause) {
      // The message of `rmSync` is not always whole.
      const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
      throw new StudioError(
        'write-failed',
        `Not all could be removed from ${this.folder} (${why}): make it writable and try again.`,
        { cause },
      )
    }
    this.#removeEmpty()
  }

  /** Makes the manifests say what the parts allow: those of whole models, and no others of ours. */
  writeManifests(models: readonly ComposedModel[] = this.read().models): void {
    const whole = new Map(models.filter(({ missing }) => missing.length === 0).map((model) => [model.id, model]))
    for (const name of namesIn(this.folder)) {
      const path = join(this.folder, name, 'model.json')
      if (whole.has(name) || !isOurManifest(path)) continue
      rmSync(path, { force: true })
      if (namesIn(join(this.folder, name)).length === 0)
        rmSync(join(this.folder, name), { recursive: true, force: true })
    }
    for (const model of whole.values()) {
      const path = join(this.folder, model.id, 'model.json')
      const manifest = manifestOf(model)
      if (isDeepStrictEqual(readJson(path), manifest)) continue
      makeFolder(join(this.folder, model.id))
      replaceFile(path, manifest)
    }
  }

  /** Removes what processes that are gone left behind: staging folders, and weights without a record. */
  clean(): void {
    for (const name of namesIn(this.#staging))
      if (!isAlive(Number(name))) rmSync(join(this.#staging, name), { recursive: true, force: true })
    removeEmpty(this.#staging)
    // Another import may be between its two steps.
    if (namesIn(this.#staging).some((name) => name !== String(process.pid))) return
    const names = new Set(namesIn(this.#parts))
    for (const name of names) {
      const isOrphan = name.endsWith('.safetensors') && !names.has(name.replace(/safetensors$/, 'json'))
      if (isOrphan || name.endsWith('.paella-part')) rmSync(join(this.#parts, name), { force: true })
    }
    this.#removeEmpty()
  }

  /** A store that came to nothing was never there. */
  #removeEmpty(): void {
    for (const folder of [this.#staging, this.#parts, this.folder]) removeEmpty(folder)
  }

  /** True where another part than `id` makes a model of that name, or anything else goes by it. */
  isTaken(model: string, id: string): boolean {
    if (notModels.includes(model) || this.read().parts.some((part) => part.model === model && part.id !== id))
      return true
    const path = join(this.folder, model)
    return existsSync(path) && !isOurManifest(join(path, 'model.json'))
  }
}

/** Names in a folder, sorted; none where there is no such folder. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

/** Not by force: where there is something in it, it stays. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Somebody's things are there, or nothing is.
  }
}

function readRecord(path: string): PartRecord | undefined {
  try {
    return partSchema.parse(readJson(path))
  } catch {
    return undefined
  }
}

/** undefined where there is none, or no JSON. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

const isOurManifest = (path: string): boolean =>
  (readJson(path) as { readonly weights?: unknown } | null | undefined)?.weights === `../${partsName}`

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Parts by id, or the parts of a model. @throws StudioError 'model-missing' with the ids there are */
export function findInStore({ parts, models }: StoreContents, id: string) {
  const model = models.find((one) => one.id === id)
  if (model) return { model, part: undefined }
  const part = parts.find((one) => one.id === id)
  if (part) return { model: undefined, part }
  const ids = [...models, ...parts].map((one) => one.id)
  const next = ids.length > 0 ? `Choose one of: ${ids.join(', ')}.` : 'Import one with paella models import.'
  throw new StudioError('model-missing', `Nothing imported is called '${id}'. ${next}`)
}
