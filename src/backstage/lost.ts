/**
 * Documents that are open nowhere: what other pages of this program left behind, and what programs that died left on the disk.
 * They are listed, taken on where they stopped, or thrown away.
 */
import { fromSnapshot } from '../document/snapshot.ts'
import { claimSession, discardSession, findSession, findSessions } from '../files/sessions.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { LostDocument, OpenedDocument } from '../shared/contract/studio-api.ts'
import type { Desk, Page } from './desk.ts'
import { openedDocument, sessionTiles } from './open-document.ts'
import { replayEntries, withoutMissingTiles } from './replay.ts'

/** What can be taken on, the latest first. Sessions in which nothing is that a file does not hold are removed on the way. */
export async function listLost(desk: Desk): Promise<readonly LostDocument[]> {
  const { lost, unneeded, unreadable } = await findSessions(desk.storage, desk.sessionsFolder, desk.holds).catch(
    (error: unknown) => {
      // A window must begin all the same, and can save elsewhere.
      desk.log('lost documents', error)
      return { lost: [], unneeded: [], unreadable: [] }
    },
  )
  for (const session of unneeded) {
    await desk
      .claiming(session.id, async () => {
        await claimSession(desk.storage, session)
        await discardSession(desk.storage, session)
      })
      .catch((error: unknown) => desk.log('an old session', error))
  }
  for (const { folder } of unreadable) desk.log('a session that cannot be read', folder)
  const left = desk.left.map(({ key, name, path, touched }) => ({ id: key, name, path, modified: touched }))
  const found = lost.map(({ id, name, path, modified }) => ({ id, name, path, modified }))
  return [...left, ...found].sort((a, b) => b.modified - a.modified)
}

/** @throws StudioError 'bad-request' where somebody else has it or it is gone, 'document-broken' */
export async function recoverLost(desk: Desk, page: Page, id: string): Promise<OpenedDocument> {
  const left = desk.take(page, id)
  if (left !== undefined) {
    // Its new page begins a history of its own.
    await left.steps.clear()
    return openedDocument(left, left.path, left.isDirty, [])
  }
  return await desk.claiming(id, async () => {
    const session = await findSession(desk.storage, desk.sessionsFolder, id, desk.isOpen)
    if (session === undefined) throw gone()
    const { base, entries, dropped } = session.contents
    const store = fromSnapshot(base.snapshot)
    const warnings = replayEntries(store, entries, dropped)
    const tiles = sessionTiles(desk.storage, session, false)
    warnings.push(...withoutMissingTiles(store, await tiles.list()))
    await claimSession(desk.storage, session)
    const { name, path } = base
    const document = desk.place(page, { session, tiles }, { store, name, path, saved: false })
    await document.steps.clear()
    // A journal that cannot be written now leaves the old one, which holds the same.
    document.flush().catch((error: unknown) => desk.log(name, error))
    return openedDocument(document, null, true, warnings)
  })
}

/** @throws StudioError 'bad-request', 'write-failed' */
export async function discardLost(desk: Desk, id: string): Promise<void> {
  const left = desk.left.find(({ key }) => key === id)
  if (left !== undefined) return await desk.discard(left)
  await desk.claiming(id, async () => {
    const session = await findSession(desk.storage, desk.sessionsFolder, id, desk.isOpen)
    if (session === undefined) return
    await claimSession(desk.storage, session)
    await discardSession(desk.storage, session)
  })
}

function gone(): StudioError {
  return new StudioError('bad-request', 'This document is open in another window, or was thrown away: look there.')
}
