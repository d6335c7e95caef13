/**
 * What crosses the pipe. Both readers check the envelope only: arguments are checked by the engine's own schemas, and
 * results come from the same build of the program.
 */
import { type ErrorRecord, errorCodes } from '../contract/errors.ts'

/** To the server. `events` is false where nobody listens, so that no preview is copied in vain. */
export type Request =
  | {
      readonly type: 'call'
      readonly id: number
      readonly method: string
      readonly argument: unknown
      readonly events: boolean
    }
  | { readonly type: 'cancel'; readonly id: number }

/**
 * To the caller; `result` and `error` end a call. A `fault` answers what could not be read as belonging to any call.
 */
export type Reply =
  | { readonly type: 'event'; readonly id: number; readonly event: unknown }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: ErrorRecord }
  | { readonly type: 'fault'; readonly error: ErrorRecord }

export type CallMessage = Extract<Request, { type: 'call' }>

/** undefined where `message` is no request. */
export function readRequest(message: unknown): Request | undefined {
  const id = readId(message)
  if (!isRecord(message) || id === undefined) return undefined
  if (message.type === 'cancel') return { type: 'cancel', id }
  if (message.type !== 'call' || typeof message.method !== 'string') return undefined
  return { type: 'call', id, method: message.method, argument: message.argument, events: message.events === true }
}

/** undefined where `message` is no reply. */
export function readReply(message: unknown): Reply | undefined {
  if (!isRecord(message)) return undefined
  if (message.type === 'fault')
    return isErrorRecord(message.error) ? { type: 'fault', error: message.error } : undefined
  const id = readId(message)
  if (id === undefined) return undefined
  if (message.type === 'event') return { type: 'event', id, event: message.event }
  if (message.type === 'result') return { type: 'result', id, value: message.value }
  if (message.type === 'error' && isErrorRecord(message.error)) return { type: 'error', id, error: message.error }
  return undefined
}

/** The call that a message names, readable or not: lets an error go to the one who waits for it. */
export function readId(message: unknown): number | undefined {
  return isRecord(message) && typeof message.id === 'number' && Number.isSafeInteger(message.id)
    ? message.id
    : undefined
}

function isErrorRecord(value: unknown): value is ErrorRecord {
  return (
    isRecord(value) &&
    errorCodes.some((code) => code === value.code) &&
    typeof value.message === 'string' &&
    (value.detail === undefined || typeof value.detail === 'string')
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
