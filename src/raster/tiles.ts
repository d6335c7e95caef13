/**
 * Pictures as sparse tiles of 256 x 256 px addressed by content. Tiles are immutable: whoever changes px puts new tiles and
 * names them in a new surface. Where the bytes live is the business of `GetTile` and `PutTile`.
 */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import { intersect, type Rect } from '../shared/geometry/rect.ts'
import { union } from './union.ts'

/** Side of a tile in px. */
export const tileSide = 256

/** Ids of tiles by 'column,row'; columns and rows may be negative. What has no tile is 0 in all channels. */
export interface TileSurface {
  readonly channels: 1 | 4
  readonly tiles: Readonly<Record<string, string>>
}

/** The bytes of a tile, row by row; nobody may write to them. */
export type GetTile = (id: string) => Uint8Array
/** Keeps the bytes, which belong to the store from then on, and names them by their content. */
export type PutTile = (bytes: Uint8Array) => string

/** The part of a tile that lies in some rectangle. */
export interface TilePart {
  readonly key: string
  /** In px of the surface, inside the tile. */
  readonly part: Rect
  /** Index in px of the part's first px in the tile. */
  readonly offset: number
}

/** The tiles that a rectangle touches, whether they exist or not, row by row. */
export function* tileParts(rect: Rect): Generator<TilePart> {
  const right = rect.x + rect.width
  const bottom = rect.y + rect.height
  for (let row = Math.floor(rect.y / tileSide); row * tileSide < bottom; row++) {
    for (let column = Math.floor(rect.x / tileSide); column * tileSide < right; column++) {
      const [x, y] = [column * tileSide, row * tileSide]
      const part = intersect(rect, { x, y, width: tileSide, height: tileSide })
      if (part !== undefined) yield { key: `${column},${row}`, part, offset: (part.y - y) * tileSide + part.x - x }
    }
  }
}

/** The px of a rectangle, in memory of their own. */
export function readRect(surface: TileSurface, rect: Rect, getTile: GetTile): Pixels {
  const { channels, tiles } = surface
  const data = new Uint8Array(rect.width * rect.height * channels)
  for (const { key, part, offset } of tileParts(rect)) {
    const id = tiles[key]
    if (id === undefined) continue
    const tile = getTile(id)
    const length = part.width * channels
    for (let y = 0; y < part.height; y++) {
      const from = (offset + y * tileSide) * channels
      const to = ((part.y - rect.y + y) * rect.width + part.x - rect.x) * channels
      data.set(tile.subarray(from, from + length), to)
    }
  }
  return { width: rect.width, height: rect.height, channels, data }
}

/**
 * The surface with px replaced. Tiles of which every byte is 0 are dropped; a tile that is covered as a whole is not read.
 *
 * @param pixels of the surface's channels.
 * @param at where the top left px goes.
 */
export function writeRect(
  surface: TileSurface,
  pixels: Pixels,
  at: { readonly x: number; readonly y: number },
  getTile: GetTile,
  putTile: PutTile,
): TileSurface {
  const { channels } = surface
  assert(pixels.channels === channels, 'px must have the channels of the surface')
  const tiles: Record<string, string> = { ...surface.tiles }
  const rect = { x: at.x, y: at.y, width: pixels.width, height: pixels.height }
  for (const { key, part, offset } of tileParts(rect)) {
    const old = part.width * part.height === tileSide * tileSide ? undefined : tiles[key]
    const tile = old === undefined ? new Uint8Array(tileSide * tileSide * channels) : new Uint8Array(getTile(old))
    const length = part.width * channels
    for (let y = 0; y < part.height; y++) {
      const from = ((part.y - at.y + y) * pixels.width + part.x - at.x) * channels
      tile.set(pixels.data.subarray(from, from + length), (offset + y * tileSide) * channels)
    }
    keep(tiles, key, tile, putTile)
  }
  return { channels, tiles }
}

function keep(tiles: Record<string, string>, key: string, bytes: Uint8Array, putTile: PutTile): void {
  if (bytes.some((byte) => byte !== 0)) tiles[key] = putTile(bytes)
  else delete tiles[key]
}

/** The tiles that there are, with what each spans in px of the surface. */
export function* tilesOf(surface: TileSurface): Generator<{ key: string; id: string; rect: Rect }> {
  for (const [key, id] of Object.entries(surface.tiles)) yield { key, id, rect: tileRect(key) }
}

/** Around all tiles that there are; undefined where there are none. */
export function tilesBounds(surface: TileSurface): Rect | undefined {
  let bounds: Rect | undefined
  for (const { rect } of tilesOf(surface)) bounds = union(bounds, rect)
  return bounds
}

/** What the tile of a key spans, in px of the surface. */
export function tileRect(key: string): Rect {
  const comma = key.indexOf(',')
  const column = Number(key.slice(0, comma))
  const row = Number(key.slice(comma + 1))
  return { x: column * tileSide, y: row * tileSide, width: tileSide, height: tileSide }
}

/** The smallest rectangle around all px of a tile that show, from the tile's own corner; undefined where none does. */
export function shownPart(tile: Uint8Array, channels: 1 | 4): Rect | undefined {
  let [left, top, right, bottom] = [tileSide, tileSide, -1, -1]
  for (let i = channels - 1, px = 0; i < tile.length; i += channels, px++) {
    if (tile[i] === 0) continue
    const x = px % tileSide
    const y = (px - x) / tileSide
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = y
  }
  return right < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}
