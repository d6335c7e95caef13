/**
 * Runs a batch: every item once, whatever happened before. Some items are in the engine's queue at a time, so that it goes on with
 * the next while one is encoded and written. An item that fails is noted; a disk that takes nothing more ends the run.
 */
import { join } from 'node:path'
import { nodeStorage, type Storage } from '../files/storage.ts'
import { writeFailure } from '../files/write-failure.ts'
import type { BatchProgress, BatchSpec } from '../shared/contract/batch.ts'
import { isCancelled } from '../shared/contract/errors.ts'
import { BatchControl } from './control.ts'
import { type BatchItem, countItems, planItems } from './items.ts'
import { Journals, JournalWriter } from './journal.ts'
import { lockBatch } from './lock.ts'
import { ItemMaker, type Made } from './make-item.ts'
import { type ManifestSummary, writeManifest } from './manifest.ts'
import { Pace } from './pace.ts'
import { type BatchEngine, PatientEngine } from './patient-engine.ts'
import { beginBatch } from './prepare.ts'
import { oneShard, type Shard } from './shard.ts'
import { checkSpec } from './spec.ts'

export interface BatchHooks {
  readonly control?: BatchControl
  readonly shard?: Shard
  /** What the pictures are written to, where it is not the disk itself. */
  readonly storage?: Storage
  /** After each item; once for all that earlier runs have finished. */
  readonly onProgress?: (progress: BatchProgress) => void
  readonly onItem?: (item: BatchItem, made: Made) => void
}

export interface BatchOutcome {
  readonly progress: BatchProgress
  /** It was stopped before its end; the same call goes on. */
  readonly stopped: boolean
  /** The first of the errors, with the item's file. */
  readonly errors: readonly { readonly file: string; readonly message: string }[]
  /** Path of the JSON; the CSV lies beside it. */
  readonly manifest: string
}

/** One is sampled while the other is written, or waits. No more, as somebody who paints meanwhile waits behind them. */
const lanes = 2
const errorsKept = 100

/**
 * @throws StudioError 'bad-request' where the batch cannot be or somebody else makes it, 'write-failed', 'engine-lost' where no
 *   engine starts; what was finished stays, and the manifest is written where it can be.
 */
export async function runBatch(spec: BatchSpec, engine: BatchEngine, hooks: BatchHooks = {}): Promise<BatchOutcome> {
  const checked = checkSpec(spec)
  const shard = hooks.shard ?? oneShard
  const label = `${shard.index}-of-${shard.of}`
  const { folder, context } = await beginBatch(checked, engine)
  const lock = await lockBatch(folder.path, label)
  const journals = new Journals(folder.path)
  let writer: JournalWriter | undefined
  try {
    await journals.refresh()
    writer = new JournalWriter(folder.path, label, journals)
    // What holds now, and not what held when it was begun: how to treat files that are there may be changed.
    const current = { ...folder, header: { ...folder.header, spec: checked } }
    const maker = new ItemMaker({
      folder: current,
      engine: new PatientEngine(engine),
      journals,
      writer,
      storage: hooks.storage ?? nodeStorage,
    })
    const items = countItems(checked, context.pictures, shard)
    const run = new Run(maker, planItems(checked, context, shard), { ...hooks, items, out: checked.out })
    const manifest = () => manifestsOf(folder, shard, label)
    await run.all().catch(async (error: unknown) => {
      await manifest().catch(() => undefined)
      throw writeFailure(checked.out, error)
    })
    const { path } = await manifest()
    return { progress: run.progress, stopped: run.wasStopped, errors: run.errors, manifest: path }
  } catch (error) {
    throw writeFailure(folder.path, error)
  } finally {
    writer?.close()
    await lock.release()
  }

  /** A shard's own, and where all shards have left something to join, the batch's. */
  async function manifestsOf(...[batch, { of }, own]: [typeof folder, Shard, string]): Promise<ManifestSummary> {
    if (of === 1) return await writeManifest(batch)
    const summary = await writeManifest(batch, own)
    const joined = new Journals(batch.path)
    await joined.refresh()
    if (joined.size >= countItems(checked, context.pictures)) await writeManifest(batch)
    return summary
  }
}

class Run {
  readonly errors: { readonly file: string; readonly message: string }[] = []
  readonly #maker: ItemMaker
  readonly #items: Iterator<BatchItem>
  readonly #hooks: BatchHooks & { readonly out: string }
  readonly #control: BatchControl
  readonly #pace: Pace
  #isBroken = false
  #untold = 0

  constructor(
    maker: ItemMaker,
    items: Iterator<BatchItem>,
    hooks: BatchHooks & { readonly items: number; readonly out: string },
  ) {
    this.#maker = maker
    this.#items = items
    this.#hooks = hooks
    this.#control = hooks.control ?? new BatchControl()
    this.#pace = new Pace(hooks.items)
  }

  get progress(): BatchProgress {
    return this.#pace.progress
  }

  get wasStopped(): boolean {
    const { items, done, skipped, failed } = this.progress
    return done + skipped + failed < items
  }

  async all(): Promise<void> {
    const ends = await Promise.allSettled(Array.from({ length: lanes }, () => this.#lane()))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
    if (this.#untold > 0) this.#hooks.onProgress?.(this.progress)
  }

  async #lane(): Promise<void> {
    try {
      while (!this.#isBroken && (await this.#goesOn())) {
        const { value: item, done } = this.#items.next()
        if (done === true || !(await this.#make(item))) return
      }
    } catch (error) {
      this.#isBroken = true
      // Those that wait in the engine would be for nothing.
      this.#control.stop()
      throw error
    }
  }

  async #goesOn(): Promise<boolean> {
    if (!this.#control.isPaused) return !this.#control.isStopped
    const goesOn = await this.#control.goesOn()
    this.#pace.resume()
    return goesOn
  }

  /** False where it was stopped before the item was begun. */
  async #make(item: BatchItem): Promise<boolean> {
    for (;;) {
      const { signal, begun } = this.#control.watch()
      try {
        this.#tell(item, await this.#maker.make(item, { signal, onBegun: begun }))
        return true
      } catch (error) {
        if (!isCancelled(error)) throw error
        // Taken back from the engine's queue.
        if (!(await this.#goesOn())) return false
      } finally {
        begun()
      }
    }
  }

  #tell(item: BatchItem, made: Made): void {
    this.#pace.add(made, join(this.#hooks.out, made.file))
    if (made.is === 'failed' && this.errors.length < errorsKept)
      this.errors.push({ file: made.file, message: made.error.message })
    if (made.is === 'done' && made.earlier) {
      this.#untold += 1
      return
    }
    this.#untold = 0
    this.#hooks.onItem?.(item, made)
    this.#hooks.onProgress?.(this.progress)
  }
}
