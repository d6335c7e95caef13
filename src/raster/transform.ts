/**
 * Free transform: a picture under an affine map, resampled premultiplied so that transparent px lend no colour. Edges are
 * antialiased over one px of the new picture, however large it is drawn.
 */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import { type Affine, applyAffine, inTurn, inverse, scaling } from '../shared/geometry/affine.ts'
import { clamp, intersect, type Rect } from '../shared/geometry/rect.ts'
import { resize } from './resize.ts'
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

/**
 * The picture as the map shows it, in the smallest rectangle that holds it; undefined where nothing of it lies in `clip`. A
 * map that moves by whole px returns the very bytes. Where the map shrinks, the picture is resized first, so that no px is
 * left out of account. Costs 4 bytes for every byte of the picture.
 *
 * @param pixels RGBA or a mask; its px (i, j) spans (i, j) to (i + 1, j + 1) in the plane of the map.
 * @param map may not flatten the plane.
 * @param clip bounds what is computed, in px of the new picture.
 */
export function transform(pixels: Pixels, map: Affine, filter: Filter, clip: Rect): Placed | undefined {
  assert(pixels.channels !== 3, 'transform takes RGBA or a mask')
  const rect = intersect(clip, outline(pixels, map))
  if (rect === undefined) return undefined
  const { a, b, c, d, e, f } = map
  if (a === 1 && b === 0 && c === 0 && d === 1 && Number.isInteger(e) && Number.isInteger(f)) {
    return { pixels: crop(pixels, { ...rect, x: rect.x - e, y: rect.y - f }), x: rect.x, y: rect.y }
  }
  const width = shrunk(pixels.width, Math.hypot(a, b))
  const height = shrunk(pixels.height, Math.hypot(c, d))
  const smaller = resize(pixels, { width, height }, filter)
  const back = inverse(inTurn(scaling(pixels.width / width, pixels.height / height), map))
  return { pixels: resample(smaller, back, filter, rect), x: rect.x, y: rect.y }
}

/** Whole px around the picture's four corners. */
function outline({ width, height }: Pixels, map: Affine): Rect {
  const corners = [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: 0, y: height },
    { x: width, y: height },
  ].map((corner) => applyAffine(map, corner))
  const xs = corners.map(({ x }) => x)
  const ys = corners.map(({ y }) => y)
  const x = Math.floor(Math.min(...xs) + tolerance)
  const y = Math.floor(Math.min(...ys) + tolerance)
  return { x, y, width: Math.ceil(Math.max(...xs) - tolerance) - x, height: Math.ceil(Math.max(...ys) - tolerance) - y }
}

function shrunk(length: number, scale: number): number {
  return scale < 1 ? Math.max(1, Math.round(length * scale)) : length
}

/** @param back from the new picture to the old one. */
function resample(pixels: Pixels, back: Affine, filter: Filter, rect: Rect): Pixels {
  const { width, height, channels } = pixels
  const source = channels === 4 ? premultiplied(pixels.data) : pixels.data
  const data = new Uint8Array(rect.width * rect.height * channels)
  const columns = newTaps(filter)
  const rows = newTaps(filter)
  // How far one px of the new picture reaches in the old one, along the old one's axes.
  const reachU = Math.hypot(back.a, back.c)
  const reachV = Math.hypot(back.b, back.d)
  const sums = new Float64Array(channels)
  for (let y = 0, to = 0; y < rect.height; y++) {
    for (let x = 0; x < rect.width; x++, to += channels) {
      const { x: u, y: v } = applyAffine(back, { x: rect.x + x + 0.5, y: rect.y + y + 0.5 })
      const inside = share(u, reachU, width) * share(v, reachV, height)
      if (inside === 0) continue
      aim(columns, u, width)
      aim(rows, v, height)
      sums.fill(0)
      for (let j = 0; j < rows.places.length; j++) {
        for (let i = 0; i < columns.places.length; i++) {
          const weight = rows.weights[j]! * columns.weights[i]!
          const from = (rows.places[j]! * width + columns.places[i]!) * channels
          for (let k = 0; k < channels; k++) sums[k]! += source[from + k]! * weight
        }
      }
      store(data, to, sums, inside)
    }
  }
  return { width: rect.width, height: rect.height, channels, data }
}

/** How much of a stretch of `reach` around `centre` lies between 0 and `length`, 0..1. */
function share(centre: number, reach: number, length: number): number {
  const low = Math.max(0, centre - reach / 2)
  const high = Math.min(length, centre + reach / 2)
  const part = (high - low) / reach
  // What the rounding of the map leaves beside a whole px is nothing.
  return part < tolerance ? 0 : part > 1 - tolerance ? 1 : part
}

/** The px along one axis that a place is computed from, and their weights, which sum to 1. */
interface Taps {
  readonly places: Int32Array
  readonly weights: Float64Array
}

function newTaps(filter: Filter): Taps {
  const count = filter === 'bicubic' ? 4 : 2
  return { places: new Int32Array(count), weights: new Float64Array(count) }
}

/** Beyond the picture its nearest px goes on; how much of it shows there is the business of `share`. */
function aim({ places, weights }: Taps, centre: number, length: number): void {
  const first = Math.floor(centre - 0.5)
  const t = centre - 0.5 - first
  const start = first + 1 - places.length / 2
  for (let i = 0; i < places.length; i++) places[i] = clamp(start + i, 0, length - 1)
  if (places.length === 2) {
    weights[0] = 1 - t
    weights[1] = t
    return
  }
  // Keys' cubic with a = -0.5, as resize.ts has it.
  weights[0] = ((-0.5 * t + 1) * t - 0.5) * t
  weights[1] = (1.5 * t - 2.5) * t * t + 1
  weights[2] = ((-1.5 * t + 2) * t + 0.5) * t
  weights[3] = (0.5 * t - 0.5) * t * t
}

/** Premultiplied sums as straight bytes; a px whose alpha rounds to 0 is 0 in all channels. */
function store(data: Uint8Array, to: number, sums: Float64Array, inside: number): void {
  const last = sums.length - 1
  const alpha = sums[last]!
  data[to + last] = clamp(Math.round(alpha * inside), 0, 255)
  if (data[to + last] === 0) return
  for (let c = 0; c < last; c++) data[to + c] = clamp(Math.round((sums[c]! * 255) / alpha), 0, 255)
}
