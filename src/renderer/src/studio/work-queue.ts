/**
 * Changes of the document that have to wait for pixels, one after the other: each finds the document as the one before left it.
 * What takes long enough to be noticed is shown as busy.
 */
import type { BusyState } from './studio-state.ts'

/** Below this a person takes it for immediate, in ms. */
const noticeable = 300

export type Report = (share: number | null) => void

export class WorkQueue {
  readonly #show: (busy: BusyState | null) => void
  readonly #fail: (error: unknown) => void
  readonly #onWorking: (working: boolean) => void
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /**
   * @param show is told what is going on, and null when it is over
   * @param fail is told what a piece of work threw; the queue goes on
   * @param onWorking is told when work begins and when nothing waits any more
   */
  constructor(
    show: (busy: BusyState | null) => void,
    fail: (error: unknown) => void,
    onWorking: (working: boolean) => void = () => undefined,
  ) {
    this.#show = show
    this.#fail = fail
    this.#onWorking = onWorking
  }

  /**
   * Resolves to what `work` returned; to undefined where it failed, which was told already.
   *
   * @param text shown where it takes a while; '' never shows
   */
  run<T>(text: string, work: (report: Report) => Promise<T> | T): Promise<T | undefined> {
    this.#waiting += 1
    if (this.#waiting === 1) this.#onWorking(true)
    const turn = this.#turn.then(() => this.#work(text, work))
    this.#turn = turn
    return turn
  }

  /** Resolves when all that was asked for so far is done. */
  async settled(): Promise<void> {
    await this.#turn
  }

  async #work<T>(text: string, work: (report: Report) => Promise<T> | T): Promise<T | undefined> {
    let share: number | null = null
    let isShown = false
    const timer = setTimeout(() => {
      isShown = text !== ''
      if (!isShown) return
      this.#show({ text, share })
    }, noticeable)
    try {
      return await work((next) => {
        share = next
        if (isShown) this.#show({ text, share })
      })
    } catch (error) {
      this.#fail(error)
      return undefined
    } finally {
      clearTimeout(timer)
      this.#waiting -= 1
      if (isShown) this.#show(null)
      if (this.#waiting === 0) this.#onWorking(false)
    }
  }
}
