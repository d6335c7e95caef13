/**
 * Moves of a pointer that come twice, at once and with the next frame, in either order: each is told when it comes first. Time alone
 * does not tell them apart: a fast pointer makes several in one tick of the clock.
 */

type Stream = 'pointermove' | 'pointerrawupdate'

export interface Move {
  readonly timeStamp: number
  readonly clientX: number
  readonly clientY: number
}

export class ToldOnce {
  /** How often a move was told of one stream that the other has not brought yet. */
  readonly #ahead: Readonly<Record<Stream, Map<string, number>>> = {
    pointermove: new Map(),
    pointerrawupdate: new Map(),
  }

  /** Is it the first of its two? */
  isFirst(stream: Stream, { timeStamp, clientX, clientY }: Move): boolean {
    const key = `${timeStamp} ${clientX} ${clientY}`
    const other = this.#ahead[stream === 'pointermove' ? 'pointerrawupdate' : 'pointermove']
    const waiting = other.get(key) ?? 0
    if (waiting > 0) {
      if (waiting === 1) other.delete(key)
      else other.set(key, waiting - 1)
      return false
    }
    const own = this.#ahead[stream]
    own.set(key, (own.get(key) ?? 0) + 1)
    return true
  }

  /** Another button, another stroke: nothing of before comes any more. */
  clear(): void {
    this.#ahead.pointermove.clear()
    this.#ahead.pointerrawupdate.clear()
  }
}
