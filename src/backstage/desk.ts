/**
 * All documents that are open behind windows, and whose they are. A window that goes without closing its documents leaves them
 * here: nobody's, kept on the disk, and offered to the next one that asks.
 */
import { join, resolve } from 'node:path'
import { removeLeftovers } from '../files/atomic-save.ts'
import type { After } from '../files/journal.ts'
import { isRunning, processIdentity } from '../files/process-identity.ts'
import { discardSession, type Holds, type Session, startSession } from '../files/sessions.ts'
import { makeFolderForGood, type Storage } from '../files/storage.ts'
import type { TileStore } from '../files/tile-store.ts'
import { writeFailure } from '../files/write-failure.ts'
import { cancelled } from '../shared/base/cancel.ts'
import type { EngineApi } from '../shared/contract/engine-api.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { StudioEvent } from '../shared/contract/studio-api.ts'
import { type DocumentParts, OpenDocument, sessionTiles } from './open-document.ts'
import { RecentFiles } from './recent-files.ts'

/** What the studio needs of the engine: its decoders and encoders, in a process of their own. */
export type Codecs = Pick<EngineApi, 'decodePicture' | 'encodePicture'>

export interface DeskOptions {
  readonly storage: Storage
  /** Of this user; made when something is written to it. */
  readonly dataFolder: string
  /** Folder that files are saved to where no dialog of the system can be had. */
  readonly saveFolder: string
  readonly codecs: Codecs
  readonly log: (line: string) => void
  /** For tests: when journals are written without being asked. */
  readonly after?: After | undefined
}

/** A window, for as long as its pipe is open. */
export class Page {
  readonly listeners = new Set<(event: StudioEvent) => void>()
  isGone = false

  tell(event: StudioEvent): void {
    for (const listener of this.listeners) listener(event)
  }
}

interface Placed {
  readonly document: OpenDocument
  /** Null when its window is gone. */
  page: Page | null
}

/** A session that was started for a document to come. */
export interface Started {
  readonly session: Session
  readonly tiles: TileStore
}

/** What makes a document of a session. */
export type Opening = Pick<DocumentParts, 'store' | 'name' | 'path' | 'saved'>

export class Desk {
  readonly storage: Storage
  readonly codecs: Codecs
  readonly recent: RecentFiles
  readonly sessionsFolder: string
  readonly saveFolder: string
  readonly #log: (line: string) => void
  readonly #after: After | undefined
  readonly #documents = new Map<string, Placed>()
  /** Sessions of this program that are no documents yet, or are just being taken. */
  readonly #busy = new Set<string>()

  constructor({ storage, dataFolder, saveFolder, codecs, log, after }: DeskOptions) {
    this.storage = storage
    this.codecs = codecs
    this.saveFolder = resolve(saveFolder)
    this.recent = new RecentFiles(storage, dataFolder)
    this.sessionsFolder = join(dataFolder, 'sessions')
    this.#log = log
    this.#after = after
  }

