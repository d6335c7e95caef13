/**
 * Tiles in a folder, named by the SHA-256 of their pixels in 256 subfolders, with the recently used ones in memory.
 *
 * `put` returns at once and writes behind: a tile stays in memory until `sync` has brought it to the disk for good, so a full
 * disk loses nothing that is still on screen. A journal calls `sync` before it names a tile. Files appear whole (a temporary
 * file, then a rename) and are synced only in `sync`; what a power cut left torn is found by its checksums and written anew.
 */
import { createHash } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { StudioError } from '../shared/contract/errors.ts'
import { severalAtOnce } from './ahead.ts'
import { Gate } from './gate.ts'
import { readFailure } from './read-failure.ts'
import { readWhole, type Storage, systemCode, writeFully } from './storage.ts'
import { openTileFile, type PackedTile, packTile, readTileFile, tileFile, unpackTile } from './tile-file.ts'
import { writeFailure } from './write-failure.ts'

export interface TileStoreOptions {
  readonly storage: Storage
  /** Made when the first tile is written. */
  readonly folder: string
  /** Of unpacked tiles kept in memory besides those that wait for the disk, in bytes. 256 MiB unless told. */
  readonly budget?: number
  /** Nothing is in the folder yet: no file is looked for before it is written. */
  readonly isNew?: boolean
}

export interface Swept {
  readonly files: number
  readonly bytes: number
}

/** As many as packing and the disk have use for. */
const atOnce = 4

/** Tiles that are looked at to judge all. */
const sampled = 32

/** Painted tiles come down to a half at least, most to far less. */
const packedLength = (tile: Uint8Array | PackedTile): number =>
  tile instanceof Uint8Array ? tile.length / 4 : tile.packed.length

const isTileId = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)

