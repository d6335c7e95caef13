/**
 * The tiles that the worker has in memory, up to a budget. What is missing is asked for, once however many wait for it. Tiles of
 * the level on screen go last; of the others those go first that were not used for longest. A pinned tile stays.
 */
import { assert } from '../../../shared/base/assert.ts'
import { StudioError } from '../../../shared/contract/errors.ts'

interface Entry {
  readonly bytes: Uint8Array
  readonly level: number
  /** When it was last used. */
  used: number
}

interface Waiting {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: StudioError) => void
}

export class TileCache {
  /** The level whose tiles are kept longest. */
  favourite = 0
  readonly #budget: number
  readonly #ask: (ids: readonly string[]) => void
  readonly #entries = new Map<string, Entry>()
  /** The same by level, in each the one first that was not used for longest. */
  readonly #levels = new Map<number, Map<string, Entry>>()
  readonly #pins = new Map<string, number>()
  readonly #waiting = new Map<string, Waiting>()
  readonly #failed = new Map<string, string>()
  #bytes = 0
  #clock = 0
  #isClosed = false

  /**
   * @param budget in bytes
   * @param ask is told the ids of tiles that are to come by `add`, or by `fail`
   */
  constructor(budget: number, ask: (ids: readonly string[]) => void) {
    this.#budget = budget
    this.#ask = ask
  }

  get bytes(): number {
    return this.#bytes
  }

  has(id: string): boolean {
    return this.#entries.has(id)
  }

  /** Not to be written to. */
  get(id: string): Uint8Array {
    const entry = this.#entries.get(id)
    assert(entry, `tile ${id} is not in memory`)
    this.#touch(id, entry)
    return entry.bytes
  }

  /** The bytes belong to the cache from then on. */
  add(id: string, bytes: Uint8Array, level = 0): void {
    if (this.#isClosed) return
    const known = this.#entries.get(id)
    if (known !== undefined) return this.#touch(id, known)
    this.#entries.set(id, { bytes, level, used: 0 })
    this.#touch(id, this.#entries.get(id)!)
    this.#bytes += bytes.length
    this.#failed.delete(id)
    this.#waiting.get(id)?.resolve()
    this.#waiting.delete(id)
    this.#makeRoom()
  }

  fail(id: string, message: string): void {
    this.#failed.set(id, message)
    this.#waiting.get(id)?.reject(broken(message))
    this.#waiting.delete(id)
  }

  /** Resolves when all of them have come; without a pin they may have gone again by then. @throws StudioError (rejects) */
  async request(ids: readonly string[]): Promise<void> {
    if (this.#isClosed) throw closed()
    const missing = new Set(ids.filter((id) => !this.#entries.has(id)))
    for (const id of missing) {
      const message = this.#failed.get(id)
      if (message !== undefined) throw broken(message)
    }
    const fresh = [...missing].filter((id) => !this.#waiting.has(id))
    for (const id of fresh) this.#waiting.set(id, newWaiting())
    const promises = [...missing].flatMap((id) => this.#waiting.get(id)?.promise ?? [])
    if (fresh.length > 0) this.#ask(fresh)
    await Promise.all(promises)
  }

  pin(ids: Iterable<string>): void {
    for (const id of ids) this.#pins.set(id, (this.#pins.get(id) ?? 0) + 1)
  }

  unpin(ids: Iterable<string>): void {
    for (const id of ids) {
      const count = this.#pins.get(id)
      assert(count !== undefined, `tile ${id} is not pinned`)
      if (count === 1) this.#pins.delete(id)
      else this.#pins.set(id, count - 1)
    }
    this.#makeRoom()
  }

  /** Forgets everything; who waits is told that it was cancelled. */
  close(): void {
    this.#isClosed = true
    for (const { reject } of this.#waiting.values()) reject(closed())
    this.#waiting.clear()
    this.#entries.clear()
    this.#levels.clear()
    this.#bytes = 0
  }

  #touch(id: string, entry: Entry): void {
    let level = this.#levels.get(entry.level)
    if (level === undefined) this.#levels.set(entry.level, (level = new Map()))
    entry.used = ++this.#clock
    level.delete(id)
    level.set(id, entry)
  }

  #makeRoom(): void {
    while (this.#bytes > this.#budget) {
      const id = this.#oldest(true) ?? this.#oldest(false)
      if (id === undefined) return
      const entry = this.#entries.get(id)
      assert(entry, 'a tile of a level is in memory')
      this.#entries.delete(id)
      this.#levels.get(entry.level)?.delete(id)
      this.#bytes -= entry.bytes.length
    }
  }

  #oldest(spareFavourite: boolean): string | undefined {
    let oldest: string | undefined
    let used = Number.POSITIVE_INFINITY
    for (const [level, entries] of this.#levels) {
      if (spareFavourite && level === this.favourite) continue
      for (const [id, entry] of entries) {
        if (this.#pins.has(id)) continue
        if (entry.used < used) {
          oldest = id
          used = entry.used
        }
        break
      }
    }
    return oldest
  }
}

function newWaiting(): Waiting {
  let resolve: Waiting['resolve'] = () => undefined
  let reject: Waiting['reject'] = () => undefined
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  // Whoever waits hears of it; that nobody does is no fault.
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}

const broken = (message: string): StudioError => new StudioError('document-broken', message)
const closed = (): StudioError => new StudioError('cancelled', 'The document was closed.')
