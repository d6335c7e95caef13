/**
 * Turns in a place where some work may go on side by side (writing files of different names) and some must be alone (removing or
 * syncing them). Work begins in the order in which it was asked for; what fails holds up nobody.
 */
export class Gate {
  /** The last work that had to be alone. */
  #alone: Promise<unknown> = Promise.resolve()
  /** What was let in side by side after it. */
  readonly #together = new Set<Promise<unknown>>()

  /** Runs `work` beside other such work, after all that had to be alone before it. */
  together<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#alone.then(work, work)
    const forget = (): void => void this.#together.delete(done)
    done.then(forget, forget)
    this.#together.add(done)
    return done
  }

  /** Runs `work` when all that was asked for before it has ended, and before all that comes after it. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const before = Promise.allSettled([this.#alone, ...this.#together])
    const done = before.then(work)
    this.#together.clear()
    this.#alone = done.catch(() => undefined)
    return done
  }
}
