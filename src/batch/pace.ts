/** How a run gets on, in numbers: what is told to a window or a terminal after each item. */
import type { BatchProgress } from '../shared/contract/batch.ts'
import type { Made } from './make-item.ts'

/** Of the last pictures, so that a change of speed shows, and a pause does not count for ever. */
const window = 50

export class Pace {
  readonly #items: number
  readonly #now: () => number
  readonly #ends: number[] = []
  #done = 0
  #skipped = 0
  #failed = 0
  #last: string | null = null
  #lastError: string | null = null

  /** @param now in ms since 1970 */
  constructor(items: number, now: () => number = Date.now) {
    this.#items = items
    this.#now = now
    this.#ends.push(now())
  }

  /** @param file where it lies */
  add(made: Made, file: string): void {
    if (made.is === 'skipped') this.#skipped += 1
    else if (made.is === 'failed') {
      this.#failed += 1
      this.#lastError = `${made.file}: ${made.error.message}`
    } else {
      this.#done += 1
      if (made.earlier) return
      this.#last = file
      this.#ends.push(this.#now())
      if (this.#ends.length > window) this.#ends.shift()
    }
  }

  /** The time until now was none of work. */
  resume(): void {
    this.#ends.splice(0, this.#ends.length, this.#now())
  }

  get progress(): BatchProgress {
    const first = this.#ends[0] ?? 0
    const last = this.#ends.at(-1) ?? 0
    const each = this.#ends.length > 1 ? (last - first) / (this.#ends.length - 1) : null
    const left = this.#items - this.#done - this.#skipped - this.#failed
    return {
      items: this.#items,
      done: this.#done,
      skipped: this.#skipped,
      failed: this.#failed,
      picturesAnHour: each === null ? null : Math.round(3_600_000 / Math.max(each, 0.01)),
      finishesAt: each === null ? null : Math.round(last + each * left),
      last: this.#last,
      lastError: this.#lastError,
    }
  }
}
