/**
 * Rectangle, ellipse and polygon as coverage of a region, antialiased. The rectangle is exact. Ellipse and polygon are cut
 * into 16 lines a px, exact along each line; so a px is at most 1 / 16 off where an edge is level, and mostly far less.
 */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import { clamp, type Rect } from '../shared/geometry/rect.ts'

const linesPerPx = 16

interface Point {
  readonly x: number
  readonly y: number
}

/**
 * @param region px to make coverage for.
 * @param rect in the same coordinates; sides need not be whole.
 * @returns 1 channel, of the region's size.
 */
export function rectCoverage(region: Rect, rect: Rect): Pixels {
  const across = overlaps(region.x, region.width, rect.x, rect.x + rect.width)
  const down = overlaps(region.y, region.height, rect.y, rect.y + rect.height)
  const data = new Uint8Array(region.width * region.height)
  down.forEach((share, y) => {
    if (share === 0) return
    for (let x = 0; x < region.width; x++) data[y * region.width + x] = Math.round(255 * share * across[x]!)
  })
  return { width: region.width, height: region.height, channels: 1, data }
}

/** The ellipse that fills `box`; region and result as those of `rectCoverage`. */
export function ellipseCoverage(region: Rect, box: Rect): Pixels {
  const radiusX = box.width / 2
  const radiusY = box.height / 2
  const centreX = box.x + radiusX
  const centreY = box.y + radiusY
  return fillLines(region, (line) => {
    const y = (lineHeight(region, line) - centreY) / radiusY
    if (!(Math.abs(y) < 1)) return []
    const reach = radiusX * Math.sqrt(1 - y * y)
    return [centreX - reach, centreX + reach]
  })
}

/**
 * The polygon's inside by the even-odd rule: what a lasso encloses twice is outside. The last point is joined to the first.
 * Costs memory for every crossing of an edge with a line. Region and result as those of `rectCoverage`.
 */
export function polygonCoverage(region: Rect, points: readonly Point[]): Pixels {
  const crossings: number[][] = Array.from({ length: region.height * linesPerPx }, () => [])
  points.forEach((a, i) => {
    const b = points[(i + 1) % points.length]!
    const [upper, lower] = a.y < b.y ? [a, b] : [b, a]
    // Lines from the upper end on and before the lower one, so that a corner counts once.
    const first = Math.max(0, Math.ceil(lineAt(region, upper.y)))
    const end = Math.min(crossings.length, Math.ceil(lineAt(region, lower.y)))
    const slope = (lower.x - upper.x) / (lower.y - upper.y)
    for (let line = first; line < end; line++) {
      crossings[line]!.push(upper.x + (lineHeight(region, line) - upper.y) * slope)
    }
  })
  return fillLines(region, (line) => crossings[line]!.sort((a, b) => a - b))
}

/** How much of each px from `start` on lies between `low` and `high`, 0..1. */
function overlaps(start: number, count: number, low: number, high: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.max(0, Math.min(high, start + i + 1) - Math.max(low, start + i)))
}

function lineHeight(region: Rect, line: number): number {
  return region.y + (line + 0.5) / linesPerPx
}

/** The inverse of `lineHeight`. */
function lineAt(region: Rect, y: number): number {
  return (y - region.y) * linesPerPx - 0.5
}

/** @param crossingsOf where a line goes in and out: x from left to right, an even number of them. */
function fillLines(region: Rect, crossingsOf: (line: number) => readonly number[]): Pixels {
  const { width, height } = region
  const data = new Uint8Array(width * height)
  // Change of coverage from px to px; two more, as the far edge writes past the last px.
  const steps = new Float64Array(width + 2)
  for (let y = 0; y < height; y++) {
    steps.fill(0)
    for (let line = y * linesPerPx; line < (y + 1) * linesPerPx; line++) {
      const crossings = crossingsOf(line)
      assert(crossings.length % 2 === 0, 'a closed shape is left as often as it is entered')
      crossings.forEach((x, i) => {
        const inside = clamp(x - region.x, 0, width)
        const px = Math.floor(inside)
        const rest = inside - px
        const sign = i % 2 === 0 ? 1 : -1
        steps[px]! += sign * (1 - rest)
        steps[px + 1]! += sign * rest
      })
    }
    let sum = 0
    for (let x = 0; x < width; x++) {
      sum += steps[x]!
      data[y * width + x] = Math.round((255 * sum) / linesPerPx)
    }
  }
  return { width, height, channels: 1, data }
}