export function tileIdOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export class TileStore {
  readonly #storage: Storage
  readonly #folder: string
  readonly #budget: number
  readonly #isNew: boolean
  /** Oldest use first. */
  readonly #recent = new Map<string, Uint8Array>()
  #recentBytes = 0
  /** Not yet on the disk for good. */
  readonly #waiting = new Map<string, Uint8Array | PackedTile>()
  /** Whole on the disk, as far as this process saw. */
  readonly #written = new Set<string>()
  /** Written and not synced. */
  readonly #unsynced = new Set<string>()
  /** Their bytes were once seen to be what their names say. */
  readonly #verified = new Set<string>()
  /** On the disk, but a failed sync says that they may not be what they seem. */
  readonly #doubtful = new Set<string>()
  /** Tiles are written side by side; nothing is written while they are synced or removed. */
  readonly #gate = new Gate()
  readonly #madeFolders = new Set<string>()
  #isWriteWanted = false
  #isWriting = false
  #counter = 0
  /** Asked for and not done: what is put meanwhile has to be written anew. */
  #sweeps = 0

  constructor(options: TileStoreOptions) {
    this.#storage = options.storage
    this.#folder = options.folder
    this.#budget = options.budget ?? 256 * 2 ** 20
    this.#isNew = options.isNew ?? false
  }

  /** The bytes belong to the store from now on. The same bytes again cost only their hash. */
  put(bytes: Uint8Array): string {
    const id = tileIdOf(bytes)
    this.#verified.add(id)
    this.#remember(id, bytes)
    if (this.#written.has(id) && !this.#unsynced.has(id) && this.#sweeps === 0) return id
    this.#waiting.set(id, bytes)
    this.#writeSoon()
    return id
  }

  /**
   * Takes over a tile that is packed already, such as from a document's file, after unpacking it to see that it is what its name
   * says. Unlike `put` it waits for the file, and memory may let go of the px at once: documents are larger than memory.
   *
   * @throws StudioError 'document-broken' naming the tile; 'write-failed'
   */
  async take(id: string, tile: PackedTile): Promise<void> {
    const bytes = await unpackTile(tile)
    if (!isTileId(id) || bytes === undefined || tileIdOf(bytes) !== id) throw brokenTile(id)
    this.#verified.add(id)
    this.#remember(id, bytes)
    if (this.#waiting.has(id)) return
    await this.#told(this.#gate.together(() => this.#ensure(id, tile)))
  }

  /** @throws StudioError 'document-broken' naming the tile where it is missing or not what its name says */
  async get(id: string): Promise<Uint8Array> {
    const waiting = this.#waiting.get(id)
    if (waiting instanceof Uint8Array) return waiting
    const bytes = this.#recent.get(id) ?? (await this.#unpacked(id, waiting))
    // Afterwards the checksums in the file tell whether it is still the same.
    if (bytes === undefined || (!this.#verified.has(id) && tileIdOf(bytes) !== id)) throw brokenTile(id)
    this.#verified.add(id)
    this.#remember(id, bytes)
    return bytes
  }

  async #unpacked(id: string, waiting: PackedTile | undefined): Promise<Uint8Array | undefined> {
    const tile = waiting ?? (isTileId(id) ? await this.#readFile(id, openTileFile) : undefined)
    return tile && (await unpackTile(tile))
  }

  /** The tile as a zip entry takes it; torn files are found, a wrong hash is not. @throws as `get` */
  async packed(id: string): Promise<PackedTile> {
    const waiting = this.#waiting.get(id)
    if (waiting !== undefined) return waiting instanceof Uint8Array ? await packTile(waiting) : waiting
    const tile = isTileId(id) ? await this.#readFile(id) : undefined
    if (tile === undefined) throw brokenTile(id)
    return tile
  }

  /**
   * Brings every tile that was put before to the disk for good.
   *
   * @throws StudioError 'write-failed'; the tiles stay in memory and the next call tries again
   */
  async sync(): Promise<void> {
    await this.#told(this.#gate.alone(() => this.#syncAll()))
  }

  async #syncAll(): Promise<void> {
    await this.#writeWaiting()
    const folders = new Set([...this.#unsynced].map((id) => dirname(this.#path(id))))
    await severalAtOnce(this.#unsynced, atOnce, (id) => this.#syncFile(id))
    for (const folder of folders) await this.#storage.syncFolder(folder)
    if (folders.size > 0) await this.#storage.syncFolder(this.#folder)
    if (folders.size > 0) await this.#storage.syncFolder(dirname(this.#folder))
    this.#unsynced.clear()
    for (const id of this.#waiting.keys()) if (this.#written.has(id)) this.#waiting.delete(id)
  }

  /** About how many bytes tiles take on the disk, judged by some of them. */
  async packedSize(ids: Iterable<string>): Promise<number> {
    const all = [...ids]
    const some = all.filter((_, i) => i % Math.ceil(all.length / sampled) === 0)
    let bytes = 0
    for (const id of some) {
      const waiting = this.#waiting.get(id)
      bytes += waiting === undefined ? await this.#fileSize(id) : packedLength(waiting)
    }
    return some.length === 0 ? 0 : (bytes / some.length) * all.length
  }

  async #fileSize(id: string): Promise<number> {
    return (await this.#storage.info(this.#path(id)).catch(() => undefined))?.size ?? 0
  }

  /**
   * The tiles that are there, by their names alone.
   *
   * @throws StudioError 'file-unreadable': a disk that cannot be read must not look like one without tiles
   */
  async list(): Promise<ReadonlySet<string>> {
    const found = new Set(this.#waiting.keys())
    const names = async (folder: string): Promise<string[]> => {
      try {
        return await this.#storage.list(folder)
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return []
        throw readFailure(folder, error)
      }
    }
    for (const folder of await names(this.#folder))
      for (const name of await names(join(this.#folder, folder))) if (isTileId(name)) found.add(name)
    return found
  }

  /** Removes all tiles but `keep` and those put meanwhile. What cannot be removed stays for the next time. */
  async sweep(keep: ReadonlySet<string>): Promise<Swept> {
    this.#sweeps += 1
    const sweeping = this.#gate.alone(async () => {
      let files = 0
      let bytes = 0
      for (const folder of await this.#list(this.#folder)) {
        for (const name of await this.#list(join(this.#folder, folder))) {
          if (keep.has(name) || this.#waiting.has(name)) continue
          const path = join(this.#folder, folder, name)
          const size = await this.#fileSize(name)
          this.#forget(name)
          if (!(await this.#removed(path))) continue
          files += 1
          bytes += size
        }
      }
      return { files, bytes }
    })
    return await this.#told(sweeping).finally(() => {
      this.#sweeps -= 1
    })
  }

  /** Resolves when nothing is written any more; what failed stays in memory. For who removes the folder. */
  async settled(): Promise<void> {
    await this.#gate.alone(async () => undefined)
  }

  /** One turn in the folder writes all that was put until it ends; two at once would pack the same tiles. */
  #writeSoon(): void {
    this.#isWriteWanted = true
    if (this.#isWriting) return
    this.#isWriting = true
    const writing = this.#gate.together(async () => {
      try {
        while (this.#isWriteWanted) {
          this.#isWriteWanted = false
          await this.#writeWaiting()
        }
      } finally {
        this.#isWriting = false
      }
    })
    // What failed stays in memory, and the next sync tries again and tells.
    writing.catch(() => undefined)
  }

  async #writeWaiting(): Promise<void> {
    await severalAtOnce(this.#unwritten(), atOnce, (id) => this.#write(id))
  }

  *#unwritten(): Generator<string> {
    for (const id of this.#waiting.keys()) if (!this.#written.has(id)) yield id
  }

  async #told<T>(work: Promise<T>): Promise<T> {
    return await work.catch((error: unknown) => {
      throw writeFailure(join(this.#folder, 'tile'), error)
    })
  }

  async #write(id: string): Promise<void> {
    const tile = this.#waiting.get(id)
    if (tile !== undefined) await this.#ensure(id, tile)
  }

  async #ensure(id: string, tile: Uint8Array | PackedTile): Promise<void> {
    if (this.#written.has(id)) return
    // What a former process left under this name may be torn, and is else as good.
    if (this.#isNew || this.#doubtful.has(id) || (await this.#readFile(id)) === undefined)
      await this.#writeFile(id, tile instanceof Uint8Array ? await packTile(tile) : tile)
    this.#doubtful.delete(id)
    this.#written.add(id)
    this.#unsynced.add(id)
  }

  async #writeFile(id: string, tile: PackedTile): Promise<void> {
    const path = this.#path(id)
    const temporary = join(dirname(path), `${basename(path)}.${process.pid}-${this.#counter++}.part`)
    await this.#makeFolder(dirname(path))
    const file = await this.#storage.open(temporary, 'wx')
    try {
      await writeFully(file, tileFile(tile))
      // A journal may name the file that this one replaces.
      if (this.#doubtful.has(id)) await file.sync()
      await file.close()
      await this.#storage.rename(temporary, path)
    } catch (error) {
      await file.close().catch(() => undefined)
      await this.#storage.unlink(temporary).catch(() => undefined)
      throw error
    }
  }

  async #makeFolder(folder: string): Promise<void> {
    if (this.#madeFolders.has(folder)) return
    await this.#storage.makeFolder(folder)
    this.#madeFolders.add(folder)
  }

  /** After a failed sync the system may have thrown the bytes away while it still shows them: they are written anew. */
  async #syncFile(id: string): Promise<void> {
    const file = await this.#storage.open(this.#path(id), 'r+')
    try {
      await file.sync()
    } catch (error) {
      const tile = this.#waiting.get(id) ?? (await this.#readFile(id).catch(() => undefined))
      if (tile !== undefined) this.#waiting.set(id, tile)
      this.#doubtful.add(id)
      this.#written.delete(id)
      this.#unsynced.delete(id)
      throw error
    } finally {
      await file.close().catch(() => undefined)
    }
  }

  async #readFile(id: string, read = readTileFile): Promise<PackedTile | undefined> {
    try {
      return read(await readWhole(this.#storage, this.#path(id)))
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined
      throw error
    }
  }

  async #list(folder: string): Promise<string[]> {
    return await this.#storage.list(folder).catch(() => [])
  }

  async #removed(path: string): Promise<boolean> {
    return await this.#storage.unlink(path).then(
      () => true,
      () => false,
    )
  }

  #path(id: string): string {
    return join(this.#folder, id.slice(0, 2), id)
  }

  #remember(id: string, bytes: Uint8Array): void {
    if (!this.#recent.delete(id)) this.#recentBytes += bytes.length
    this.#recent.set(id, bytes)
    for (const [oldest, { length }] of this.#recent) {
      if (this.#recentBytes <= this.#budget) return
      this.#recent.delete(oldest)
      this.#recentBytes -= length
    }
  }

  #forget(id: string): void {
    this.#verified.delete(id)
    this.#written.delete(id)
    this.#unsynced.delete(id)
    this.#recentBytes -= this.#recent.get(id)?.length ?? 0
    this.#recent.delete(id)
  }
}

function brokenTile(id: string): StudioError {
  const name = isTileId(id) ? id.slice(0, 12) : 'with a wrong name'
  return new StudioError(
    'document-broken',
    `Tile ${name} is missing or damaged: open an earlier version of the document, such as the file that ends in ~1.`,
    { detail: id.slice(0, 80) },
  )
}
