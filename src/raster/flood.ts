/** What a click finds in a picture: the area of like colour around it (magic wand, bucket) and the colour (eyedropper). */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import { intersect } from '../shared/geometry/rect.ts'

/**
 * Px whose colour is like the one at (x, y): no channel differs by more than `tolerance`. Colours are compared premultiplied,
 * so all fully transparent px are alike.
 *
 * @param x, y inside the picture.
 * @param tolerance 0..255
 * @param connected true = only px that (x, y) reaches through like ones, by their sides; false = wherever they are.
 * @returns 1 channel, 255 where alike and 0 elsewhere.
 */
export function floodCoverage(pixels: Pixels, x: number, y: number, tolerance: number, connected: boolean): Pixels {
  const { width, height } = pixels
  assert(x >= 0 && y >= 0 && x < width && y < height, 'a flood starts inside the picture')
  const isLike = likeness(pixels, y * width + x, tolerance)
  const data = new Uint8Array(width * height)
  if (connected) flood(data, width, height, x, y, isLike)
  else for (let px = 0; px < data.length; px++) if (isLike(px)) data[px] = 255
  return { width, height, channels: 1, data }
}

/** Fills run by run: a run is all like px of a row side by side, and seeds the rows above and below it. */
function flood(
  data: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  isLike: (px: number) => boolean,
): void {
  const isOpen = (px: number): boolean => data[px] === 0 && isLike(px)
  const seeds = [y * width + x]
  for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
    if (!isOpen(seed)) continue
    const row = Math.floor(seed / width) * width
    let left = seed
    while (left > row && isOpen(left - 1)) left--
    let end = seed + 1
    while (end < row + width && isOpen(end)) end++
    data.fill(255, left, end)
    for (const shift of [-width, width]) {
      if (row + shift < 0 || row + shift >= width * height) continue
      // The last px of each open stretch beside the run is enough to seed it.
      for (let px = left + shift; px < end + shift; px++) {
        if (isOpen(px) && (px + 1 === end + shift || !isOpen(px + 1))) seeds.push(px)
      }
    }
  }
}

function likeness({ channels, data }: Pixels, centre: number, tolerance: number): (px: number) => boolean {
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= tolerance
  if (channels !== 4) {
    return (px) => {
      for (let c = 0; c < channels; c++) {
        if (!isNear(data[px * channels + c]!, data[centre * channels + c]!)) return false
      }
      return true
    }
  }
  const alpha = data[centre * 4 + 3]!
  const premultiplied = (at: number, opaque: number): number => (data[at]! * opaque) / 255
  const [r, g, b] = [0, 1, 2].map((c) => premultiplied(centre * 4 + c, alpha)) as [number, number, number]
  return (px) => {
    const at = px * 4
    const opaque = data[at + 3]!
    return (
      isNear(opaque, alpha) &&
      isNear(premultiplied(at, opaque), r) &&
      isNear(premultiplied(at + 1, opaque), g) &&
      isNear(premultiplied(at + 2, opaque), b)
    )
  }
}

/**
 * The mean colour of the square of px around (x, y), as far as it lies in the picture: red, green, blue weighed by alpha,
 * and the mean alpha, 0..255. Undefined where the square lies outside.
 *
 * @param pixels RGBA.
 * @param side of the square in px, odd.
 */
export function sampleColour(
  pixels: Pixels,
  x: number,
  y: number,
  side: number,
): [r: number, g: number, b: number, a: number] | undefined {
  assert(pixels.channels === 4 && side % 2 === 1, 'the eyedropper takes the mean of an odd square of RGBA')
  const half = (side - 1) / 2
  const square = intersect(
    { x: x - half, y: y - half, width: side, height: side },
    { x: 0, y: 0, width: pixels.width, height: pixels.height },
  )
  if (square === undefined) return undefined
  let [r, g, b, a] = [0, 0, 0, 0]
  for (let row = square.y; row < square.y + square.height; row++) {
    for (let column = square.x; column < square.x + square.width; column++) {
      const at = (row * pixels.width + column) * 4
      const alpha = pixels.data[at + 3]!
      r += pixels.data[at]! * alpha
      g += pixels.data[at + 1]! * alpha
      b += pixels.data[at + 2]! * alpha
      a += alpha
    }
  }
  if (a === 0) return [0, 0, 0, 0]
  return [Math.round(r / a), Math.round(g / a), Math.round(b / a), Math.round(a / (square.width * square.height))]
}
