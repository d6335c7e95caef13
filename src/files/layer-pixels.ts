/**
 * A document's layers as other programs see them: each raster layer cut to the tiles it has, its mask worked into its alpha,
 * since OpenRaster knows no masks. Named masks are ours alone and are left out; so are masks of groups.
 */
import { type DocumentRecord, type Layer, type RasterLayer, type Surface, tileSide } from '../document/records.ts'
import type { OraNode } from './ora-stack.ts'
import type { MakePixels, PlacedPixels } from './ora-write.ts'

type GetTile = (id: string) => Promise<Uint8Array>

/** The layer tree of a document's records, topmost first; pixels are put together when asked for. */
export function oraLayers(records: readonly DocumentRecord[], getTile: GetTile): OraNode<MakePixels>[] {
  const layers = records.filter((record): record is Layer => record.kind !== 'canvas')
  return below(null, layers, getTile)
}

function below(parent: string | null, layers: readonly Layer[], getTile: GetTile): OraNode<MakePixels>[] {
  return layers
    .filter((layer) => layer.parent === parent && layer.kind !== 'mask')
    .sort((a, b) => (a.order < b.order ? 1 : -1))
    .flatMap((layer): OraNode<MakePixels>[] => {
      const { name, visible, opacity, blendMode } = layer
      const common = { name, visible, opacity, blendMode }
      if (layer.kind === 'raster')
        return [{ ...common, kind: 'layer', locked: layer.locked, content: () => layerPixels(layer, getTile) }]
      if (layer.kind === 'mask') return []
      return [{ ...common, kind: 'group', isolated: layer.isolated, children: below(layer.id, layers, getTile) }]
    })
}

/** RGBA of all tiles of a layer; null where it has none. */
async function layerPixels(layer: RasterLayer, getTile: GetTile): Promise<PlacedPixels | null> {
  const tiles = Object.entries(layer.surface.tiles).map(([key, id]) => ({ key, id, ...place(key) }))
  if (tiles.length === 0) return null
  const left = Math.min(...tiles.map(({ column }) => column))
  const top = Math.min(...tiles.map(({ row }) => row))
  const width = (Math.max(...tiles.map(({ column }) => column)) - left + 1) * tileSide
  const height = (Math.max(...tiles.map(({ row }) => row)) - top + 1) * tileSide
  const data = new Uint8Array(width * height * 4)
  const mask = layer.mask?.enabled === true ? layer.mask.surface : undefined
  for (const { key, id, column, row } of tiles) {
    const tile = mask === undefined ? await getTile(id) : await masked(await getTile(id), mask, key, getTile)
    const start = ((row - top) * width + (column - left)) * tileSide * 4
    for (let y = 0; y < tileSide; y++)
      data.set(tile.subarray(y * tileSide * 4, (y + 1) * tileSide * 4), start + y * width * 4)
  }
  return { x: left * tileSide, y: top * tileSide, pixels: { width, height, channels: 4, data } }
}

function place(key: string): { column: number; row: number } {
  const [column = 0, row = 0] = key.split(',').map(Number)
  return { column, row }
}

async function masked(tile: Uint8Array, mask: Surface, key: string, getTile: GetTile): Promise<Uint8Array> {
  const id = mask.tiles[key]
  const coverage = id === undefined ? undefined : await getTile(id)
  const result = Uint8Array.from(tile)
  for (let i = 3; i < result.length; i += 4)
    result[i] = Math.round(((result[i] ?? 0) * (coverage?.[i >> 2] ?? 0)) / 255)
  return result
}
