/**
 * The page's half of Electron, put into every document before its own scripts: what a sandboxed preload may require, over one
 * binding of the developer tools' protocol. The function uses nothing from outside of itself, as its text is what is sent.
 *
 * What it does not model: a world of its own for the preload. What crosses the bridge is copied all the same.
 */
import type { Codec } from './codec.ts'

/** Name of the binding; taken off the window before the page's scripts run. */
export const bindingName = '__electronStandIn'
/** Name of the symbol under which the function that takes messages stands. */
export const dispatchName = 'electron stand-in: dispatch'
/** Longest text of one message of the protocol; longer ones go in pieces. */
export const pieceLength = 4 * 1024 * 1024

type Preload = (require: (id: string) => unknown, module: object, exports: object, process: object) => void

interface Names {
  readonly binding: string
  readonly dispatch: string
  readonly pieceLength: number
  readonly platform: string
}

export function installPageSide(names: Names, codec: Codec, preload: Preload): void {
  const globals = window as unknown as Record<string | symbol, unknown>
  const call = globals[names.binding] as (text: string) => void
  delete globals[names.binding]
  // nodeIntegrationInSubFrames is off: frames within a page get nothing.
  if (window.top !== window) return

  /** '1' before the last piece, '0' before the others. */
  function post(text: string): void {
    for (let at = 0; at === 0 || at < text.length; at += names.pieceLength) {
      const isLast = at + names.pieceLength >= text.length
      call((isLast ? '1' : '0') + text.slice(at, at + names.pieceLength))
    }
  }

  const listeners = new Map<string, ((event: object, ...messages: unknown[]) => void)[]>()
  const ipcRenderer = {
    send(channel: string, ...messages: unknown[]) {
      post(codec.write([channel, ...messages]))
    },
    on(channel: string, listener: (event: object, ...messages: unknown[]) => void) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
      return ipcRenderer
    },
  }

  let pieces = ''
  Object.defineProperty(window, Symbol.for(names.dispatch), {
    value(piece: string) {
      pieces += piece.slice(1)
      if (piece[0] === '0') return
      const [channel, ...messages] = codec.read(pieces) as [string, ...unknown[]]
      pieces = ''
      for (const listener of listeners.get(channel) ?? []) listener({ sender: ipcRenderer }, ...messages)
    },
  })

  /** As contextBridge does: functions are wrapped, everything else copied and frozen. */
  function cross(value: unknown): unknown {
    if (typeof value === 'function') {
      const inner = value as (...values: unknown[]) => unknown
      return (...values: unknown[]) => cross(inner(...values.map(cross)))
    }
    if (typeof value === 'symbol') throw new Error('symbols cannot be sent over the contextBridge')
    if (Array.isArray(value)) return Object.freeze(value.map(cross))
    if (value === null || typeof value !== 'object' || value instanceof Blob) return value
    if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value)
    return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, cross(entry)])))
  }

  const contextBridge = {
    exposeInMainWorld(key: string, api: unknown) {
      if (key in window) throw new Error(`Cannot bind an API on top of an existing property on the window: ${key}`)
      Object.defineProperty(window, key, { value: cross(api), enumerable: true })
    },
  }
  const webUtils = {
    getPathForFile(file: unknown) {
      if (!(file instanceof File)) throw new TypeError('getPathForFile expected to receive a File object')
      // Chromium tells nobody; a test lays the path into the name.
      return file.name.startsWith('/') ? file.name : ''
    },
  }
  const require = (id: string): unknown => {
    if (id === 'electron' || id === 'electron/renderer') return { contextBridge, ipcRenderer, webUtils }
    throw new Error(`module not found: ${id}`)
  }
  const process = { platform: names.platform, sandboxed: true, contextIsolated: true, type: 'renderer' }
  const module = { exports: {} }
  preload(require, module, module.exports, Object.freeze(process))
}

/** The script for a document. */
export function pageScript(preload: string, makeCodec: () => Codec, platform: string): string {
  const names: Names = { binding: bindingName, dispatch: dispatchName, pieceLength, platform }
  const wrapped = `function (require, module, exports, process) {\n${preload}\n}`
  return `(${installPageSide.toString()})(${JSON.stringify(names)}, (${makeCodec.toString()})(), ${wrapped})`
}
