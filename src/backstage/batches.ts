/** Batches for windows: one runs at a time, with the same engine as everything else; its pictures go to its own folder alone. */
import { basename } from 'node:path'
import { BatchControl, checkSpec, planBatch, readRows, rowsKindOf, runBatch } from '../batch/index.ts'
import { readFailure } from '../files/read-failure.ts'
import { readWhole, type Storage } from '../files/storage.ts'
import { Throttle } from '../library/throttle.ts'
import type { BatchApi, BatchState } from '../shared/contract/batch-api.ts'
import type { BatchProgress, BatchSpec } from '../shared/contract/batch.ts'
import type { EngineApi } from '../shared/contract/engine-api.ts'
import { StudioError, toErrorRecord } from '../shared/contract/errors.ts'
import type { FileSource, StudioEvent } from '../shared/contract/studio-api.ts'

export interface BatchesOptions {
  readonly storage: Storage
  readonly engine: EngineApi
  readonly onEvent: (event: StudioEvent) => void
  readonly log: (line: string) => void
}

/** Between two events. */
const eventMilliseconds = 200
/** A million rows of some hundred characters. */
const largestList = 2 ** 28
const nothingYet: BatchProgress = {
  items: 0,
  done: 0,
  skipped: 0,
  failed: 0,
  picturesAnHour: null,
  finishesAt: null,
  last: null,
  lastError: null,
}

export class Batches implements BatchApi {
  readonly #options: BatchesOptions
  readonly #told: Throttle
  #state: BatchState = { is: 'none' }
  #control: BatchControl | undefined
  #running: Promise<void> | undefined

  constructor(options: BatchesOptions) {
    this.#options = options
    this.#told = new Throttle(eventMilliseconds, () => options.onEvent({ type: 'batch', batch: this.#state }))
  }

  async readRows({ source }: { readonly source: FileSource }) {
    const name = source.kind === 'path' ? basename(source.path) : source.name
    const kind = rowsKindOf(name)
    return { rows: readRows(textOf(name, await this.#bytesOf(source)), kind) }
  }

  async planBatch({ spec }: { readonly spec: BatchSpec }) {
    return await planBatch(spec, this.#options.engine)
  }

  /** What goes wrong from here on is told as the end of the batch. */
  async startBatch({ spec }: { readonly spec: BatchSpec }): Promise<void> {
    if (this.#running !== undefined)
      throw new StudioError('bad-request', 'A batch runs already. Wait for it, or stop it first.')
    const checked = checkSpec(spec)
    const control = new BatchControl()
    this.#control = control
    this.#change({ is: 'running', progress: nothingYet, out: checked.out, manifest: '' })
    this.#running = this.#run(checked, control).finally(() => {
      this.#running = undefined
      this.#control = undefined
    })
  }

  async pauseBatch({ paused }: { readonly paused: boolean }): Promise<void> {
    if (this.#control === undefined || this.#state.is === 'none') return
    this.#control.pause(paused)
    this.#change({ ...this.#state, is: paused ? 'paused' : 'running' })
  }

  async stopBatch(): Promise<void> {
    this.#control?.stop()
  }

  async batch(): Promise<BatchState> {
    return this.#state
  }

  /** It goes on where it was when the same batch is started again. */
  async close(): Promise<void> {
    this.#control?.stop()
    await this.#running
    this.#told.stop()
  }

  async #run(spec: BatchSpec, control: BatchControl): Promise<void> {
    const onProgress = (progress: BatchProgress): void => {
      if (this.#state.is !== 'none') this.#change({ ...this.#state, progress })
    }
    const { out } = spec
    try {
      const { progress, manifest } = await runBatch(spec, this.#options.engine, { control, onProgress })
      this.#change({ is: 'ended', progress, out, manifest })
    } catch (error) {
      const record = toErrorRecord(error)
      if (record.code === 'internal') this.#options.log(`a batch failed: ${record.detail ?? record.message}`)
      const progress = this.#state.is === 'none' ? nothingYet : this.#state.progress
      this.#change({ is: 'ended', progress: { ...progress, lastError: record.message }, out, manifest: '' })
    }
  }

  #change(state: BatchState): void {
    this.#state = state
    this.#told.poke()
  }

  async #bytesOf(source: FileSource): Promise<Uint8Array> {
    if (source.kind === 'bytes') return source.bytes
    const { storage } = this.#options
    try {
      if ((await storage.info(source.path)).size > largestList)
        throw new StudioError('bad-request', `${source.path} is larger than 256 MB. Split it.`)
      return await readWhole(storage, source.path)
    } catch (error) {
      throw readFailure(source.path, error)
    }
  }
}

function textOf(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new StudioError('bad-request', `${name} is no text in UTF-8. Save it as UTF-8 and choose it again.`, {
      cause,
    })
  }
}
