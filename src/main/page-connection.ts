/**
 * What a page is connected to while it lives: its pipe into the backstage, through which messages go as they are, and the desktop,
 * which is served here. A page that is loaded again gets a connection of its own; the documents of the old one stay behind.
 */
import { type DesktopApi, desktopMethods } from '../shared/contract/desktop-api.ts'
import { StudioError, toErrorRecord } from '../shared/contract/errors.ts'
import { type Pipe, pipeEnd } from '../shared/wire/pipe.ts'
import { serve } from '../shared/wire/serve.ts'
import type { Channel } from './ipc.ts'

export interface PageConnectionOptions {
  /** A pipe of this page alone. */
  readonly wire: Pipe
  readonly desktop: DesktopApi
  /** To the page. */
  readonly send: (channel: Channel, message: unknown) => void
  /** The program behind the window ended by itself, which it never should. */
  readonly onLost: (reason: string) => void
}

export class PageConnection {
  readonly #options: PageConnectionOptions
  readonly #desktop = pipeEnd(
    (message) => this.#options.send('desktop', message),
    () => undefined,
  )
  #lost: string | undefined
  #closed = false

  constructor(options: PageConnectionOptions) {
    this.#options = options
    const { wire, desktop, send, onLost } = options
    wire.onMessage((message) => send('wire', message))
    wire.onClose((reason) => {
      if (this.#closed) return
      this.#lost = reason
      this.#tellLoss()
      onLost(reason)
    })
    serve<DesktopApi>(desktop, desktopMethods, this.#desktop.pipe)
  }

  receive(channel: Channel, message: unknown): void {
    if (channel === 'desktop') this.#desktop.receive(message)
    else if (this.#lost === undefined) this.#options.wire.post(message)
    else this.#tellLoss()
  }

  close(): void {
    this.#closed = true
    this.#options.wire.close()
    this.#desktop.end('the page went')
  }

  /** A fault ends every call that waits: the page has no other way to hear that its pipe is gone. */
  #tellLoss(): void {
    const message = `Paella Studio has to start again, because ${this.#lost}; your work is kept.`
    this.#options.send('wire', { type: 'fault', error: toErrorRecord(new StudioError('engine-lost', message)) })
  }
}
