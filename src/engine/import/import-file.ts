/**
 * One file into the store: recognised, planned, space checked, copied in our own container, hashed, listed. Nothing is written
 * outside of the staging folder until it is whole, and nothing stays there.
 */
import { statfsSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { StudioError } from '../../shared/contract/errors.ts'
import { shown } from '../checkpoint/byte-source.ts'
import { type OpenCheckpoint, openCheckpoint } from '../checkpoint/open-checkpoint.ts'
import { version } from '../version.ts'
import { ModelStore } from './model-store.ts'
import type { NetworkId, PartRecord } from './part-record.ts'
import type { Precision } from './precision.ts'
import { type Recognised, recognise } from './recognise.ts'
import { isWhole } from './store-care.ts'
import { hashOf, planPart, writePart } from './write-part.ts'

export interface ImportRequest {
  readonly path: string
  /** Folder of the store; made where it is not there. */
  readonly store: string
  readonly precision: Precision
  /** Id of the model that a denoiser makes; else one is made of its network. */
  readonly name?: string | undefined
  /** Of a CLIP the text tower alone. */
  readonly textOnly?: boolean | undefined
}

export interface ImportResult {
  readonly part: PartRecord
  /** False where the store had the same file in this precision already. */
  readonly isNew: boolean
}

export interface ImportProgress {
  readonly what: 'reading' | 'writing'
  /** Share of all that will be read and written, 0..1. */
  readonly share: number
}

/** @throws StudioError; the store is as it was then */
export function importFile(
  request: ImportRequest,
  onProgress: (progress: ImportProgress) => void = () => undefined,
): ImportResult {
  const checkpoint = openCheckpoint(request.path)
  try {
    return importCheckpoint(checkpoint, request, onProgress)
  } catch (error) {
    throw writeFailure(request.store, error)
  } finally {
    checkpoint.file.close()
  }
}

function importCheckpoint(
  checkpoint: OpenCheckpoint,
  request: ImportRequest,
  onProgress: (progress: ImportProgress) => void,
): ImportResult {
  const { file } = checkpoint
  const found = recognise(file.name, checkpoint.tensors, { textOnly: request.textOnly ?? false })
  const plan = planPart(found.network.id, found.tensors, request.precision)
  const total = file.size + 2 * plan.bytes
  let done = 0
  const progress = (what: ImportProgress['what']) => (count: number) => {
    done += count
    onProgress({ what, share: Math.min(1, done / total) })
  }
  const sourceHash = hashOf(request.path, progress('reading'))
  const store = new ModelStore(request.store)
  const tower = request.textOnly && found.network.id === 'clip' ? '-text' : ''
  const id = `${found.network.id}-${sourceHash.slice(0, 12)}-${request.precision}${tower}`
  const before = store.record(id)
  if (before && isWhole(store.weights(before), before, progress('reading'))) {
    store.writeManifests()
    return { part: before, isNew: false }
  }
  const name = basename(file.name, extname(file.name))
  const model = (): string | undefined =>
    modelId(store, found, { id, name, wanted: request.name, before: before?.model })
  // A name that is taken is refused before the work, not after it.
  model()
  const staging = store.openStaging()
  try {
    checkSpace(request, plan.bytes)
    const path = join(staging.folder, `${id}.safetensors`)
    const written = writePart(path, plan, found.tensors, progress('writing'))
    file.checkUnchanged()
    const modelName = model()
    const part: PartRecord = {
      format: 1,
      id,
      network: found.network.id,
      ...(modelName === undefined ? {} : { model: modelName }),
      name: shown(name),
      sizes: { ...found.sizes },
      precision: request.precision,
      bytes: plan.bytes,
      sha256: written.sha256,
      error: { relative: written.losses.relative, ...(written.worst ? { worst: written.worst } : {}) },
      source: { name: shown(file.name), bytes: file.size, sha256: sourceHash, format: checkpoint.format },
      passedOver: found.passedOver,
      ignored: checkpoint.ignored.slice(0, 100).map(shown),
      warnings: [...written.warnings],
      importer: version,
      imported: Date.now(),
    }
    store.publish(path, part)
    return { part, isNew: true }
  } finally {
    staging.close()
  }
}

/** Some network drives cannot say how much is free; then the writing finds out. */
function checkSpace({ store }: ImportRequest, bytes: number): void {
  const needed = bytes * 1.05 + (1 << 20)
  const { bavail, bsize } = statfsSync(store)
  const free = bavail * bsize
  if (free === 0 || free >= needed) return
  const megabytes = (count: number): string => `${Math.ceil(count / 1e6)} MB`
  const message = `The import needs ${megabytes(needed)} in ${store} and ${megabytes(free)} are free: free some, or choose another precision.`
  throw new StudioError('write-failed', message, { detail: 'ENOSPC' })
}

const denoisers: readonly NetworkId[] = ['paella-v1', 'paella-v3']

interface Naming {
  /** Of the part. */
  readonly id: string
  /** Of its file. */
  readonly name: string
  readonly wanted: string | undefined
  /** What it was called before its weights were lost or damaged. */
  readonly before: string | undefined
}

function modelId(store: ModelStore, { network }: Recognised, { id: part, name, wanted, before }: Naming) {
  if (!denoisers.includes(network.id)) return undefined
  if (wanted !== undefined) {
    if (store.isTaken(wanted, part))
      throw new StudioError(
        'bad-request',
        `The name ${wanted} is taken already. Choose another --name, or remove that model first.`,
      )
    return wanted
  }
  if (before !== undefined && !store.isTaken(before, part)) return before
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
  const base = slug.startsWith('paella') ? slug : `${network.id}-${slug}`.replace(/-+$/, '')
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`
    if (!store.isTaken(id, part)) return id
  }
}

/** The system's refusals, in words. What already is a StudioError passes. */
function writeFailure(store: string, error: unknown): unknown {
  if (error instanceof StudioError || !(error instanceof Error) || !('code' in error)) return error
  const causes: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full: free some space, or choose another precision',
    EDQUOT: 'your share of the disk is full: free some space',
    EACCES: 'permission is missing there: change it, or name another folder with --models',
    EPERM: 'permission is missing there: change it, or name another folder with --models',
    EROFS: 'it is read-only: name another folder with --models',
    ENOTDIR: 'it is no folder: name another one with --models',
  }
  const cause =
    causes[String(error.code)] ??
    `the system says ${String(error.code)}: try again, or name another folder with --models`
  return new StudioError('write-failed', `Nothing was imported into ${store}, ${cause}.`, {
    detail: String(error.code),
    cause: error,
  })
}
