/** Where a region lies, read off its thumbnail: enough to lay a tint over the canvas and to say in its middle what it is. */
import type { Pixels } from '../../../../shared/contract/picture.ts'
import type { Point } from '../../../../shared/geometry/point.ts'

export interface RegionShape {
  /** The middle of what is covered, as shares of the canvas. */
  readonly middle: Point
  /** RGBA in the colour of the region, as opaque as the mask is strong. */
  readonly tint: Pixels
}

/** @param mask the whole canvas in small, opaque greys; null where the mask is empty. @param colour '#rrggbb' */
export function regionShape(mask: Pixels | null, colour: string): RegionShape | null {
  if (mask === null) return null
  const { width, height, channels, data } = mask
  const rgb = [1, 3, 5].map((from) => Number.parseInt(colour.slice(from, from + 2), 16))
  const tint = new Uint8Array(width * height * 4)
  let [sum, sumX, sumY] = [0, 0, 0]
  for (let i = 0; i < width * height; i++) {
    const strength = data[i * channels] ?? 0
    sum += strength
    sumX += strength * ((i % width) + 0.5)
    sumY += strength * (Math.floor(i / width) + 0.5)
    for (let c = 0; c < 3; c++) tint[i * 4 + c] = rgb[c] ?? 0
    tint[i * 4 + 3] = strength
  }
  if (sum === 0) return null
  const middle = { x: sumX / sum / width, y: sumY / sum / height }
  return { middle, tint: { width, height, channels: 4, data: tint } }
}
