/** Electron's `session`, `protocol` and `webRequest`: handlers are kept, so that tests can ask them and pages are served by them. */
import { EventEmitter } from 'node:events'
import type { CustomScheme } from 'electron'
import { standIn } from './control.ts'

type Handler = (request: Request) => Response | Promise<Response>
type BeforeRequest = (details: { readonly url: string }, answer: (response: { cancel?: boolean }) => void) => void

export const protocolHandlers = new Map<string, Handler>()
export const schemes: CustomScheme[] = []

export const protocol = {
  registerSchemesAsPrivileged(registered: CustomScheme[]): void {
    standIn.order.push('registerSchemesAsPrivileged')
    schemes.push(...registered)
  },
  handle(scheme: string, handler: Handler): void {
    protocolHandlers.set(scheme, handler)
  },
}

class Session extends EventEmitter {
  /** By the name of the method that set them. */
  readonly handlers = new Map<string, (...values: never[]) => unknown>()
  spellChecker = true

  readonly webRequest = {
    onBeforeRequest: (handler: BeforeRequest): void => void this.handlers.set('onBeforeRequest', handler),
  }
  setPermissionRequestHandler(handler: (...values: never[]) => unknown): void {
    this.handlers.set('setPermissionRequestHandler', handler)
  }
  setPermissionCheckHandler(handler: (...values: never[]) => unknown): void {
    this.handlers.set('setPermissionCheckHandler', handler)
  }
  setDevicePermissionHandler(handler: (...values: never[]) => unknown): void {
    this.handlers.set('setDevicePermissionHandler', handler)
  }
  setBluetoothPairingHandler(handler: (...values: never[]) => unknown): void {
    this.handlers.set('setBluetoothPairingHandler', handler)
  }
  setDisplayMediaRequestHandler(handler: (...values: never[]) => unknown): void {
    this.handlers.set('setDisplayMediaRequestHandler', handler)
  }
  setSpellCheckerEnabled(enabled: boolean): void {
    this.spellChecker = enabled
  }

  /** Whether the program lets this address be loaded. */
  allows(url: string): boolean {
    const handler = this.handlers.get('onBeforeRequest') as BeforeRequest | undefined
    let cancelled = false
    handler?.({ url }, ({ cancel }) => {
      cancelled = cancel === true
    })
    return !cancelled
  }
}

export type { Session }
export const defaultSession = new Session()
export const session = { defaultSession }