  log(what: string, error: unknown): void {
    this.#log(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  }

  /** A file was opened or saved by its path. */
  remember(path: string): void {
    this.recent.add(path, (error) => this.log('the list of recent files', error))
  }

  /** Removes what a program that died in the middle of a save left in a folder long ago. */
  async tidy(folder: string): Promise<void> {
    const isAlive = (pid: number): boolean => processIdentity(pid) !== undefined
    await removeLeftovers(this.storage, folder, isAlive, longAgo).catch(() => [])
  }

  /** Makes the studio's own folder, where something is to be written to it. @throws StudioError 'write-failed' */
  async prepareFolder(folder: string): Promise<void> {
    if (folder !== this.saveFolder) return
    await makeFolderForGood(this.storage, folder).catch((error: unknown) => {
      throw writeFailure(folder, error)
    })
  }

  /** The page's own document. @throws StudioError 'bad-request' */
  document(page: Page, key: string): OpenDocument {
    const placed = this.#documents.get(key)
    if (placed?.page === page) return placed.document
    throw new StudioError('bad-request', 'This document is not open any more. Open it again.')
  }

  /** Of documents whose windows are gone, those that can be taken on. */
  get left(): readonly OpenDocument[] {
    return [...this.#documents.values()].flatMap(({ document, page }) => (page === null ? [document] : []))
  }

  /** Whether whoever wrote its name into a session still has it: another program that runs, or this one. */
  readonly holds: Holds = (identity, id) => this.isOpen(identity, id) || (isOurs(identity) && this.#busy.has(id))

  /** The same for who has claimed the session. */
  readonly isOpen: Holds = (identity, id) => (isOurs(identity) ? this.#documents.has(id) : isRunning(identity))

  /**
   * A document in a session of its own; where that fails, nothing is left of it.
   *
   * @param fill brings its tiles into the session
   */
  async open(page: Page, fill: (started: Started) => Promise<Opening>): Promise<OpenDocument> {
    const session = await startSession(this.storage, this.sessionsFolder)
    const tiles = sessionTiles(this.storage, session, true)
    return await this.claiming(session.id, async () => {
      try {
        const opening = await fill({ session, tiles })
        if (page.isGone) throw cancelled()
        return this.place(page, { session, tiles }, opening)
      } catch (error) {
        await tiles.settled()
        await discardSession(this.storage, session).catch((failure: unknown) => this.log('leftovers', failure))
        throw error
      }
    })
  }

  /** Keeps others of this program from a session while it becomes a document, or nothing. @throws StudioError 'bad-request' */
  async claiming<T>(id: string, work: () => Promise<T>): Promise<T> {
    if (this.#busy.has(id)) throw new StudioError('bad-request', 'This document is being opened already. Wait for it.')
    this.#busy.add(id)
    try {
      return await work()
    } finally {
      this.#busy.delete(id)
    }
  }

  /** Puts a document before a page. */
  place(page: Page, { session, tiles }: Started, opening: Opening): OpenDocument {
    const placed: Placed = {
      page: page.isGone ? null : page,
      document: new OpenDocument({
        ...opening,
        storage: this.storage,
        session,
        tiles,
        after: this.#after,
        onProblem: (message) => placed.page?.tell({ type: 'journal-problem', key: session.id, message }),
      }),
    }
    this.#documents.set(session.id, placed)
    return placed.document
  }

  /** Gives a page a document that another one left behind; undefined where there is none of that key. */
  take(page: Page, key: string): OpenDocument | undefined {
    const placed = this.#documents.get(key)
    if (placed === undefined || placed.page !== null) return undefined
    placed.page = page
    return placed.document
  }

  /** Lets go of a document at once; what is kept of it goes when its last work is done. @throws StudioError 'write-failed' */
  async discard(document: OpenDocument): Promise<void> {
    this.#documents.delete(document.key)
    await this.claiming(document.key, () => document.discard())
  }

  /** The page's problems so far, for one that begins to listen. */
  problems(page: Page): StudioEvent[] {
    return [...this.#documents.values()].flatMap(({ document, page: owner }): StudioEvent[] =>
      owner !== page || document.problem === null
        ? []
        : [{ type: 'journal-problem', key: document.key, message: document.problem }],
    )
  }

  /** A page is gone; what it had open stays, written to the disk. */
  leave(page: Page): void {
    page.isGone = true
    for (const placed of this.#documents.values()) {
      if (placed.page !== page) continue
      placed.page = null
      placed.document.flush().catch((error: unknown) => this.log('a document of a closed window', error))
    }
  }

  /** Writes what is left. Documents that hold nothing that a file does not are forgotten. */
  async close(): Promise<void> {
    const documents = [...this.#documents.values()].map(({ document }) => document)
    await Promise.all(
      documents.map(async (document) => {
        await (document.isWorthKeeping ? document.close() : document.discard()).catch((error: unknown) =>
          this.log(document.name, error),
        )
      }),
    )
  }
}

/** In ms. */
const longAgo = 3_600_000

const isOurs = (identity: string): boolean => identity === processIdentity()
