/**
 * One open document behind its window: a replica that every change of the window is replayed on, its tiles, and the journal that
 * keeps both on the disk. Saving and exporting work on the replica and need nothing from the window.
 */
import { join } from 'node:path'
import type { DocumentDiff } from '../document/draft.ts'
import type { Records } from '../document/invariants.ts'
import { toSnapshot } from '../document/snapshot.ts'
import type { DocumentStore } from '../document/store.ts'
import { Gate } from '../files/gate.ts'
import { type After, Journal } from '../files/journal.ts'
import { discardSession, type Session, tilesName } from '../files/sessions.ts'
import type { Storage } from '../files/storage.ts'
import type { StripFile } from '../files/strip-file.ts'
import { TileStore } from '../files/tile-store.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { OpenedDocument } from '../shared/contract/studio-api.ts'
import { HistorySteps } from './history-steps.ts'
import { RecentTiles } from './recent-tiles.ts'
import { tilesOfRecords } from './tiles-of-records.ts'

export interface DocumentParts {
  readonly storage: Storage
  readonly session: Session
  readonly tiles: TileStore
  readonly store: DocumentStore
  readonly name: string
  /** The document's file; null where there is none. */
  readonly path: string | null
  /** Whether a file holds it as it is. */
  readonly saved: boolean
  /** For tests: when the journal is written without being asked. */
  readonly after?: After | undefined
  /** Gets why the journal cannot be written, in words, and null when it can be again. */
  readonly onProblem: (message: string | null) => void
}

/** The tiles of a session. @param isNew nothing is in its folder yet */
export function sessionTiles(storage: Storage, { folder }: Session, isNew: boolean): TileStore {
  return new TileStore({ storage, folder: join(folder, tilesName), isNew })
}

/** What a page is given of a document. */
export function openedDocument(
  document: OpenDocument,
  path: string | null,
  dirty: boolean,
  warnings: readonly string[],
): OpenedDocument {
  return { key: document.key, name: document.name, path, snapshot: document.snapshot(), dirty, warnings }
}

export class OpenDocument {
  readonly session: Session
  readonly tiles: TileStore
  readonly steps: HistorySteps
  /** One save at a time. */
  readonly saving = new Gate()
  /** What the last save left for the next. */
  strips: StripFile | undefined
  /** Paths that were saved to since it was opened: only the first save of each keeps the version before. */
  readonly savedPaths = new Set<string>()
  name: string
  path: string | null
  /** When it was changed last, in ms since 1970. */
  touched = Date.now()
  /** Why the journal cannot be written; null where it can. */
  problem: string | null = null
  readonly #storage: Storage
  readonly #store: DocumentStore
  readonly #journal: Journal
  readonly #recent = new RecentTiles()
  /** Records that are being saved or exported: their tiles stay. */
  readonly #used = new Set<Records>()
  #changes = 0
  /** How many changes the file has; undefined where there is no file. */
  #savedChanges: number | undefined

  constructor({ storage, session, tiles, store, name, path, saved, after, onProblem }: DocumentParts) {
    this.#storage = storage
    this.session = session
    this.tiles = tiles
    this.#store = store
    this.name = name
    this.path = path
    this.#savedChanges = saved ? 0 : undefined
    this.steps = new HistorySteps(storage, session.folder)
    this.#journal = new Journal({
      storage,
      folder: session.folder,
      state: () => ({ name: this.name, path: this.path, saved: !this.isWorthKeeping, snapshot: this.snapshot() }),
      syncTiles: () => tiles.sync(),
      ...(after === undefined ? {} : { after }),
      onProblem: (problem) => {
        this.problem = problem instanceof Error ? problem.message : null
        onProblem(this.problem)
      },
    })
  }

  get key(): string {
    return this.session.id
  }

  get records(): Records {
    return this.#store.records
  }

  get isDirty(): boolean {
    return this.#savedChanges !== this.#changes
  }

  /** Whether anything would be lost with it: an empty canvas that nobody touched is no work. */
  get isWorthKeeping(): boolean {
    return this.isDirty && (this.#changes > 0 || this.records.size > 1)
  }

  /** Counts the changes, for `markSaved`. */
  get changes(): number {
    return this.#changes
  }

  snapshot(): unknown {
    return toSnapshot(this.records)
  }

  putTile(tile: Uint8Array): string {
    // A view of a larger message would keep all of that in memory.
    const id = this.tiles.put(tile.byteLength === tile.buffer.byteLength ? tile : Uint8Array.from(tile))
    this.#recent.add(id)
    return id
  }

  /** @throws StudioError 'bad-request' where the change does not fit; nothing has changed then */
  append(label: string, diff: DocumentDiff): void {
    try {
      this.#store.replay(label, diff)
    } catch (cause) {
      throw new StudioError(
        'bad-request',
        `'${label.slice(0, 100)}' does not fit what is kept of the document. Save it under another name, then open that.`,
        { cause, detail: cause instanceof Error ? cause.message : undefined },
      )
    }
    this.#changes += 1
    this.touched = Date.now()
    this.#journal.append({ label, diff })
  }

  /** @throws StudioError 'write-failed' */
  async flush(): Promise<void> {
    await this.#journal.flush()
  }

  /** The file at `path` holds the document as it was after so many changes. */
  async markSaved(path: string, name: string, changes: number): Promise<void> {
    this.path = path
    this.name = name
    this.savedPaths.add(path)
    this.#savedChanges = changes
    // The file is written; a journal that cannot be is told and tried again by itself.
    await this.#journal.rebase().catch(() => undefined)
  }

  /** Runs `work` on the document as it is now; its tiles stay until that is done. */
  async using<T>(work: (records: Records) => Promise<T>): Promise<T> {
    // A copy, as two may use the same records.
    const records = new Map(this.records)
    this.#used.add(records)
    try {
      return await work(records)
    } finally {
      this.#used.delete(records)
    }
  }

  /**
   * Removes tiles that nothing names: neither `keep`, nor the document, nor what is being saved, nor what was put a moment ago
   * and may be named next.
   */
  async sweep(keep: readonly string[]): Promise<void> {
    // Afterwards no entry of the journal stands before the document as it was now, so a torn one leads to tiles that are kept.
    const before = this.records
    await this.#journal.rebase()
    const kept = new Set([...keep, ...this.#recent.list()])
    for (const records of [before, this.records, ...this.#used])
      for (const id of tilesOfRecords(records).keys()) kept.add(id)
    await this.tiles.sweep(kept)
  }

  /** Writes what is left and lets go; the session stays. */
  async close(): Promise<void> {
    await this.#settled()
    await this.#journal.close()
  }

  /** Forgets the document and all that was kept of it. @throws StudioError 'write-failed' */
  async discard(): Promise<void> {
    await this.#settled()
    await this.#journal.close().catch(() => undefined)
    await this.tiles.settled()
    await discardSession(this.#storage, this.session)
  }

  async #settled(): Promise<void> {
    await this.saving.alone(async () => undefined)
    await this.steps.settled()
  }
}
