/**
 * Free transform: a picture under an affine map, resampled premultiplied so that transparent px lend no colour. Edges are
 * antialiased over one px of the new picture, however large it is drawn. Where the map shrinks, the filter is widened by as
 * much, so that no px is left out of account.
 */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import { type Affine, applyAffine, inverse } from '../shared/geometry/affine.ts'
import { clamp, intersect, type Rect } from '../shared/geometry/rect.ts'
import { crop } from './turn.ts'
import { premultiplied } from './premultiplied.ts'

type Filter = 'bilinear' | 'bicubic'

export interface Placed {
  readonly pixels: Pixels
  /** Where its top left px lies. */
  readonly x: number
  readonly y: number
}

/** Corners this near a px border lie on it: maps are sums of rounded sines. */
const tolerance = 1e-6

/** Half the width of a filter, in px of the old picture or of the new one, whichever are larger. */
const supports: Record<Filter, number> = { bilinear: 1, bicubic: 2 }

/**
 * The picture as the map shows it, in the smallest rectangle that holds it; undefined where nothing of it lies in `clip`. A
 * map that moves by whole px returns the very bytes. Costs 4 bytes for every byte of the picture, and time for every px of the
 * new picture times the square of how much it shrinks: for large pictures, halve them first, and transform part by part (a part
 * must hold what `sourceRect` says).
 *
 * @param pixels RGBA or a mask; its px (i, j) spans (i, j) to (i + 1, j + 1) in the plane of the map.
 * @param map may not flatten the plane.
 * @param clip bounds what is computed, in px of the new picture.
 */
export function transform(pixels: Pixels, map: Affine, filter: Filter, clip: Rect): Placed | undefined {
  assert(pixels.channels !== 3, 'transform takes RGBA or a mask')
  const rect = intersect(clip, mappedRect({ x: 0, y: 0, width: pixels.width, height: pixels.height }, map))
  if (rect === undefined) return undefined
  const { a, b, c, d, e, f } = map
  if (a === 1 && b === 0 && c === 0 && d === 1 && Number.isInteger(e) && Number.isInteger(f)) {
    return { pixels: crop(pixels, { ...rect, x: rect.x - e, y: rect.y - f }), x: rect.x, y: rect.y }
  }
  return { pixels: resample(pixels, inverse(map), filter, rect), x: rect.x, y: rect.y }
}

