/** Documents of our own as files, made without a window: tiles are packed as they come, so that large ones fit into memory. */
import type { DocumentStore } from '../../src/document/index.ts'
import type { Surface } from '../../src/document/records.ts'
import { toSnapshot } from '../../src/document/snapshot.ts'
import { cutTiles } from '../../src/files/cut-tiles.ts'
import { flattened } from '../../src/files/flatten.ts'
import { oraLayers } from '../../src/files/layer-pixels.ts'
import { saveOra } from '../../src/files/ora-write.ts'
import { nodeStorage } from '../../src/files/storage.ts'
import { type PackedTile, packTile, unpackTile } from '../../src/files/tile-file.ts'
import { tileIdOf } from '../../src/files/tile-store.ts'
import type { Pixels } from '../../src/shared/contract/picture.ts'

export class PackedTiles {
  readonly #packed = new Map<string, Promise<PackedTile>>()

  /** It is packed behind the caller's back; waiting for `packed` keeps memory low. */
  readonly put = (bytes: Uint8Array): string => {
    const id = tileIdOf(bytes)
    if (!this.#packed.has(id)) this.#packed.set(id, packTile(bytes))
    return id
  }

  readonly packed = async (id: string): Promise<PackedTile> => {
    const tile = this.#packed.get(id)
    if (tile === undefined) throw new Error(`there is no tile ${id}`)
    return await tile
  }

  readonly get = async (id: string): Promise<Uint8Array> => {
    const bytes = await unpackTile(await this.packed(id))
    if (bytes === undefined) throw new Error(`tile ${id} is damaged`)
    return bytes
  }

  get ids(): readonly string[] {
    return [...this.#packed.keys()]
  }

  /** A picture as a surface. */
  async cut(pixels: Pixels, at = { x: 0, y: 0 }): Promise<Surface> {
    return await cutTiles(pixels, at, { put: this.put, sync: async () => undefined })
  }

  /** The alpha of a picture as a mask. */
  async cutMask(pixels: Pixels): Promise<Surface> {
    const coverage = new Map<string, Uint8Array>()
    const put = (tile: Uint8Array): string => {
      const id = String(coverage.size)
      coverage.set(
        id,
        Uint8Array.from({ length: tile.length / 4 }, (_, i) => tile[i * 4 + 3]!),
      )
      return id
    }
    const { tiles } = await cutTiles(pixels, { x: 0, y: 0 }, { put, sync: async () => undefined })
    const named = Object.entries(tiles).map(([key, id]) => [key, this.put(coverage.get(id)!)])
    return { channels: 1, tiles: Object.fromEntries(named) }
  }
}

/**
 * Writes a document as the studio saves it.
 *
 * @param isBare leaves out the pictures of the layers, which the studio writes for other programs and never reads: blending 20
 * layers of 4096 x 4096 px takes longer than all that is measured
 * @returns bytes of the file
 */
export async function writeOra(
  path: string,
  store: DocumentStore,
  tiles: PackedTiles,
  { isBare = false }: { readonly isBare?: boolean } = {},
): Promise<number> {
  const { records } = store
  const { width, height } = store.canvas
  const saved = await saveOra(nodeStorage, path, {
    layers: isBare ? [] : oraLayers(records.values(), tiles.get),
    merged: isBare ? { width, height, channels: 4, strips: [] } : flattened(records, tiles.get),
    document: toSnapshot(records),
    tiles: tiles.ids,
    packedTile: tiles.packed,
  })
  return saved.bytes
}
