/**
 * The window: made once with everything a page may not do switched off, closed only when its page agrees, and filled again when
 * its page dies. Its place on the screen survives it.
 */
import { BrowserWindow, dialog, screen } from 'electron'
import type { Pipe } from '../shared/wire/pipe.ts'
import { CrashCount } from './crash-count.ts'
import { Desktop } from './desktop.ts'
import type { Channel, Receiver } from './ipc.ts'
import { PageConnection } from './page-connection.ts'
import { appOrigin } from './security/addresses.ts'
import { webPreferences } from './security/web-preferences.ts'
import { firstSize, readWindowState, smallestSize, writeWindowState } from './window-state.ts'

export interface StudioWindowOptions {
  /** Path of the built preload script. */
  readonly preload: string
  /** File that keeps the window's place. */
  readonly stateFile: string
  /** Folder in which the first dialog starts. */
  readonly folder: string
  /** A new pipe into the backstage. */
  readonly connect: () => Pipe
  /** The program behind the window is gone for good. */
  readonly onLost: (reason: string) => void
  /** The person wants the window closed, or the program ended; called before anything else happens. */
  readonly onCloseRequested: () => void
  readonly log: (line: string) => void
}

export class StudioWindow implements Receiver {
  readonly desktop: Desktop
  readonly #options: StudioWindowOptions
  readonly #window: BrowserWindow
  readonly #crashes = new CrashCount()
  #page: PageConnection | undefined
  /** False while the page's process is gone or hangs. */
  #answers = true

  constructor(options: StudioWindowOptions) {
    this.#options = options
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea)
    const state = readWindowState(options.stateFile, areas)
    this.#window = new BrowserWindow({
      ...(state ?? firstSize),
      minWidth: smallestSize.width,
      minHeight: smallestSize.height,
      title: 'Paella Studio',
      show: false,
      // What is seen until the page has painted: the ground of studio.css.
      backgroundColor: '#16171a',
      webPreferences: webPreferences(options.preload),
    })
    if (state?.maximized === true) this.#window.maximize()
    this.desktop = new Desktop({ window: this.#window, folder: options.folder, onClose: () => this.#end() })
    this.#watch()
    void this.#load()
  }

  /** Of its web contents. */
  get id(): number {
    return this.#window.webContents.id
  }

  receive(channel: Channel, message: unknown): void {
    // The first message of a page connects it: it comes after the page was committed, and pages that say nothing need nothing.
    this.#page ??= new PageConnection({
      wire: this.#options.connect(),
      desktop: this.desktop,
      send: (channel, reply) => this.send(channel, reply),
      onLost: this.#options.onLost,
    })
    this.#page.receive(channel, message)
  }

  send(channel: Channel, message: unknown): void {
    if (!this.#window.isDestroyed() && !this.#window.webContents.isDestroyed()) {
      this.#window.webContents.send(channel, message)
    }
  }

  /** Brings it to the front. */
  show(): void {
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.show()
    this.#window.focus()
  }

  /** Called with the web contents' id when the window is gone. */
  onClosed(listener: () => void): void {
    this.#window.once('closed', listener)
  }

  #watch(): void {
    const window = this.#window
    const contents = window.webContents
    window.once('ready-to-show', () => window.show())
    window.on('close', (event) => {
      event.preventDefault()
      this.#options.onCloseRequested()
      void this.#close()
    })
    window.on('unresponsive', () => {
      this.#answers = false
    })
    window.on('responsive', () => {
      this.#answers = true
    })
    // A title is set through the desktop, by the page that knows the document.
    window.on('page-title-updated', (event) => event.preventDefault())
    contents.on('did-navigate', () => {
      this.#leavePage()
      this.#answers = true
    })
    contents.on('render-process-gone', (_event, { reason, exitCode }) => {
      this.#leavePage()
      this.#answers = false
      if (reason === 'clean-exit') return
      this.#options.log(`the page's process ended: ${reason}, exit code ${exitCode}`)
      void this.#revive()
    })
  }

  /** Ends what the page was connected to: its documents are then offered for recovery. */
  #leavePage(): void {
    this.#page?.close()
    this.#page = undefined
  }

  async #load(): Promise<void> {
    try {
      await this.#window.loadURL(`${appOrigin}/`)
    } catch (error) {
      this.#options.log(`the page could not be loaded: ${String(error)}`)
      if (!this.#window.isDestroyed()) this.#window.show()
    }
  }

  async #revive(): Promise<void> {
    if (this.#crashes.add(Date.now())) {
      const { response } = await dialog.showMessageBox(this.#window, {
        type: 'error',
        message: 'The window ended unexpectedly three times within a minute.',
        detail: 'Your work is kept, and offered when the window opens again. The log says more.',
        buttons: ['Try again', 'Quit'],
        defaultId: 0,
        cancelId: 0,
      })
      if (response === 1) return this.#end()
      this.#crashes.forget()
    }
    if (!this.#window.isDestroyed()) await this.#load()
  }

  async #close(): Promise<void> {
    if (this.#answers && this.desktop.isWatched) return this.desktop.askToClose()
    // A page that never listened has nothing open.
    if (this.#answers) return this.#end()
    const { response } = await dialog.showMessageBox(this.#window, {
      type: 'warning',
      message: 'The window does not answer.',
      detail: 'Work that was not saved is kept, and offered at the next start.',
      buttons: ['Wait', 'Close anyway'],
      defaultId: 0,
      cancelId: 0,
    })
    if (response === 1) this.#end()
  }

  #end(): void {
    if (this.#window.isDestroyed()) return
    const maximized = this.#window.isMaximized()
    writeWindowState(this.#options.stateFile, { ...this.#window.getNormalBounds(), maximized })
    this.#leavePage()
    this.#window.destroy()
  }
}
