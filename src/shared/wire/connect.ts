/**
 * The calling side of the wire: gives back the interface that `serve` holds at the other end of the pipe. Every call
 * settles: with the answer, with the error of the other side as a StudioError, or with 'engine-lost' when the pipe
 * closes.
 */
import { throwIfCancelled } from '../base/cancel.ts'
import type { CallHooks } from '../contract/call-hooks.ts'
import { fromErrorRecord, StudioError } from '../contract/errors.ts'
import { type Request, readReply } from './messages.ts'
import type { MethodTable, WireApi, WireMethod } from './method-table.ts'
import type { Pipe } from './pipe.ts'

interface PendingCall {
  resolve(value: unknown): void
  reject(error: unknown): void
  onEvent(event: unknown): void
}

/**
 * The methods of `methods`, carried out at the other end of `pipe`. A raised `hooks.signal` asks the other side to
 * stop; the call still waits for its answer (one that was raised before rejects at once and sends nothing). Where
 * `hooks.onEvent` throws, the call is cancelled and rejects with what was thrown.
 */
export function connect<Api extends WireApi<Api>>(methods: MethodTable<Api>, pipe: Pipe): Api {
  const pending = new Map<number, PendingCall>()
  let lastId = 0
  let closedBecause: string | undefined
  const send = (request: Request) => pipe.post(request)

  async function call(method: string, argument: unknown, hooks: CallHooks = {}): Promise<unknown> {
    const { signal, onEvent } = hooks
    throwIfCancelled(signal)
    if (closedBecause !== undefined) throw engineLost(closedBecause)
    lastId += 1
    const id = lastId
    const cancel = () => send({ type: 'cancel', id })
    try {
      return await new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject, onEvent: (event) => onEvent?.(event) })
        signal?.addEventListener('abort', cancel, { once: true })
        send({ type: 'call', id, method, argument, events: onEvent !== undefined })
      })
    } finally {
      pending.delete(id)
      signal?.removeEventListener('abort', cancel)
    }
  }

  function receive(message: unknown): void {
    const reply = readReply(message)
    // An answer was lost, and nobody can tell whose: better that all fail than that one waits for ever.
    if (reply === undefined) return rejectAll(engineLost('it sent a message that cannot be read'))
    if (reply.type === 'fault') return rejectAll(fromErrorRecord(reply.error))
    const waiting = pending.get(reply.id)
    if (waiting === undefined) return
    if (reply.type === 'event') deliver(reply.id, waiting, reply.event)
    else {
      pending.delete(reply.id)
      if (reply.type === 'result') waiting.resolve(reply.value)
      else waiting.reject(fromErrorRecord(reply.error))
    }
  }

  function deliver(id: number, waiting: PendingCall, event: unknown): void {
    try {
      waiting.onEvent(event)
    } catch (thrown) {
      // Forgotten at once: no event may follow one that failed.
      pending.delete(id)
      waiting.reject(thrown)
      send({ type: 'cancel', id })
    }
  }

  function rejectAll(error: StudioError): void {
    for (const waiting of pending.values()) waiting.reject(error)
    pending.clear()
  }

  pipe.onMessage(receive)
  pipe.onClose((reason) => {
    closedBecause = reason
    rejectAll(engineLost(reason))
  })

  const stubs = Object.keys(methods).map((method): [string, WireMethod] => [
    method,
    (argument, hooks) => call(method, argument, hooks),
  ])
  // The table has every method of Api (MethodTable), and a stub passes on what it is given.
  return Object.fromEntries(stubs) as unknown as Api
}

function engineLost(reason: string): StudioError {
  return new StudioError('engine-lost', `The connection to the engine was lost (${reason}); try again.`)
}
