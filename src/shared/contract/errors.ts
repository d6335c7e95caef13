/**
 * The errors that reach a person. Every failure that the world can cause (a missing file, a full disk, a dead engine) is a
 * StudioError with one of these codes; callers switch on the code and never read the message. Our own bugs are `assert`s.
 */
export const errorCodes = [
  'bad-request',
  'file-not-found',
  'file-unreadable',
  'not-a-picture',
  'picture-too-large',
  'mask-size-mismatch',
  'mask-empty',
  'model-missing',
  'model-broken',
  'checkpoint-mismatch',
  'golden-broken',
  'document-broken',
  'device-unavailable',
  'out-of-memory',
  'engine-lost',
  'cancelled',
  'write-failed',
  'no-recipe',
  'not-repeatable',
  'internal',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** What crosses a process border in place of an Error object. */
export interface ErrorRecord {
  readonly code: ErrorCode
  readonly message: string
  readonly detail?: string
}

/** `message` names the cause and the next step in one line; `detail` may hold lists or a stack for a log. */
export class StudioError extends Error {
  readonly code: ErrorCode
  readonly detail: string | undefined

  constructor(code: ErrorCode, message: string, options: { detail?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'StudioError'
    this.code = code
    this.detail = options.detail
  }
}

/** Any thrown value as a record; what is not a StudioError is our bug and becomes `internal` with its stack as detail. */
export function toErrorRecord(thrown: unknown): ErrorRecord {
  if (thrown instanceof StudioError) {
    return {
      code: thrown.code,
      message: thrown.message,
      ...(thrown.detail === undefined ? {} : { detail: thrown.detail }),
    }
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  return { code: 'internal', message: error.message, detail: error.stack ?? error.message }
}

export function fromErrorRecord(record: ErrorRecord): StudioError {
  return new StudioError(record.code, record.message, { detail: record.detail })
}

/** True for the error that a cancelled job ends with: a wish fulfilled, not a failure to report. */
export function isCancelled(thrown: unknown): boolean {
  return thrown instanceof StudioError && thrown.code === 'cancelled'
}
