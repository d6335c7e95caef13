/** Electron's `ipcMain`, and the frame that its events name as their sender. */
import { EventEmitter } from 'node:events'

/** Channels are its event names; a program that serves calls (`handle`) is not modelled, as ours has none. */
export const ipcMain = new EventEmitter()

export interface Frame {
  readonly url: string
  readonly origin: string
  readonly parent: Frame | null
  isDestroyed(): boolean
}

/** An address of the program as Chromium is given it, which refuses schemes that it does not know; and back. */
export function toHttp(address: string): string {
  const parts = /^([a-z][a-z\d+.-]*):\/\/([^/]*)(.*)$/.exec(address)
  const [, scheme = '', host = '', rest = ''] = parts ?? []
  return scheme === '' || scheme.startsWith('http') ? address : `http://${host}.${scheme}.localhost${rest || '/'}`
}

export function fromHttp(address: string): string {
  const parts = /^http:\/\/([^/.]+)\.([^/.]+)\.localhost(\/.*)?$/.exec(address)
  return parts === null ? address : `${parts[2]}://${parts[1]}${parts[3] ?? '/'}`
}
