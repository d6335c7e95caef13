/** A store of tiles in memory whose ids tell the content, and that counts what is read. */
import type { GetTile, PutTile } from '../../../src/raster/tiles.ts'

interface TileMemory {
  readonly get: GetTile
  readonly put: PutTile
  /** Ids in the order they were read. */
  readonly read: string[]
}

export function tileMemory(): TileMemory {
  const byContent = new Map<string, string>()
  const tiles = new Map<string, Uint8Array>()
  const read: string[] = []
  return {
    read,
    get: (id) => {
      read.push(id)
      const tile = tiles.get(id)
      if (tile === undefined) throw new Error(`no tile ${id}`)
      return tile
    },
    put: (bytes) => {
      const content = Buffer.from(bytes).toString('latin1')
      const id = byContent.get(content) ?? `tile ${tiles.size}`
      byContent.set(content, id)
      tiles.set(id, bytes)
      return id
    },
  }
}
