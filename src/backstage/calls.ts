/**
 * The studio's interface as one page sees it. Every request is checked, and what changes a document is done before the call gives
 * way to others, so that the calls of a page take effect in the order in which they came.
 */
import type { DocumentDiff } from '../document/draft.ts'
import { fromSnapshot } from '../document/snapshot.ts'
import { ahead } from '../files/ahead.ts'
import type { CancelSignal } from '../shared/base/cancel.ts'
import type { CallHooks } from '../shared/contract/call-hooks.ts'
import type { ExportRequest, Progress, StudioApi, StudioStart } from '../shared/contract/studio-api.ts'
import type { Desk, Page } from './desk.ts'
import { exportPicture } from './export.ts'
import { importPicture } from './import-picture.ts'
import { discardLost, recoverLost } from './lost.ts'
import type { OpenDocument } from './open-document.ts'
import { openFile, type Work } from './open-file.ts'
import { readPictureFile, writeAnimation } from './picture-files.ts'
import { checked, requests } from './requests.ts'
import { saveDocument } from './save.ts'

export interface ProgramCalls {
  begin(): Promise<StudioStart>
  saveSettings(settings: unknown): Promise<void>
}

/** Tiles that are read at a time. */
const tilesAtOnce = 8

export function studioCalls(desk: Desk, page: Page, program: ProgramCalls): StudioApi {
  const documentOf = ({ key }: { readonly key: string }): OpenDocument => desk.document(page, key)
  return {
    begin: () => program.begin(),
    watch: (_, hooks) => watch(desk, page, hooks),
    saveSettings: async (request) => await program.saveSettings(checked(requests.saveSettings, request).settings),

    async newDocument(request) {
      const { name, snapshot } = checked(requests.newDocument, request)
      const store = fromSnapshot(snapshot)
      const document = await desk.open(page, async () => ({ store, name, path: null, saved: false }))
      try {
        await document.flush()
      } catch (error) {
        await desk.discard(document).catch(() => undefined)
        throw error
      }
      return { key: document.key }
    },
    async openFile(request, hooks) {
      return await openFile(desk, page, checked(requests.openFile, request).source, workOf(page, hooks))
    },
    recover: async (request) => await recoverLost(desk, page, checked(requests.lost, request).id),
    discardLost: async (request) => await discardLost(desk, checked(requests.lost, request).id),
    closeDocument: async (request) => await desk.discard(documentOf(checked(requests.document, request))),

    async putTiles(request) {
      const { key, tiles } = checked(requests.putTiles, request)
      const document = documentOf({ key })
      return { ids: tiles.map((tile) => document.putTile(tile)) }
    },
    async getTiles(request) {
      const { key, ids } = checked(requests.getTiles, request)
      const document = documentOf({ key })
      const tiles: Uint8Array[] = []
      for await (const tile of ahead(ids, tilesAtOnce, (id) => document.tiles.get(id))) tiles.push(tile)
      return { tiles }
    },
    async append(request) {
      const { key, label, diff } = checked(requests.append, request)
      // Whether it is a diff of a document shows when it is replayed.
      documentOf({ key }).append(label, diff as unknown as DocumentDiff)
    },
    flush: async (request) => await documentOf(checked(requests.document, request)).flush(),
    async sweep(request) {
      const { key, keep } = checked(requests.sweep, request)
      await documentOf({ key }).sweep(keep)
    },

    async writeStep(request) {
      const { key, id, json } = checked(requests.writeStep, request)
      await documentOf({ key }).steps.write(id, json)
    },
    async readStep(request) {
      const { key, id } = checked(requests.step, request)
      return { json: await documentOf({ key }).steps.read(id) }
    },
    async dropStep(request) {
      const { key, id } = checked(requests.step, request)
      await documentOf({ key }).steps.drop(id)
    },

    async importPicture(request) {
      const { key, source } = checked(requests.importPicture, request)
      return await importPicture(desk, documentOf({ key }), source)
    },
    async readPictureFile(request) {
      return await readPictureFile(desk, checked(requests.readPictureFile, request).source)
    },
    async writeAnimation(request) {
      const { path, bytes } = checked(requests.writeAnimation, request)
      return await writeAnimation(desk, path, bytes)
    },
    async save(request, hooks) {
      const { key, path } = checked(requests.save, request)
      return await saveDocument(desk, documentOf({ key }), path, workOf(page, hooks))
    },
    async exportPicture(request, hooks) {
      const wish: ExportRequest = checked(requests.exportPicture, request)
      return await exportPicture(desk, documentOf(wish), wish, workOf(page, hooks))
    },
  }
}

/** Resolves when its signal is raised, as it is when the page goes. */
async function watch(
  desk: Desk,
  page: Page,
  { signal, onEvent }: Parameters<StudioApi['watch']>[1] = {},
): Promise<void> {
  if (onEvent === undefined || signal?.aborted === true) return
  page.listeners.add(onEvent)
  for (const problem of desk.problems(page)) onEvent(problem)
  await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
  page.listeners.delete(onEvent)
}

/** Progress in whole percents, so that nobody is told a thousand times; and no cancelling by a page that is gone. */
function workOf(page: Page, { signal, onEvent }: CallHooks<Progress> = {}): Work {
  let told = -1
  return {
    signal: signal && whilePageIsThere(page, signal),
    onProgress(share) {
      const percent = Math.min(100, Math.floor(share * 100))
      if (percent <= told) return
      told = percent
      onEvent?.({ share: percent / 100 })
    },
  }
}

/** A window that goes raises the signals of all its calls; what it began to save shall be on the disk all the same. */
function whilePageIsThere(page: Page, signal: CancelSignal): CancelSignal {
  return {
    get aborted() {
      return signal.aborted && !page.isGone
    },
    addEventListener: (type, listener, options) => signal.addEventListener(type, listener, options),
    removeEventListener: (type, listener) => signal.removeEventListener(type, listener),
  }
}
