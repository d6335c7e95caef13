/** A whole surface under a map, as a new surface: only tiles that the map reaches are worked out. */
import type { Surface } from '../../../../document/index.ts'
import { limits } from '../../../../document/limits.ts'
import { tileRect, tilesBounds, tileSide, tilesOf } from '../../../../raster/tiles.ts'
import { mappedRect } from '../../../../raster/transform.ts'
import { crop } from '../../../../raster/turn.ts'
import { StudioError } from '../../../../shared/contract/errors.ts'
import type { Affine } from '../../../../shared/geometry/affine.ts'
import { clamp, intersect, type Rect } from '../../../../shared/geometry/rect.ts'
import { halvingsOf, isExact, isReached, type Lift, liftedPixels, liftReads } from '../lifted.ts'
import { boundsOf } from './bounds.ts'
import { canvasRect, draftOf, eachTile, type Job, keysIn } from './job.ts'

const farthest = limits.tileIndex * tileSide

/** As far as a surface may reach. */
export const anywhere: Rect = { x: -farthest, y: -farthest, width: 2 * farthest, height: 2 * farthest }

/** As far around the canvas as it is large, and a few thousand px at least: enlarging a photo must not fill the disk. */
export function nearCanvas(job: Job): Rect {
  const { width, height } = canvasRect(job)
  const x = clamp(width, 16 * tileSide, farthest / 4)
  const y = clamp(height, 16 * tileSide, farthest / 4)
  return { x: -x, y: -y, width: width + 2 * x, height: height + 2 * y }
}

/**
 * @param selection what of it moves, the rest stays; null = all of it
 * @param map may not flatten the plane
 * @param clip what the map takes beyond it is lost
 * @throws StudioError 'bad-request' where the result is too large for a surface
 */
export async function mapped(
  job: Job,
  surface: Surface,
  selection: Surface | null,
  map: Affine,
  clip: Rect,
): Promise<Surface> {
  const { channels } = surface
  const lift = await liftOf(job, surface, selection, map)
  if (lift === undefined) return selection === null ? { channels, tiles: {} } : surface
  const draft = draftOf(job, selection === null ? { channels, tiles: {} } : surface)
  const moved = new Map<string, string>()
  for (const { key, id } of selection === null && isExact(map) ? shifted(surface, map, clip) : []) {
    moved.set(key, id)
    draft.keep(key, id)
  }
  const keys = keysReached(lift, clip).filter((key) => !moved.has(key))
  if (keys.length + moved.size > limits.tiles) {
    throw new StudioError('bad-request', 'The layer would become too large. Make it smaller, or crop it first.')
  }
  await eachTile(
    job,
    keys,
    (key) => liftReads(lift, tileRect(key)),
    (key) => {
      const whole = tileRect(key)
      const part = selection === null ? (intersect(whole, clip) ?? whole) : whole
      const pixels = liftedPixels(lift, part, job.tiles.get)
      if (pixels === undefined) draft.drop(key)
      else draft.put(key, crop(pixels, { ...whole, x: whole.x - part.x, y: whole.y - part.y }).data)
    },
  )
  return draft.finish()
}

/** Undefined where nothing is lifted. */
async function liftOf(job: Job, surface: Surface, selection: Surface | null, map: Affine): Promise<Lift | undefined> {
  const exact = isExact(map)
  // Only where px are mixed does it matter where exactly they end.
  let bounds = exact ? tilesBounds(surface) : await boundsOf(job, surface)
  if (bounds !== undefined && selection !== null) {
    const selected = exact ? tilesBounds(selection) : await boundsOf(job, selection)
    bounds = selected && intersect(bounds, selected)
  }
  if (bounds === undefined) return undefined
  const halvings = exact ? 0 : Math.max(0, halvingsOf(map))
  return {
    surface,
    selection,
    map,
    filter: 'bicubic',
    bounds,
    halvings,
    source: job.tiles.at(surface, halvings),
    sourceSelection: selection && job.tiles.at(selection, halvings),
  }
}

/** Keys of the tiles that differ from what they were, or are new. */
function keysReached(lift: Lift, clip: Rect): string[] {
  const { surface, selection, map, bounds } = lift
  const keys = new Set<string>()
  // The filter looks a few px beyond a tile.
  const reach = isExact(map) ? 0 : 4 * 2 ** lift.halvings
  const whole = intersect(mappedRect(bounds, map), clip)
  for (const { rect } of tilesOf(surface)) {
    const { x, y, width, height } = rect
    const around = { x: x - reach, y: y - reach, width: width + 2 * reach, height: height + 2 * reach }
    const part = whole && intersect(mappedRect(around, map), whole)
    if (part !== undefined) for (const key of keysIn(part)) keys.add(key)
  }
  if (selection !== null) for (const key of Object.keys(surface.tiles)) keys.add(key)
  return [...keys].filter((key) => isReached(lift, tileRect(key)))
}

/** The tiles that only change their place, where everything moves by whole tiles and they stay in the clip as a whole. */
function shifted(surface: Surface, { a, b, c, d, e, f }: Affine, clip: Rect): { key: string; id: string }[] {
  const isShift = a === 1 && b === 0 && c === 0 && d === 1 && e % tileSide === 0 && f % tileSide === 0
  if (!isShift) return []
  return [...tilesOf(surface)].flatMap(({ id, rect }) => {
    const to = { ...rect, x: rect.x + e, y: rect.y + f }
    const inside = intersect(to, clip)
    const isWhole = inside?.width === tileSide && inside.height === tileSide
    return isWhole ? [{ key: `${to.x / tileSide},${to.y / tileSide}`, id }] : []
  })
}