/** Whole px around where the map takes a rectangle. */
export function mappedRect({ x, y, width, height }: Rect, map: Affine): Rect {
  const corners = [
    { x, y },
    { x: x + width, y },
    { x, y: y + height },
    { x: x + width, y: y + height },
  ].map((corner) => applyAffine(map, corner))
  const xs = corners.map((corner) => corner.x)
  const ys = corners.map((corner) => corner.y)
  const left = Math.floor(Math.min(...xs) + tolerance)
  const top = Math.floor(Math.min(...ys) + tolerance)
  const right = Math.ceil(Math.max(...xs) - tolerance)
  const bottom = Math.ceil(Math.max(...ys) - tolerance)
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** The px of the old picture that decide what lies in `rect` of the new one; beyond the picture's borders too. */
export function sourceRect(map: Affine, filter: Filter, rect: Rect): Rect {
  const back = inverse(map)
  const { x, y, width, height } = mappedRect(rect, back)
  const [reachX, reachY] = [reachesOf(back).u, reachesOf(back).v].map((reach) =>
    Math.ceil(supports[filter] * Math.max(1, reach) + 1),
  ) as [number, number]
  return { x: x - reachX, y: y - reachY, width: width + 2 * reachX, height: height + 2 * reachY }
}

/** How far one px of the new picture reaches in the old one, along the old one's axes. */
function reachesOf({ a, b, c, d }: Affine): { u: number; v: number } {
  return { u: Math.hypot(a, c), v: Math.hypot(b, d) }
}

/** @param back from the new picture to the old one. */
function resample(pixels: Pixels, back: Affine, filter: Filter, rect: Rect): Pixels {
  const { width, height, channels } = pixels
  const source = channels === 4 ? premultiplied(pixels.data) : pixels.data
  const data = new Uint8Array(rect.width * rect.height * channels)
  const { u: reachU, v: reachV } = reachesOf(back)
  const columns = newTaps(filter, reachU)
  const rows = newTaps(filter, reachV)
  const mix = channels === 4 ? mixColours : mixMask
  for (let y = 0, to = 0; y < rect.height; y++) {
    for (let x = 0; x < rect.width; x++, to += channels) {
      const u = back.a * (rect.x + x + 0.5) + back.c * (rect.y + y + 0.5) + back.e
      const v = back.b * (rect.x + x + 0.5) + back.d * (rect.y + y + 0.5) + back.f
      const inside = share(u, reachU, width) * share(v, reachV, height)
      if (inside === 0) continue
      aim(columns, u, width)
      aim(rows, v, height)
      mix(data, to, source, width, columns, rows, inside)
    }
  }
  return { width: rect.width, height: rect.height, channels, data }
}

/** How much of a stretch of `reach` around `centre` lies between 0 and `length`, 0..1. */
function share(centre: number, reach: number, length: number): number {
  const low = centre - reach / 2
  const high = centre + reach / 2
  if (low >= 0 && high <= length) return 1
  const part = (Math.min(length, high) - Math.max(0, low)) / reach
  // What the rounding of the map leaves beside a whole px is nothing.
  return part < tolerance ? 0 : part > 1 - tolerance ? 1 : part
}

/** The px along one axis that a place is computed from, and their weights, which sum to 1. */
interface Taps {
  readonly filter: Filter
  /** By how much the filter is wider than between px of the old picture; at least 1. */
  readonly widened: number
  readonly places: Int32Array
  readonly weights: Float64Array
}

function newTaps(filter: Filter, reach: number): Taps {
  // A reach of 1, as rounding leaves it, must not cost a tap more and the exactness of whole px.
  const widened = reach < 1 + tolerance ? 1 : reach
  const count = 2 * Math.ceil(supports[filter] * widened)
  return { filter, widened, places: new Int32Array(count), weights: new Float64Array(count) }
}

/** Beyond the picture its nearest px goes on where the filter is narrow; how much shows there is the business of `share`. */
function aim({ filter, widened, places, weights }: Taps, centre: number, length: number): void {
  const first = Math.floor(centre - 0.5)
  const t = centre - 0.5 - first
  const count = places.length
  const start = first + 1 - count / 2
  if (start >= 0 && start + count <= length) for (let i = 0; i < count; i++) places[i] = start + i
  else for (let i = 0; i < count; i++) places[i] = clamp(start + i, 0, length - 1)
  if (widened > 1) {
    let sum = 0
    for (let i = 0; i < count; i++) {
      const distance = Math.abs(start + i - first - t) / widened
      const weight = filter === 'bicubic' ? cubic(distance) : Math.max(0, 1 - distance)
      // As in resize.ts, only px that exist count where many do.
      sum += weights[i] = places[i] === start + i ? weight : 0
    }
    for (let i = 0; i < count; i++) weights[i]! /= sum
  } else if (count === 2) {
    weights[0] = 1 - t
    weights[1] = t
  } else {
    // Keys' cubic with a = -0.5, as resize.ts has it, worked out for its four places.
    weights[0] = ((-0.5 * t + 1) * t - 0.5) * t
    weights[1] = (1.5 * t - 2.5) * t * t + 1
    weights[2] = ((-1.5 * t + 2) * t + 0.5) * t
    weights[3] = (0.5 * t - 0.5) * t * t
  }
}

function cubic(x: number): number {
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2
  return 0
}

type Mix = (
  data: Uint8Array,
  to: number,
  source: Float32Array | Uint8Array,
  width: number,
  columns: Taps,
  rows: Taps,
  inside: number,
) => void

/** Premultiplied sums as straight bytes; a px whose alpha rounds to 0 is 0 in all channels. */
const mixColours: Mix = (data, to, source, width, columns, rows, inside) => {
  const { places: across, weights: acrossWeights } = columns
  const { places: down, weights: downWeights } = rows
  const count = across.length
  let r = 0
  let g = 0
  let b = 0
  let a = 0
  for (let j = 0; j < down.length; j++) {
    const line = down[j]! * width
    const weight = downWeights[j]!
    for (let i = 0; i < count; i++) {
      const share = weight * acrossWeights[i]!
      const from = (line + across[i]!) * 4
      r += source[from]! * share
      g += source[from + 1]! * share
      b += source[from + 2]! * share
      a += source[from + 3]! * share
    }
  }
  const alpha = toByte(a * inside)
  if (alpha === 0) return
  const whole = 255 / a
  data[to] = toByte(r * whole)
  data[to + 1] = toByte(g * whole)
  data[to + 2] = toByte(b * whole)
  data[to + 3] = alpha
}

const mixMask: Mix = (data, to, source, width, columns, rows, inside) => {
  const { places: across, weights: acrossWeights } = columns
  const { places: down, weights: downWeights } = rows
  const count = across.length
  let sum = 0
  for (let j = 0; j < down.length; j++) {
    const line = down[j]! * width
    let along = 0
    for (let i = 0; i < count; i++) along += source[line + across[i]!]! * acrossWeights[i]!
    sum += along * downWeights[j]!
  }
  data[to] = toByte(sum * inside)
}

const toByte = (value: number): number => (value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0)
