/**
 * New tiles get their names here: the hash of their bytes. Each is told to the window as soon as it has its name, and always
 * before the answer of the operation that made it. One object for each operation.
 */
import { type TileSurface, tileSide } from '../../../raster/tiles.ts'
import type { TileCache } from './tile-cache.ts'

export interface MadeTile {
  readonly id: string
  readonly bytes: Uint8Array
}

/** SHA-256 in hex. */
export type Hash = (bytes: Uint8Array) => Promise<string>

/** Tiles in one event: 2 MiB. */
const atOnce = 8
/** Tiles whose names are on the way: enough to keep a hash in another thread busy. */
const ahead = 16

export class Minting {
  readonly #cache: TileCache
  readonly #hash: Hash
  readonly #tell: (tiles: readonly MadeTile[]) => void
  /** A tile that is used in many places is hashed once. */
  readonly #known = new WeakMap<Uint8Array, Promise<string>>()
  readonly #told = new Set<string>()
  readonly #running = new Set<Promise<unknown>>()
  #waiting: MadeTile[] = []

  constructor(cache: TileCache, hash: Hash, tell: (tiles: readonly MadeTile[]) => void) {
    this.#cache = cache
    this.#hash = hash
    this.#tell = tell
  }

  /** Resolves to the tile's id. The bytes belong to the cache from then on. */
  name(bytes: Uint8Array): Promise<string> {
    const known = this.#known.get(bytes)
    if (known !== undefined) return known
    const named = this.#mint(bytes)
    this.#known.set(bytes, named)
    this.#running.add(named)
    const forget = (): void => void this.#running.delete(named)
    named.then(forget, forget)
    return named
  }

  /** Resolves when more may be named, so that an operation does not run ahead of memory. */
  async room(): Promise<void> {
    while (this.#running.size >= ahead) await Promise.race(this.#running)
  }

  /** Resolves when all have their names and have been told. */
  async finish(): Promise<void> {
    await Promise.all(this.#running)
    this.#flush()
  }

  async #mint(bytes: Uint8Array): Promise<string> {
    const id = await this.#hash(bytes)
    this.#cache.add(id, bytes)
    if (this.#told.has(id)) return id
    this.#told.add(id)
    this.#waiting.push({ id, bytes })
    if (this.#waiting.length === atOnce) this.#flush()
    return id
  }

  #flush(): void {
    if (this.#waiting.length > 0) this.#tell(this.#waiting)
    this.#waiting = []
  }
}

/** A surface on its way: tiles of another one, some of them replaced. */
export class SurfaceDraft {
  readonly #minting: Minting
  readonly #channels: 1 | 4
  readonly #tiles: Record<string, string>
  readonly #coming: Promise<void>[] = []

  constructor(minting: Minting, base: TileSurface) {
    this.#minting = minting
    this.#channels = base.channels
    this.#tiles = { ...base.tiles }
  }

  /** Bytes that are all 0 are no tile at all. A key is put at most once. */
  put(key: string, bytes: Uint8Array): void {
    if (isEmpty(bytes)) return this.drop(key)
    const put = this.#minting.name(bytes).then((id) => this.keep(key, id))
    // Told by `finish`, if an operation comes that far.
    put.catch(() => undefined)
    this.#coming.push(put)
  }

  keep(key: string, id: string): void {
    this.#tiles[key] = id
  }

  drop(key: string): void {
    delete this.#tiles[key]
  }

  async finish(): Promise<TileSurface> {
    await Promise.all(this.#coming)
    return { channels: this.#channels, tiles: this.#tiles }
  }
}

/** @param bytes of a whole tile, or of any multiple of 4 in memory of its own */
function isEmpty(bytes: Uint8Array): boolean {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  for (const word of words) if (word !== 0) return false
  return true
}

export const newTile = (channels: 1 | 4): Uint8Array => new Uint8Array(tileSide * tileSide * channels)
