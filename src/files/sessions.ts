/**
 * The folders in which open documents keep their journal and tiles: `<root>/<id>/{owner,journal,tiles/}`. A session whose owner
 * is gone is what the next start offers to recover; a closed document discards its own.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { StudioError } from '../shared/contract/errors.ts'
import { journalName } from './journal.ts'
import { type JournalContents, readJournal } from './journal-format.ts'
import { isRunning, processIdentity } from './process-identity.ts'
import { readFailure } from './read-failure.ts'
import { makeFolderForGood, readWhole, type Storage, systemCode, writeFully } from './storage.ts'
import { writeFailure } from './write-failure.ts'

export interface Session {
  readonly id: string
  readonly folder: string
}

/** A session that nobody owns any more. */
export interface LostSession extends Session {
  readonly name: string
  readonly path: string | null
  /** When the journal was last written, in ms since 1970. */
  readonly modified: number
  readonly contents: JournalContents
}

export interface FoundSessions {
  readonly lost: readonly LostSession[]
  /** Nobody's, and nothing is in them that a file does not hold: they can be discarded. */
  readonly unneeded: readonly Session[]
  /** Nobody's, and with a journal that cannot be read: nothing can be offered, and the person may look into the folder. */
  readonly unreadable: readonly Session[]
}

/** Whether the owner of a session, by its identity, still holds it. */
export type Holds = (identity: string, id: string) => boolean

const ownerName = 'owner'
export const tilesName = 'tiles'
/** ms within which a session that was started has a journal. */
const startingTime = 3_600_000

/** A new session of this process. @throws StudioError 'write-failed' */
export async function startSession(storage: Storage, root: string): Promise<Session> {
  const id = randomUUID()
  const folder = join(root, id)
  try {
    await makeFolderForGood(storage, folder)
    await own(storage, folder)
  } catch (error) {
    throw writeFailure(folder, error)
  }
  return { id, folder }
}

/**
 * Every session without a living owner. Reads their journals whole. A root that is not there has none.
 *
 * @throws StudioError 'file-unreadable' where the root cannot be read
 */
export async function findSessions(
  storage: Storage,
  root: string,
  holds: Holds = isRunning,
  now: number = Date.now(),
): Promise<FoundSessions> {
  const lost: LostSession[] = []
  const unneeded: Session[] = []
  const unreadable: Session[] = []
  const names = await unlessMissing(storage.list(root), []).catch((error: unknown) => {
    throw readFailure(root, error)
  })
  for (const id of names) {
    // What somebody else put here is not ours to offer or to remove.
    if (!isSessionId(id)) continue
    const session = { id, folder: join(root, id) }
    const owner = await ownerOf(storage, session.folder)
    if (owner !== undefined && holds(owner, id)) continue
    const found = await readSession(storage, session)
    if (found === undefined) {
      if (await isOld(storage, session, now)) unneeded.push(session)
    } else if (found instanceof Unreadable) unreadable.push(session)
    else if (isNeeded(found.contents)) lost.push(found)
    else unneeded.push(session)
  }
  return { lost: lost.sort((a, b) => b.modified - a.modified), unneeded, unreadable }
}

const isSessionId = (name: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)

/**
 * One of these sessions; undefined where there is none of that id, or it is held.
 *
 * @throws StudioError 'file-unreadable', 'document-broken' where its journal is no more than torn
 */
export async function findSession(
  storage: Storage,
  root: string,
  id: string,
  holds: Holds = isRunning,
): Promise<LostSession | undefined> {
  const session = { id, folder: join(root, id) }
  const owner = await ownerOf(storage, session.folder)
  if (owner !== undefined && holds(owner, id)) return undefined
  const found = await readSession(storage, session)
  if (found instanceof Unreadable) throw found.why
  return found
}

/** A journal that cannot be read, and what is told of it. */
class Unreadable {
  readonly why: unknown

  constructor(why: unknown) {
    this.why = why
  }
}

/** Undefined where there is no journal: it was never written, or was the first to go when the session was discarded. */
async function readSession(storage: Storage, session: Session): Promise<LostSession | Unreadable | undefined> {
  const path = join(session.folder, journalName)
  try {
    const contents = readJournal(await readWhole(storage, path))
    if (contents === undefined) return new Unreadable(torn(path))
    const { modified } = await storage.info(path)
    return { ...session, name: contents.base.name, path: contents.base.path, modified, contents }
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? undefined : new Unreadable(readFailure(path, error))
  }
}

function torn(path: string): StudioError {
  return new StudioError(
    'document-broken',
    `What was kept of this document cannot be read. Open its file, or an earlier version that ends in ~1; ${path} is left as it is.`,
  )
}

const isNeeded = ({ base, entries, dropped }: JournalContents): boolean =>
  !base.saved || entries.length > 0 || dropped > 0

/** A session without a journal may be one that another process starts just now. */
async function isOld(storage: Storage, { folder }: Session, now: number): Promise<boolean> {
  const found = await storage.info(folder).catch(() => undefined)
  return found?.isFolder === true && now - found.modified > startingTime
}

/**
 * Makes this process the owner, so that the session goes on where it stopped.
 *
 * @throws StudioError 'bad-request' where another process was faster; 'write-failed'
 */
export async function claimSession(storage: Storage, session: Session): Promise<void> {
  const aside = join(session.folder, `${ownerName}.${randomUUID()}`)
  try {
    // Of two processes only one can move the old owner away, and only one can make the new one.
    await unlessMissing(storage.rename(join(session.folder, ownerName), aside), undefined)
    await own(storage, session.folder)
    await unlessMissing(storage.unlink(aside), undefined)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw writeFailure(session.folder, error)
    throw new StudioError('bad-request', 'This document is being recovered in another window: look there.')
  }
}

/** Removes a session with all that is in it, its journal first: what is left of it then offers nothing. */
export async function discardSession(storage: Storage, { folder }: Session): Promise<void> {
  try {
    await unlessMissing(storage.unlink(join(folder, journalName)), undefined)
    await storage.syncFolder(folder)
    await removeTree(storage, folder)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw writeFailure(folder, error)
  }
}

async function own(storage: Storage, folder: string): Promise<void> {
  const file = await storage.open(join(folder, ownerName), 'wx')
  try {
    await writeFully(file, Buffer.from(processIdentity() ?? String(process.pid)))
    await file.sync()
  } finally {
    await file.close()
  }
}

async function ownerOf(storage: Storage, folder: string): Promise<string | undefined> {
  return await readWhole(storage, join(folder, ownerName)).then(
    (bytes) => Buffer.from(bytes).toString(),
    () => undefined,
  )
}

async function removeTree(storage: Storage, folder: string): Promise<void> {
  for (const name of await storage.list(folder)) {
    const path = join(folder, name)
    if ((await storage.info(path)).isFolder) await removeTree(storage, path)
    else await storage.unlink(path)
  }
  await storage.removeFolder(folder)
}

async function unlessMissing<T>(found: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await found
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return otherwise
    throw error
  }
}
