/** Where the px are that show: the smallest rectangle around them. */
import { shownPart, type TileSurface, tilesBounds, tilesOf, tileSide } from '../../../../raster/tiles.ts'
import { union } from '../../../../raster/union.ts'
import { intersect, type Rect } from '../../../../shared/geometry/rect.ts'
import type { Job } from './job.ts'

const shown = new WeakMap<Uint8Array, Rect | null>()

/**
 * Tiles on the border of what there is are looked at first, the others only where those leave a doubt. What was found in a tile
 * is remembered as long as the tile is in memory. @returns undefined where nothing shows
 */
export async function boundsOf(
  { tiles, pause }: Pick<Job, 'tiles' | 'pause'>,
  surface: TileSurface,
): Promise<Rect | undefined> {
  const all = [...tilesOf(surface)]
  const outer = tilesBounds(surface)
  if (outer === undefined) return undefined
  const isBorder = ({ x, y }: Rect): boolean =>
    x === outer.x || y === outer.y || x + tileSide === outer.x + outer.width || y + tileSide === outer.y + outer.height
  const sorted = [...all.filter(({ rect }) => isBorder(rect)), ...all.filter(({ rect }) => !isBorder(rect))]
  let bounds: Rect | undefined
  for (const [i, { id, rect }] of sorted.entries()) {
    if (bounds !== undefined && isInside(rect, bounds)) continue
    tiles.prefetch(sorted.slice(i + 1, i + 9).map((next) => next.id))
    const found = await tiles.use([id], () => shownIn(tiles.get(id), surface.channels))
    if (found !== null) bounds = union(bounds, { ...found, x: rect.x + found.x, y: rect.y + found.y })
    if (i % 16 === 15) await pause()
  }
  return bounds
}

function shownIn(bytes: Uint8Array, channels: 1 | 4): Rect | null {
  const known = shown.get(bytes)
  if (known !== undefined) return known
  const found = shownPart(bytes, channels) ?? null
  shown.set(bytes, found)
  return found
}

function isInside(inner: Rect, outer: Rect): boolean {
  const shared = intersect(inner, outer)
  return shared?.width === inner.width && shared.height === inner.height
}
