/** What a caller may hand along with a call that takes a while: a signal to stop it, and a listener for what happens meanwhile. */
import type { CancelSignal } from '../base/cancel.ts'

export interface CallHooks<Event = unknown> {
  readonly signal?: CancelSignal | undefined
  readonly onEvent?: ((event: Event) => void) | undefined
}
