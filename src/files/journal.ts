/**
 * Keeps what was done to a document on disk, at most half a second behind, whatever dies: a file with a base snapshot and what
 * changed since. Records are appended and synced together; when the changes outgrow the snapshot, a new file with a new
 * snapshot replaces the old one whole. After a failed write the file's end is in doubt, so the next attempt does that too.
 */
import { join } from 'node:path'
import { atomicSave } from './atomic-save.ts'
import { journalHead, journalRecord } from './journal-format.ts'
import { type Storage, type StoredFile, writeFully } from './storage.ts'
import { writeFailure } from './write-failure.ts'

export const journalName = 'journal'

/** Calls `run` once, later; returns what takes that back. */
export type After = (milliseconds: number, run: () => void) => () => void

export interface JournalState {
  readonly name: string
  readonly path: string | null
  /** Whether a file holds the snapshot as it is. */
  readonly saved: boolean
  /** The whole document as JSON, with every entry appended so far in it. */
  readonly snapshot: unknown
}

export interface JournalOptions {
  readonly storage: Storage
  /** The session's own folder, which exists. */
  readonly folder: string
  /** Asked at the start and when the file has grown. */
  readonly state: () => JournalState
  /** Brings the tiles that entries name to the disk for good; runs before an entry that may name them is written. */
  readonly syncTiles: () => Promise<void>
  /** With a StudioError when a write failed (it is tried again by itself), with null when writing works again. */
  readonly onProblem: (problem: unknown) => void
  readonly after?: After
  readonly now?: () => number
  /** How long an entry may wait for others, in ms. Sync and all, a second is still well below the 2 s that we promise. */
  readonly delay?: number
  /** How far changes may outgrow the snapshot before a new file, in bytes. */
  readonly slack?: number
}

const timer: After = (milliseconds, run) => {
  const handle = setTimeout(run, milliseconds)
  return () => clearTimeout(handle)
}

export class Journal {
  readonly #options: JournalOptions
  readonly #path: string
  #pending: Uint8Array[] = []
  #file: StoredFile | undefined
  /** Bytes of entries in the file, and of its base. */
  #grown = 0
  #baseSize = 0
  #mustRebase = true
  #cancelTimer: (() => void) | undefined
  #running: Promise<void> | undefined
  #failing = false
  #closed = false

  constructor(options: JournalOptions) {
    this.#options = options
    this.#path = join(options.folder, journalName)
  }

  /** Notes one finished operation, as JSON. Costs its serialisation only; the disk follows. */
  append(entry: unknown): void {
    this.#pending.push(journalRecord(entry))
    this.#schedule()
  }

  /** Writes a new base: at the start, and after a save when the name or the path changed. @throws as `flush` */
  async rebase(): Promise<void> {
    this.#mustRebase = true
    await this.flush()
  }

  /**
   * Brings all that was appended to the disk for good.
   *
   * @throws StudioError 'write-failed'; nothing is lost from memory, and it is tried again by itself
   */
  async flush(): Promise<void> {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    while (this.#running !== undefined) await this.#running.catch(() => undefined)
    if (!this.#mustRebase && this.#pending.length === 0) return
    this.#running = this.#write()
    try {
      await this.#running
    } catch (error) {
      const failure = writeFailure(this.#path, error)
      this.#failing = true
      this.#options.onProblem(failure)
      throw failure
    } finally {
      this.#running = undefined
      if (this.#failing) this.#schedule()
    }
  }

  /** Writes what is left and lets go of the file. The journal stays on disk: a closed document discards its session. */
  async close(): Promise<void> {
    this.#closed = true
    try {
      await this.flush()
    } finally {
      this.#cancelTimer?.()
      await this.#closeFile()
    }
  }

  #schedule(): void {
    if (this.#cancelTimer !== undefined || this.#closed) return
    const { after = timer, delay = 500 } = this.#options
    this.#cancelTimer = after(delay, () => {
      this.#cancelTimer = undefined
      this.flush().catch(() => undefined)
    })
  }

  async #write(): Promise<void> {
    const { slack = 4 * 2 ** 20 } = this.#options
    try {
      if (this.#file === undefined || this.#mustRebase || this.#grown > this.#baseSize + slack) await this.#writeBase()
      else await this.#appendTo(this.#file)
    } catch (error) {
      this.#mustRebase = true
      await this.#closeFile()
      throw error
    }
    if (!this.#failing) return
    this.#failing = false
    this.#options.onProblem(null)
  }

  async #appendTo(file: StoredFile): Promise<void> {
    const records = Buffer.concat(this.#pending)
    // From here on they are in the file, or in the next base.
    this.#pending = []
    await this.#options.syncTiles()
    await writeFully(file, records)
    await file.syncData()
    this.#grown += records.length
  }

  async #writeBase(): Promise<void> {
    const { storage, state, now = Date.now } = this.#options
    const { name, path, saved, snapshot } = state()
    this.#pending = []
    this.#mustRebase = false
    const head = journalHead({ format: 1, name, path, saved, at: now(), snapshot })
    await this.#options.syncTiles()
    await this.#closeFile()
    const { bytes } = await atomicSave(storage, this.#path, head)
    this.#file = await storage.open(this.#path, 'a')
    this.#baseSize = bytes
    this.#grown = 0
  }

  async #closeFile(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close().catch(() => undefined)
  }
}
