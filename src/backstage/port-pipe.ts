/** A MessagePort as a pipe, at either end. */
import type { MessagePort } from 'node:worker_threads'
import { type PipeEnd, pipeEnd } from '../shared/wire/pipe.ts'

/** @param whenClosed what it means that the port closed: the reason that `onClose` tells */
export function portPipe(port: MessagePort, whenClosed: string): PipeEnd {
  const end = pipeEnd(
    (message) => port.postMessage(message),
    () => port.close(),
  )
  port.on('message', (message: unknown) => end.receive(message))
  port.on('close', () => end.end(whenClosed))
  return end
}
