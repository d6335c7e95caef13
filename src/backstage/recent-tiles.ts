/**
 * Tiles that were put a moment ago. A page stores tiles before a change names them, and asks for a sweep by what it knew at that
 * moment: what came in between must not be swept away.
 */

/** ms that a tile is safe after it was put. */
const safe = 120_000

export class RecentTiles {
  /** By id, when each was put last; oldest first. */
  readonly #putAt = new Map<string, number>()

  add(id: string, now = Date.now()): void {
    this.#putAt.delete(id)
    this.#putAt.set(id, now)
    this.#forget(now)
  }

  list(now = Date.now()): readonly string[] {
    this.#forget(now)
    return [...this.#putAt.keys()]
  }

  #forget(now: number): void {
    for (const [id, at] of this.#putAt) {
      if (now - at < safe) return
      this.#putAt.delete(id)
    }
  }
}
