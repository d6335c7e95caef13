/**
 * The answering side of the wire: runs the calls that come in over a pipe on a real object. Several calls may run at
 * once (queueing is the engine's business); nothing that arrives can make it throw.
 */
import { type ErrorRecord, StudioError, toErrorRecord } from '../contract/errors.ts'
import { CancelSource } from './cancel-source.ts'
import { type CallMessage, type Reply, readId, readRequest } from './messages.ts'
import type { MethodTable, WireApi, WireMethod } from './method-table.ts'
import type { Pipe } from './pipe.ts'

/**
 * Serves `api` until the pipe closes or the returned function is called; both cancel the calls that are running. What a
 * method throws goes back as an ErrorRecord, as does 'bad-request' for a message that names no method of the table.
 */
export function serve<Api extends WireApi<Api>>(api: Api, methods: MethodTable<Api>, pipe: Pipe): () => void {
  const jobs = new Map<number, CancelSource>()
  const send = (reply: Reply) => pipe.post(reply)

  function methodNamed(name: string): WireMethod | undefined {
    // Types are the caller's promise here: the arguments are checked by the methods themselves.
    return Object.hasOwn(methods, name) ? (api[name as keyof Api] as unknown as WireMethod) : undefined
  }

  async function outcome(call: CallMessage, source: CancelSource): Promise<Reply> {
    const { id } = call
    const method = methodNamed(call.method)
    if (method === undefined) return { type: 'error', id, error: unreadable(`there is no method '${call.method}'`) }
    const onEvent = (event: unknown) => {
      if (jobs.get(id) === source) send({ type: 'event', id, event })
    }
    try {
      const hooks = { signal: source.signal, onEvent: call.events ? onEvent : undefined }
      return { type: 'result', id, value: await method.call(api, call.argument, hooks) }
    } catch (thrown) {
      return { type: 'error', id, error: toErrorRecord(thrown) }
    }
  }

  async function run(call: CallMessage): Promise<void> {
    const source = new CancelSource()
    jobs.set(call.id, source)
    const reply = await outcome(call, source)
    jobs.delete(call.id)
    try {
      send(reply)
    } catch (thrown) {
      // The transport could not copy the result; the caller must hear of it instead of waiting for ever.
      send({ type: 'error', id: call.id, error: toErrorRecord(thrown) })
    }
  }

  function receive(message: unknown): void {
    const request = readRequest(message)
    const id = readId(message)
    if (request?.type === 'cancel') jobs.get(request.id)?.cancel()
    else if (id === undefined) send({ type: 'fault', error: unreadable('it names no call') })
    else if (jobs.has(id)) send({ type: 'fault', error: unreadable(`call ${id} is already running`) })
    else if (request === undefined) send({ type: 'error', id, error: unreadable('it names no method') })
    else void run(request)
  }

  function cancelAll(): void {
    for (const source of jobs.values()) source.cancel()
  }

  const stopListening = [pipe.onMessage(receive), pipe.onClose(cancelAll)]
  return () => {
    for (const stop of stopListening) stop()
    cancelAll()
  }
}

function unreadable(why: string): ErrorRecord {
  const message = `The engine could not read a message: ${why}; install the same version of all parts of the program.`
  return toErrorRecord(new StudioError('bad-request', message))
}
