/** Electron's `app`: the program's life, as far as Node alone can play it. */
import { EventEmitter } from 'node:events'
import { folderOf, standIn } from './control.ts'

/** An event that can be stopped. */
export class StandInEvent {
  defaultPrevented = false
  preventDefault(): void {
    this.defaultPrevented = true
  }
}

interface ClosableWindow {
  close(): void
  isDestroyed(): boolean
}

class App extends EventEmitter {
  name = 'Electron'
  #isReady = false
  #hasQuit = false
  #ready: Promise<void> | undefined
  /** The windows, newest last; kept by BrowserWindow. */
  static readonly windows = new Set<ClosableWindow>()

  get isPackaged(): boolean {
    return standIn.resources !== undefined
  }
  isReady(): boolean {
    return this.#isReady
  }
  /** After the program's first run through, as with Electron. */
  whenReady(): Promise<void> {
    this.#ready ??= new Promise((resolve) => {
      setTimeout(() => {
        this.#isReady = true
        standIn.order.push('ready')
        this.emit('ready')
        resolve()
      })
    })
    return this.#ready
  }
  enableSandbox(): void {
    standIn.order.push('enableSandbox')
  }
  requestSingleInstanceLock(data?: unknown): boolean {
    standIn.order.push(`requestSingleInstanceLock ${JSON.stringify(data)}`)
    return true
  }
  setName(name: string): void {
    this.name = name
  }
  getVersion(): string {
    return '0.0.0'
  }
  getPath(name: string): string {
    return folderOf(name)
  }
  addRecentDocument(path: string): void {
    standIn.recent.push(path)
  }
  setAboutPanelOptions(): void {
    standIn.order.push('setAboutPanelOptions')
  }
  relaunch(): void {
    standIn.ended.push('relaunch')
  }

  /** Windows may refuse; so may the program, at 'will-quit'. */
  quit(): void {
    this.emit('before-quit', new StandInEvent())
    for (const window of App.windows) window.close()
    if (App.windows.size === 0) this.#leave()
  }

  exit(code = 0): void {
    standIn.ended.push(code)
    this.emit('quit', new StandInEvent(), code)
    if (standIn.exits) void standIn.close().finally(() => process.exit(code))
  }

  #leave(): void {
    const event = new StandInEvent()
    this.emit('will-quit', event)
    if (event.defaultPrevented || this.#hasQuit) return
    this.#hasQuit = true
    this.exit(0)
  }
}

export type { App }
export const windows = App.windows
export const app = new App()
