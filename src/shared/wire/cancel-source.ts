/** The raising side of a CancelSignal: AbortController, for rooms that have neither DOM nor node types. */
import type { CancelSignal } from '../base/cancel.ts'

export class CancelSource {
  readonly signal: CancelSignal
  readonly #listeners = new Set<() => void>()
  #raised = false

  constructor() {
    const isRaised = () => this.#raised
    this.signal = {
      get aborted() {
        return isRaised()
      },
      // `once` needs no care: a signal is raised once, and then forgets its listeners.
      addEventListener: (_type, listener) => {
        if (!this.#raised) this.#listeners.add(listener)
      },
      removeEventListener: (_type, listener) => {
        this.#listeners.delete(listener)
      },
    }
  }

  /** Raises the signal and calls its listeners, the first time only. */
  cancel(): void {
    if (this.#raised) return
    this.#raised = true
    const listeners = [...this.#listeners]
    this.#listeners.clear()
    for (const listener of listeners) listener()
  }
}
