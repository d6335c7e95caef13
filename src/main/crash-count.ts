/** Counts the ends of a page's process: one is reloaded without a word, several within a minute are a person's decision. */

const windowMilliseconds = 60_000
const tooMany = 3

export class CrashCount {
  #times: number[] = []

  /** @returns true where this end is one too many */
  add(now: number): boolean {
    this.#times = [...this.#times.filter((time) => now - time < windowMilliseconds), now]
    return this.#times.length >= tooMany
  }

  forget(): void {
    this.#times = []
  }
}
