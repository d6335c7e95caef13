/** Cancellation as every room can name it: the signal that a job watches, and the check between two of its steps. */
import { StudioError } from '../contract/errors.ts'

/** The part of AbortSignal that we use, so that rooms without DOM and node types can name it. */
export interface CancelSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

export const cancelled = (): StudioError => new StudioError('cancelled', 'The job was cancelled.')

/** @throws StudioError 'cancelled' where the signal has been raised. */
export function throwIfCancelled(signal: CancelSignal | undefined): void {
  if (signal?.aborted) throw cancelled()
}
