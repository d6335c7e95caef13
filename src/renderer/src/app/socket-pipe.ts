/** The page's end of the wire where the studio runs in a browser: one WebSocket to the door that served the page. */
import { decodeMessage, encodeMessage, type TextCoding } from '../../../shared/wire/binary-codec.ts'
import { type Pipe, pipeEnd } from '../../../shared/wire/pipe.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })
const text: TextCoding = { encode: (value) => encoder.encode(value), decode: (bytes) => decoder.decode(bytes) }

/** Resolves when the socket is open. @throws (rejects) where the door does not open */
export function openSocketPipe(address: string): Promise<Pipe> {
  const socket = new WebSocket(address)
  socket.binaryType = 'arraybuffer'
  const end = pipeEnd(
    (message) => socket.send(encodeMessage(message, text) as Uint8Array<ArrayBuffer>),
    () => socket.close(),
  )
  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) end.receive(decodeMessage(new Uint8Array(data), text))
  })
  socket.addEventListener('close', () => end.end('the studio was closed'))
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(end.pipe))
    socket.addEventListener('error', () => reject(new Error('the door is closed')))
  })
}
