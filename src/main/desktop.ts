/** DesktopApi with Electron: dialogs, menus, the window's frame, the file manager and the browser of the system. */
import { existsSync } from 'node:fs'
import { basename, dirname, isAbsolute } from 'node:path'
import { app, type BrowserWindow, dialog, Menu, shell } from 'electron'
import type { CallHooks } from '../shared/contract/call-hooks.ts'
import type { DesktopApi, DesktopEvent } from '../shared/contract/desktop-api.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { FileSource } from '../shared/contract/studio-api.ts'
import { readRequest } from './desktop-requests.ts'
import { openFilters, saveFilters, suggestedPath, withEnding } from './file-dialogs.ts'
import { menuTemplate } from './menus.ts'
import { externalAddress } from './security/addresses.ts'

export interface DesktopOptions {
  readonly window: BrowserWindow
  /** Folder in which the first dialog starts. */
  readonly folder: string
  /** The page has nothing unsaved: the window may go. */
  readonly onClose: () => void
}

export class Desktop implements DesktopApi {
  readonly #window: BrowserWindow
  readonly #onClose: () => void
  readonly #listeners = new Set<(event: DesktopEvent) => void>()
  /** Files that came while no page listened. */
  #waiting: string[] = []
  #folder: string
  #path: string | null = null

  constructor({ window, folder, onClose }: DesktopOptions) {
    this.#window = window
    this.#folder = folder
    this.#onClose = onClose
  }

  /** Whether a page listens to events. */
  get isWatched(): boolean {
    return this.#listeners.size > 0
  }

  /** Hands a file to the page, now or when there is one. */
  open(path: string): void {
    if (this.isWatched) this.#tell({ type: 'open', source: { kind: 'path', path } })
    else this.#waiting.push(path)
  }

  askToClose(): void {
    this.#tell({ type: 'close-requested' })
  }

  async describe(): Promise<{ nativeMenus: boolean; nativeDialogs: boolean }> {
    return { nativeMenus: true, nativeDialogs: true }
  }

  async chooseOpen(request: unknown): Promise<FileSource | null> {
    const { kind } = readRequest('chooseOpen', request)
    const { canceled, filePaths } = await dialog.showOpenDialog(this.#window, {
      defaultPath: this.#folder,
      filters: openFilters(kind),
      properties: ['openFile'],
    })
    const [path] = filePaths
    if (canceled || path === undefined) return null
    this.#folder = dirname(path)
    return { kind: 'path', path }
  }

  async chooseSave(request: unknown): Promise<{ path: string } | null> {
    const { suggested, kind } = readRequest('chooseSave', request)
    let defaultPath = suggestedPath(suggested, this.#folder)
    for (;;) {
      const options = { defaultPath, filters: saveFilters(kind) }
      const { canceled, filePath } = await dialog.showSaveDialog(this.#window, options)
      if (canceled || filePath === '') return null
      const path = withEnding(filePath, kind)
      // The system asked about the name that was typed, not about the one with the ending.
      if (path === filePath || !existsSync(path) || (await this.#mayReplace(path))) {
        this.#folder = dirname(path)
        return { path }
      }
      defaultPath = path
    }
  }

  async chooseFolder(request: unknown): Promise<{ path: string } | null> {
    const { suggested } = readRequest('chooseFolder', request)
    const { canceled, filePaths } = await dialog.showOpenDialog(this.#window, {
      // A name that is to be found is no folder to start in.
      defaultPath: isAbsolute(suggested) ? suggested : this.#folder,
      properties: ['openDirectory', 'createDirectory'],
    })
    const [path] = filePaths
    return canceled || path === undefined ? null : { path }
  }

  async setMenus(request: unknown): Promise<void> {
    const { menus } = readRequest('setMenus', request)
    const template = menuTemplate(menus, {
      platform: process.platform,
      appName: app.name,
      choose: (action) => this.#tell({ type: 'menu', action }),
      contents: () => (this.#window.isDestroyed() ? undefined : this.#window.webContents),
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }

  async setWindow(request: unknown): Promise<void> {
    const { title, edited, path } = readRequest('setWindow', request)
    this.#window.setTitle(title)
    // Both are shown by macOS alone, and ignored elsewhere.
    this.#window.setDocumentEdited(edited)
    this.#window.setRepresentedFilename(path ?? '')
    if (path !== null && path !== this.#path) app.addRecentDocument(path)
    this.#path = path
  }

  async setProgress(request: unknown): Promise<void> {
    const { share, paused } = readRequest('setProgress', request)
    // Below 0 takes it away. The mode counts on Windows alone.
    this.#window.setProgressBar(share ?? -1, { mode: paused ? 'paused' : 'normal' })
  }

  async toggleFullscreen(): Promise<void> {
    this.#window.setFullScreen(!this.#window.isFullScreen())
  }

  async reveal(request: unknown): Promise<void> {
    shell.showItemInFolder(readRequest('reveal', request).path)
  }

  async openLink(request: unknown): Promise<void> {
    const { address } = readRequest('openLink', request)
    const checked = externalAddress(address)
    if (checked === undefined) {
      throw new StudioError('bad-request', 'Paella Studio does not link to that address, so it was not opened.')
    }
    await shell.openExternal(checked)
  }

  async closeWindow(): Promise<void> {
    this.#onClose()
  }

  watch(_nothing: unknown, { signal, onEvent }: CallHooks<DesktopEvent> = {}): Promise<void> {
    const listener = (event: DesktopEvent): void => onEvent?.(event)
    this.#listeners.add(listener)
    const paths = this.#waiting
    this.#waiting = []
    for (const path of paths) this.open(path)
    return new Promise((resolve) => {
      const stop = (): void => {
        this.#listeners.delete(listener)
        resolve()
      }
      if (signal?.aborted) stop()
      else signal?.addEventListener('abort', stop, { once: true })
    })
  }

  #tell(event: DesktopEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  async #mayReplace(path: string): Promise<boolean> {
    const { response } = await dialog.showMessageBox(this.#window, {
      type: 'warning',
      message: `“${basename(path)}” is there already. Replace it?`,
      detail: 'Replacing it overwrites what it holds.',
      buttons: ['Cancel', 'Replace'],
      defaultId: 0,
      cancelId: 0,
    })
    return response === 1
  }
}
