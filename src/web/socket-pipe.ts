/** A page's WebSocket as a pipe of the wire. What is no message of ours ends the connection. */
import type { RawData, WebSocket } from 'ws'
import { decodeMessage, encodeMessage, type TextCoding } from '../shared/wire/binary-codec.ts'
import { type Pipe, pipeEnd } from '../shared/wire/pipe.ts'

const text: TextCoding = {
  encode: (value) => Buffer.from(value),
  decode: (bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes),
}

export function socketPipe(socket: WebSocket): Pipe {
  const end = pipeEnd(
    (message) => socket.send(encodeMessage(message, text)),
    () => socket.close(),
  )
  socket.on('message', (data: RawData, isBinary: boolean) => {
    try {
      if (!isBinary || !Buffer.isBuffer(data)) throw new Error('no binary message')
      end.receive(decodeMessage(data, text))
    } catch {
      socket.close(1003, 'not a message')
    }
  })
  socket.on('close', () => end.end('the page was closed'))
  // Errors come with a close of their own.
  socket.on('error', () => undefined)
  return end.pipe
}
