/** Tells at once, and then at most once in so many milliseconds, the last time always: lists that change with every step. */
export class Throttle {
  readonly #tell: () => void
  readonly #milliseconds: number
  #timer: NodeJS.Timeout | undefined
  #again = false

  constructor(milliseconds: number, tell: () => void) {
    this.#milliseconds = milliseconds
    this.#tell = tell
  }

  poke(): void {
    if (this.#timer !== undefined) {
      this.#again = true
      return
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (!this.#again) return
      this.#again = false
      this.poke()
    }, this.#milliseconds)
    this.#timer.unref()
    this.#tell()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#again = false
  }
}
