/** When a preview is worth its time: with every step where decoding is quick, else so seldom that it takes a fifth of the run. */

/** Milliseconds that nobody minds. */
const quick = 250
const waits = 4

export class PreviewPace {
  readonly #now: () => number
  #took = 0
  #at = Number.NEGATIVE_INFINITY

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  get isDue(): boolean {
    return this.#took <= quick || this.#now() - this.#at >= waits * this.#took
  }

  async timed<T>(decode: () => Promise<T>): Promise<T> {
    const start = this.#now()
    const decoded = await decode()
    this.#at = this.#now()
    this.#took = this.#at - start
    return decoded
  }
}
