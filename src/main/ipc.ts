/**
 * The one door by which messages of pages come in: two channels, one check for both. Sender, origin and shape are looked at before
 * anybody reads a message; what is refused is told to the log, and to the caller where it is a page of ours.
 */
import { type IpcMainEvent, ipcMain } from 'electron'
import type { PreloadBridge } from '../shared/contract/desktop-api.ts'
import { StudioError, toErrorRecord } from '../shared/contract/errors.ts'
import { readId } from '../shared/wire/messages.ts'
import { shapeRefusal } from './security/message-shape.ts'
import { senderRefusal } from './security/senders.ts'

export type Channel = Parameters<PreloadBridge['post']>[0]
export const channels: readonly Channel[] = ['wire', 'desktop']

/** What a window does with messages of its page. */
export interface Receiver {
  receive(channel: Channel, message: unknown): void
  send(channel: Channel, message: unknown): void
}

/**
 * @param receiverOf the window whose web contents have this id
 * @param log gets a line for every message that is refused
 */
export function openIpc(receiverOf: (id: number) => Receiver | undefined, log: (line: string) => void): void {
  for (const channel of channels) {
    ipcMain.on(channel, (event: IpcMainEvent, ...messages: unknown[]) => {
      const stranger = senderRefusal(event, (id) => receiverOf(id) !== undefined)
      if (stranger !== undefined) {
        log(`refused a message on '${channel}' from ${stranger}`)
        return
      }
      const receiver = receiverOf(event.sender.id)
      const [message] = messages
      const malformed = messages.length === 1 ? shapeRefusal(message) : 'it comes in several parts'
      if (malformed === undefined) {
        receiver?.receive(channel, message)
        return
      }
      log(`refused a message on '${channel}': ${malformed}`)
      const error = toErrorRecord(new StudioError('bad-request', `A message was refused: ${malformed}.`))
      const id = readId(message)
      receiver?.send(channel, id === undefined ? { type: 'fault', error } : { type: 'error', id, error })
    })
  }
}
