/**
 * A surface under a map, tile by tile: what is selected of it is lifted, taken where the map says and laid over what stays; where
 * nothing is selected, all of it is lifted. On screen and in the document it is the same, but for level and filter.
 */
import { blendPixels } from '../../../raster/blend.ts'
import { eraseCoverage } from '../../../raster/paint.ts'
import { readRect, type TileSurface, tileParts } from '../../../raster/tiles.ts'
import { mappedRect, sourceRect, transform } from '../../../raster/transform.ts'
import { crop, flipHorizontally, flipVertically, turn } from '../../../raster/turn.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import { type Affine, inTurn, inverse, translation } from '../../../shared/geometry/affine.ts'
import { intersect, type Rect } from '../../../shared/geometry/rect.ts'

export interface Lift {
  readonly surface: TileSurface
  /** Of the same level; null = all of it moves. */
  readonly selection: TileSurface | null
  readonly map: Affine
  readonly filter: 'bilinear' | 'bicubic'
  /** Around all px that show: beyond it nothing is looked at, and its border stays sharp. */
  readonly bounds: Rect
  /** What is lifted is read from copies of this many halvings, so that the filter has less to shrink; less than 0: of doublings. */
  readonly halvings: number
  readonly source: TileSurface
  readonly sourceSelection: TileSurface | null
}

type Get = (id: string) => Uint8Array

/** How often a picture is to be halved before the map shrinks it, so that the filter does the rest, less than by half. */
export function halvingsOf({ a, b, c, d }: Affine): number {
  const scale = Math.max(Math.hypot(a, b), Math.hypot(c, d))
  return Math.floor(Math.log2(1 / scale) + 1e-9)
}

/** False for a map that flattens the plane, which nothing can be seen under. */
export const hasInverse = ({ a, b, c, d }: Affine): boolean => a * d - b * c !== 0

/** The tiles to be read for a rectangle of the result. */
export function* liftReads(lift: Lift, rect: Rect): Generator<string> {
  if (lift.selection !== null) yield* tilesIn([lift.surface, lift.selection], rect)
  const from = sourceOf(lift, rect)
  if (from !== undefined) yield* tilesIn([lift.source, lift.sourceSelection], from)
}

/** Does the map bring anything into a rectangle, or take anything from it? False where all stays as it is. */
export function isReached(lift: Lift, rect: Rect): boolean {
  const has = (surface: TileSurface, selection: TileSurface | null, part: Rect | undefined): boolean =>
    part !== undefined &&
    [...tileParts(part)].some(
      ({ key }) => surface.tiles[key] !== undefined && (selection === null || selection.tiles[key] !== undefined),
    )
  const isTaken = lift.selection !== null && has(lift.surface, lift.selection, rect)
  return isTaken || has(lift.source, lift.sourceSelection, sourceOf(lift, rect))
}

/** The px of a rectangle of the result; undefined where the map brings nothing there and nothing was there. */
export function liftedPixels(lift: Lift, rect: Rect, get: Get): Pixels | undefined {
  const { surface, selection } = lift
  const moved = movedPixels(lift, rect, get)
  if (selection === null) return moved
  const selected = readRect(selection, rect, get).data
  const stays = eraseCoverage(readRect(surface, rect, get), selected, 1)
  if (moved === undefined) return stays
  const data = new Uint8Array(stays.data)
  if (surface.channels === 4) blendPixels(data, moved.data, 'normal', 1)
  else for (let i = 0; i < data.length; i++) data[i] = data[i]! + Math.round((moved.data[i]! * (255 - data[i]!)) / 255)
  return { ...stays, data }
}

/** Does the map only put px elsewhere, without mixing any? */
export function isExact({ a, b, c, d, e, f }: Affine): boolean {
  const isUnit = (value: number): boolean => value === 0 || Math.abs(value) === 1
  const isAxis = (a === 0 && d === 0 && b !== 0 && c !== 0) || (b === 0 && c === 0 && a !== 0 && d !== 0)
  return isAxis && [a, b, c, d].every(isUnit) && Number.isInteger(e) && Number.isInteger(f)
}

/** What of the source decides about a rectangle of the result, in px of the source's level; undefined where nothing does. */
function sourceOf({ map, filter, bounds, halvings }: Lift, rect: Rect): Rect | undefined {
  if (isExact(map)) return intersect(bounds, mappedRect(rect, inverse(map)))
  const scale = 2 ** halvings
  return intersect(shrunkRect(bounds, scale), sourceRect(mapFromSource(map, scale), filter, rect))
}

function movedPixels(lift: Lift, rect: Rect, get: Get): Pixels | undefined {
  const { map, filter, halvings } = lift
  const from = sourceOf(lift, rect)
  if (from === undefined) return undefined
  const pixels = liftedFrom(lift, from, get)
  if (isExact(map)) {
    const place = mappedRect(from, map)
    return crop(oriented(pixels, map), { ...rect, x: rect.x - place.x, y: rect.y - place.y })
  }
  const whole = mapFromSource(map, 2 ** halvings)
  const placed = transform(pixels, inTurn(translation(from.x, from.y), whole), filter, rect)
  return placed && crop(placed.pixels, { ...rect, x: rect.x - placed.x, y: rect.y - placed.y })
}

/** The selected px alone. */
function liftedFrom({ source, sourceSelection }: Lift, rect: Rect, get: Get): Pixels {
  const pixels = readRect(source, rect, get)
  if (sourceSelection === null) return pixels
  const { data } = readRect(sourceSelection, rect, get)
  return eraseCoverage(
    pixels,
    data.map((value) => 255 - value),
    1,
  )
}

/** The px of a picture under the turning part of an exact map. */
function oriented(pixels: Pixels, { a, b, c, d }: Affine): Pixels {
  if (b === 0) {
    const across = a < 0 ? flipHorizontally(pixels) : pixels
    return d < 0 ? flipVertically(across) : across
  }
  // x' = c y, y' = b x: a quarter turn clockwise has b = 1 and c = -1, the others are mirrored as well.
  if (b === 1) return c === -1 ? turn(pixels, 90) : flipHorizontally(turn(pixels, 90))
  return c === 1 ? turn(pixels, 270) : flipHorizontally(turn(pixels, 270))
}

const mapFromSource = (map: Affine, scale: number): Affine =>
  scale === 1 ? map : inTurn({ a: scale, b: 0, c: 0, d: scale, e: 0, f: 0 }, map)

/** Whole px around a rectangle at 1 / scale of its size. */
export function shrunkRect({ x, y, width, height }: Rect, scale: number): Rect {
  const left = Math.floor(x / scale)
  const top = Math.floor(y / scale)
  const right = Math.ceil((x + width) / scale)
  const bottom = Math.ceil((y + height) / scale)
  return { x: left, y: top, width: right - left, height: bottom - top }
}

function* tilesIn(surfaces: readonly (TileSurface | null)[], rect: Rect): Generator<string> {
  for (const { key } of tileParts(rect)) {
    for (const surface of surfaces) {
      const id = surface?.tiles[key]
      if (id !== undefined) yield id
    }
  }
}
