/** Who may send to the main process: the main frame of a window of ours, while it shows a page of ours. */
import { isOwnAddress } from './addresses.ts'

/** What of Electron's IPC event tells its sender. */
export interface SentBy {
  readonly sender: { readonly id: number }
  /** Null where the frame went before its message came. */
  readonly senderFrame: {
    readonly url: string
    readonly origin: string
    readonly parent: unknown
    isDestroyed(): boolean
  } | null
}

/**
 * @param isWindow whether web contents of this id are those of a window of ours
 * @returns why the message must not be read; undefined where it may
 */
export function senderRefusal({ sender, senderFrame }: SentBy, isWindow: (id: number) => boolean): string | undefined {
  try {
    if (!isWindow(sender.id)) return 'no window of ours'
    if (senderFrame === null || senderFrame.isDestroyed()) return 'a frame that is gone'
    if (senderFrame.parent !== null) return 'a frame within a page'
    if (!isOwnAddress(senderFrame.url)) return 'a page that is not ours'
    // The address is what was asked for, the origin what came of it (a sandboxed page has none).
    return isOwnAddress(`${senderFrame.origin}/`) ? undefined : 'an origin that is not ours'
  } catch {
    // Electron throws where a frame goes while it is looked at.
    return 'a frame that is gone'
  }
}
