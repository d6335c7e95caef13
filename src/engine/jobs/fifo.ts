/** One job at a time, in the order they came: onnxruntime already uses every core for one. */
import { type CancelSignal, cancelled, throwIfCancelled } from '../../shared/base/cancel.ts'

export class Fifo {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /**
   * Runs `job` when those before it have ended, however they ended.
   * @param onQueued told once how many are ahead, where any are
   * @throws StudioError 'cancelled' as soon as the signal is raised while waiting; else what the job throws
   */
  async run<T>(job: () => Promise<T>, signal?: CancelSignal, onQueued?: (ahead: number) => void): Promise<T> {
    throwIfCancelled(signal)
    if (this.#waiting > 0) onQueued?.(this.#waiting)
    this.#waiting += 1
    let started = false
    const turn = this.#last.then(() => {
      throwIfCancelled(signal)
      started = true
      return job()
    })
    this.#last = turn
      .catch(() => undefined)
      .finally(() => {
        this.#waiting -= 1
      })
    if (!signal) return turn
    return new Promise((resolve, reject) => {
      // Once it runs, a job ends by itself, between two steps.
      const leave = (): void => {
        if (!started) reject(cancelled())
      }
      signal.addEventListener('abort', leave, { once: true })
      turn.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
    })
  }
}
