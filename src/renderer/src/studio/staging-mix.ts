/** Painting one staged picture over another: which px are taken from where, shown at once; the tokens follow with `mix`. */
import { toRgb } from '../../../raster/composite.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import { intersect } from '../../../shared/geometry/rect.ts'
import type { Mix } from './staging.ts'
import type { Result } from './staging-result.ts'

export function startMix({ pixels }: Result, index: number): Mix {
  return { with: index, mask: new Uint8Array(pixels.width * pixels.height), pixels }
}

/** @param points canvas px; joined by lines @param diameter canvas px */
export function paintedMix(mix: Mix, shown: Result, other: Result, points: readonly Point[], diameter: number): Mix {
  const { width, height } = shown.pixels
  const across = width / shown.rect.width
  const down = height / shown.rect.height
  const places = points.map(({ x, y }) => ({ x: (x - shown.rect.x) * across, y: (y - shown.rect.y) * down }))
  const radius = Math.max(0.5, (diameter * across) / 2)
  const mask = new Uint8Array(mix.mask)
  // Pictures of unlike channels are mixed as colours.
  const alike = shown.pixels.channels === other.pixels.channels
  const source = alike ? other.pixels : toRgb(other.pixels)
  const base = alike || mix.pixels.channels === 3 ? mix.pixels : toRgb(mix.pixels)
  const data = new Uint8Array(base.data)
  const take = (px: number): void => {
    mask[px] = 255
    for (let c = 0; c < base.channels; c++) data[px * base.channels + c] = source.data[px * base.channels + c]!
  }
  for (const [index, to] of places.entries()) {
    eachPx({ width, height }, places[index - 1] ?? to, to, radius, take)
  }
  return { ...mix, mask, pixels: { ...base, data } }
}

/** Px whose centre is no farther than the radius from the line. */
function eachPx(
  { width, height }: Pick<Pixels, 'width' | 'height'>,
  from: Point,
  to: Point,
  radius: number,
  take: (px: number) => void,
): void {
  const left = Math.floor(Math.min(from.x, to.x) - radius)
  const top = Math.floor(Math.min(from.y, to.y) - radius)
  const right = Math.ceil(Math.max(from.x, to.x) + radius)
  const bottom = Math.ceil(Math.max(from.y, to.y) + radius)
  const box = intersect({ x: left, y: top, width: right - left, height: bottom - top }, { x: 0, y: 0, width, height })
  if (box === undefined) return
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = dx * dx + dy * dy
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      const [px, py] = [x + 0.5 - from.x, y + 0.5 - from.y]
      const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length))
      const [ox, oy] = [px - along * dx, py - along * dy]
      if (ox * ox + oy * oy <= radius * radius) take(y * width + x)
    }
  }
}
