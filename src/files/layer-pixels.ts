/**
 * A document's layers as other programs see them: each raster layer cut to the tiles it has, its mask worked into its alpha,
 * since OpenRaster knows no masks. Named masks are ours alone and are left out; so are masks of groups. Pixels come in strips of
 * a row of tiles each.
 */
import { createHash } from 'node:crypto'
import { type DocumentRecord, type Layer, type RasterLayer, type Surface, tileSide } from '../document/records.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import type { LoadTile } from './flatten.ts'
import type { OraNode } from './ora-stack.ts'
import type { PlacedPicture } from './ora-write.ts'
import type { StripPlan } from './picture-strips.ts'

/** The layer tree of a document's records, topmost first; null for layers that have no tiles. */
export function oraLayers(records: Iterable<DocumentRecord>, load: LoadTile): OraNode<PlacedPicture | null>[] {
  const layers = [...records].filter((record): record is Layer => record.kind !== 'canvas')
  return below(null, layers, load)
}

function below(parent: string | null, layers: readonly Layer[], load: LoadTile): OraNode<PlacedPicture | null>[] {
  return layers
    .filter((layer) => layer.parent === parent && layer.kind !== 'mask')
    .sort((a, b) => (a.order < b.order ? 1 : -1))
    .flatMap((layer): OraNode<PlacedPicture | null>[] => {
      const { name, visible, opacity, blendMode } = layer
      const common = { name, visible, opacity, blendMode }
      if (layer.kind === 'raster')
        return [{ ...common, kind: 'layer', locked: layer.locked, content: placedPicture(layer, load) }]
      if (layer.kind === 'mask') return []
      return [{ ...common, kind: 'group', isolated: layer.isolated, children: below(layer.id, layers, load) }]
    })
}

/** A tile of a layer, and what covers it where the layer has a mask; a mask without a tile there hides it. */
interface MaskedTile {
  readonly column: number
  readonly id: string
  readonly mask: string | undefined
}

function placedPicture(layer: RasterLayer, load: LoadTile): PlacedPicture | null {
  const mask = layer.mask?.enabled === true ? layer.mask.surface : undefined
  const rows = rowsOf(layer.surface, mask)
  if (rows.size === 0) return null
  const columns = [...rows.values()].flat().map(({ column }) => column)
  const left = Math.min(...columns)
  const top = Math.min(...rows.keys())
  const width = (Math.max(...columns) - left + 1) * tileSide
  const count = Math.max(...rows.keys()) - top + 1
  const strips = Array.from({ length: count }, (_, i) => ({
    y: i * tileSide,
    ...rowStrip(rows.get(top + i) ?? [], left, width, load),
  }))
  const picture = { width, height: count * tileSide, channels: 4, strips } as const
  return { x: left * tileSide, y: top * tileSide, picture }
}

/** What shows of a layer, by row. */
function rowsOf({ tiles }: Surface, mask: Surface | undefined): Map<number, MaskedTile[]> {
  const rows = new Map<number, MaskedTile[]>()
  for (const [key, id] of Object.entries(tiles)) {
    const covered = mask?.tiles[key]
    if (mask !== undefined && covered === undefined) continue
    const [column = 0, row = 0] = key.split(',').map(Number)
    const found = rows.get(row)
    const tile = { column, id, mask: covered }
    if (found === undefined) rows.set(row, [tile])
    else found.push(tile)
  }
  return rows
}

function rowStrip(tiles: readonly MaskedTile[], left: number, width: number, load: LoadTile): Omit<StripPlan, 'y'> {
  const content = tiles.map(({ column, id, mask = '' }) => `${column - left} ${id} ${mask}`).sort()
  const key = createHash('sha256')
    .update(`layer ${width}\n${content.join('\n')}`)
    .digest('hex')
  return { key, isBlank: tiles.length === 0, make: () => rowPixels(tiles, left, width, load) }
}

async function rowPixels(tiles: readonly MaskedTile[], left: number, width: number, load: LoadTile): Promise<Pixels> {
  const data = new Uint8Array(width * tileSide * 4)
  await Promise.all(
    tiles.map(async ({ column, id, mask }) => {
      const tile = mask === undefined ? await load(id) : masked(await load(id), await load(mask))
      const start = (column - left) * tileSide * 4
      for (let y = 0; y < tileSide; y++)
        data.set(tile.subarray(y * tileSide * 4, (y + 1) * tileSide * 4), start + y * width * 4)
    }),
  )
  return { width, height: tileSide, channels: 4, data }
}

function masked(tile: Uint8Array, coverage: Uint8Array): Uint8Array {
  const result = Uint8Array.from(tile)
  for (let i = 3; i < result.length; i += 4) result[i] = Math.round(((result[i] ?? 0) * (coverage[i >> 2] ?? 0)) / 255)
  return result
}
