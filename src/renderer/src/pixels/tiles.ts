/**
 * Tiles as the rest of the worker sees them: at any level, whether they are in memory, have to be asked for, or have to be made
 * from others. Everything that needs px says which tiles it will read, and then runs in one go.
 */
import { halveInto } from '../../../raster/halve.ts'
import { type TileSurface, tileSide } from '../../../raster/tiles.ts'
import { type Mip, Pyramid } from './pyramid.ts'
import { TileCache } from './tile-cache.ts'

/** A mip of up to this level is made straight from the document's tiles, at most 16 at once; higher ones from lower ones. */
const straightLevel = 2

export interface TilesOptions {
  /** In bytes. */
  readonly budget: number
  readonly ask: (ids: readonly string[]) => void
  /** Lets what is waiting outside have its turn. */
  readonly pause: () => Promise<void>
}

export class Tiles {
  readonly cache: TileCache
  readonly #pyramid = new Pyramid()
  readonly #pause: () => Promise<void>
  readonly #making = new Map<string, Promise<void>>()

  constructor({ budget, ask, pause }: TilesOptions) {
    this.cache = new TileCache(budget, ask)
    this.#pause = pause
  }

  /** For what `use` has brought into memory. */
  readonly get = (id: string): Uint8Array => this.cache.get(id)

  at(surface: TileSurface, level: number): TileSurface {
    return this.#pyramid.at(surface, level)
  }

  areHere(ids: Iterable<string>): boolean {
    for (const id of ids) if (!this.cache.has(id)) return false
    return true
  }

  /**
   * Runs `work` while all the tiles are in memory: at once where they are already.
   *
   * @throws StudioError (rejects) 'document-broken' where one will not come, 'cancelled' where the document was closed
   */
  async use<T>(ids: Iterable<string>, work: () => T): Promise<T> {
    const all = new Set(ids)
    this.cache.pin(all)
    try {
      const missing = [...all].filter((id) => !this.cache.has(id))
      if (missing.length > 0) await this.#load(missing)
      return work()
    } finally {
      this.cache.unpin(all)
    }
  }

  /** Asks for what is missing of these, for a use that is near. */
  prefetch(ids: Iterable<string>): void {
    const leaves = new Set<string>()
    for (const id of ids) for (const leaf of this.#frontier(id)) leaves.add(leaf)
    const missing = [...leaves].filter((id) => !this.cache.has(id) && this.#pyramid.mip(id) === undefined)
    if (missing.length > 0) this.cache.request(missing).catch(() => undefined)
  }

  async #load(ids: readonly string[]): Promise<void> {
    const mips = ids.filter((id) => this.#pyramid.mip(id) !== undefined)
    const coming = this.cache.request(ids.filter((id) => this.#pyramid.mip(id) === undefined))
    // It may fail while the mips are being made; that is told below.
    coming.catch(() => undefined)
    for (const [i, id] of mips.entries()) {
      const next = mips[i + 1]
      if (next !== undefined) this.prefetch([next])
      await this.#make(id)
    }
    await coming
  }

  #make(id: string): Promise<void> {
    const known = this.#making.get(id)
    if (known !== undefined) return known
    const mip = this.#pyramid.mip(id)
    if (mip === undefined || this.cache.has(id)) return Promise.resolve()
    const made = this.use(this.#frontier(id), () => void this.#compute(id, mip))
      .then(this.#pause)
      .finally(() => this.#making.delete(id))
    this.#making.set(id, made)
    return made
  }

  /** What a mip is made from: what is in memory already, else tiles of the document, else mips that are made themselves. */
  #frontier(id: string): string[] {
    const mip = this.#pyramid.mip(id)
    if (mip === undefined || this.cache.has(id)) return [id]
    const children = mip.children.filter((child) => child !== undefined)
    return mip.level > straightLevel ? children : children.flatMap((child) => this.#frontier(child))
  }

  #compute(id: string, { level, channels, children }: Mip): Uint8Array {
    if (this.cache.has(id)) return this.cache.get(id)
    const bytes = new Uint8Array(tileSide * tileSide * channels)
    for (const [quarter, child] of children.entries()) {
      if (child === undefined) continue
      const mip = this.#pyramid.mip(child)
      const tile = mip === undefined ? this.cache.get(child) : this.#compute(child, mip)
      halveInto(bytes, tile, channels, quarter & 1, quarter >> 1)
    }
    this.cache.add(id, bytes, level)
    return bytes
  }
}
