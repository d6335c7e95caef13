/** A Pipe over node's IPC channel: `target` is the child in the parent, and `process` in the child. */
import type { ChildProcess } from 'node:child_process'
import { assert } from '../shared/base/assert.ts'
import { type PipeEnd, pipeEnd } from '../shared/wire/pipe.ts'

/**
 * Whoever owns the process calls `end` on it, knowing best why the other side went. With `serialization: 'advanced'`
 * typed arrays survive, but an array that arrives is a view of the whole message: never read its `.buffer` without
 * `byteOffset`.
 */
export function ipcPipe(target: ChildProcess | NodeJS.Process): PipeEnd {
  const end = pipeEnd(
    (message) => {
      assert(target.send !== undefined, 'the process was started without an IPC channel')
      // A failed write means that the other side is gone, which the owner of the process hears of by itself.
      target.send(message as object, undefined, undefined, () => undefined)
    },
    () => {
      if (target.connected) target.disconnect()
    },
  )
  target.on('message', (message: unknown) => end.receive(message))
  return end
}
