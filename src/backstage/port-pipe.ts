/** A MessagePort as a pipe, at either end. */
import type { MessagePort } from 'node:worker_threads'
import { type PipeEnd, pipeEnd } from '../shared/wire/pipe.ts'

export function portPipe(port: MessagePort): PipeEnd {
  const end = pipeEnd(
    (message) => port.postMessage(message),
    () => port.close(),
  )
  port.on('message', (message: unknown) => end.receive(message))
  port.on('close', () => end.end('the other side closed it'))
  return end
}
