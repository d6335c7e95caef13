/** Pausing and stopping a run from outside. What the engine has begun with is finished; what waits in its queue is taken back. */
export class BatchControl {
  readonly #waiting = new Set<AbortController>()
  readonly #listeners = new Set<() => void>()
  #isHeld = false
  #isStopped = false

  get isStopped(): boolean {
    return this.#isStopped
  }

  get isPaused(): boolean {
    return this.#isHeld && !this.#isStopped
  }

  pause(paused: boolean): void {
    this.#isHeld = paused
    if (paused) this.#takeBack()
    this.#tell()
  }

  /** For good. */
  stop(): void {
    this.#isStopped = true
    this.#takeBack()
    this.#tell()
  }

  /** Resolves when it goes on: true, or false where it is stopped. */
  async goesOn(): Promise<boolean> {
    while (this.isPaused) await new Promise<void>((resolve) => this.#listeners.add(resolve))
    return !this.#isStopped
  }

  /** A job that may be taken back until `begun` is called. */
  watch(): { readonly signal: AbortSignal; readonly begun: () => void } {
    const abort = new AbortController()
    this.#waiting.add(abort)
    return { signal: abort.signal, begun: () => void this.#waiting.delete(abort) }
  }

  #takeBack(): void {
    for (const abort of this.#waiting) abort.abort()
    this.#waiting.clear()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
    this.#listeners.clear()
  }
}
