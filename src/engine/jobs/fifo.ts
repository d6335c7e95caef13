/** One job at a time, in the order they came: onnxruntime already uses every core for one. */
import { type CancelSignal, throwIfCancelled } from '../../shared/base/cancel.ts'

export class Fifo {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /**
   * Runs `job` when those before it have ended, however they ended.
   * @param onQueued told once how many are ahead, where any are
   * @throws StudioError 'cancelled' where the signal was raised while waiting; else what the job throws
   */
  async run<T>(job: () => Promise<T>, signal?: CancelSignal, onQueued?: (ahead: number) => void): Promise<T> {
    if (this.#waiting > 0) onQueued?.(this.#waiting)
    this.#waiting += 1
    const turn = this.#last.then(() => {
      throwIfCancelled(signal)
      return job()
    })
    this.#last = turn
      .catch(() => undefined)
      .finally(() => {
        this.#waiting -= 1
      })
    return turn
  }
}
