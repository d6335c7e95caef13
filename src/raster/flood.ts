/** What a click finds in a picture: the area of like colour around it, as the bucket fills it. */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'

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
  const { width, height, channels } = pixels
  assert(x >= 0 && y >= 0 && x < width && y < height, 'a flood starts inside the picture')
  const at = (y * width + x) * channels
  const data = likeCoverage(pixels, pixels.data.subarray(at, at + channels), tolerance)
  if (connected) for (const _ of floodInPlace(data, width, x, y)) continue
  return { width, height, channels: 1, data }
}

/** 255 for each px of the picture that is like `colour` (a byte for each channel), as `floodCoverage` compares; else 0. */
export function likeCoverage({ channels, data }: Pixels, colour: Uint8Array, tolerance: number): Uint8Array {
  const like = new Uint8Array(data.length / channels)
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= tolerance
  if (channels !== 4) {
    for (let px = 0; px < like.length; px++) {
      let isLike = true
      for (let c = 0; c < channels; c++) isLike &&= isNear(data[px * channels + c]!, colour[c]!)
      if (isLike) like[px] = 255
    }
    return like
  }
  const alpha = colour[3]!
  const [r, g, b] = [0, 1, 2].map((c) => (colour[c]! * alpha) / 255) as [number, number, number]
  for (let px = 0, at = 0; px < like.length; px++, at += 4) {
    const opaque = data[at + 3]!
    if (
      isNear(opaque, alpha) &&
      isNear((data[at]! * opaque) / 255, r) &&
      isNear((data[at + 1]! * opaque) / 255, g) &&
      isNear((data[at + 2]! * opaque) / 255, b)
    ) {
      like[px] = 255
    }
  }
  return like
}

/** After so many runs a flood gives others a turn. */
const runsAtOnce = 4096
const filled = 1

/**
 * Of the px above 0, only those stay (as 255) that (x, y) reaches through such px by their sides. Fills run by run: a run is
 * all open px of a row side by side, and seeds the rows above and below it. Goes in steps, so that a caller can do other things
 * in between; it must be run to its end.
 *
 * @param open (height, width) bytes, 0 or 255; changed in place.
 */
export function* floodInPlace(open: Uint8Array, width: number, x: number, y: number): Generator<undefined, void> {
  const isOpen = (px: number): boolean => open[px] === 255
  const seeds = [y * width + x]
  let turns = 0
  for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
    if (!isOpen(seed)) continue
    const row = Math.floor(seed / width) * width
    let left = seed
    while (left > row && isOpen(left - 1)) left--
    let end = seed + 1
    while (end < row + width && isOpen(end)) end++
    open.fill(filled, left, end)
    for (const shift of [-width, width]) {
      if (row + shift < 0 || row + shift >= open.length) continue
      // The last px of each open stretch beside the run is enough to seed it.
      for (let px = left + shift; px < end + shift; px++) {
        if (isOpen(px) && (px + 1 === end + shift || !isOpen(px + 1))) seeds.push(px)
      }
    }
    if (++turns % runsAtOnce === 0) yield
  }
  for (let px = 0; px < open.length; px++) open[px] = open[px] === filled ? 255 : 0
}
