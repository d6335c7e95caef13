/**
 * Resizing with the filters and borders of the Python Imaging Library: the filter is widened by the ratio when shrinking,
 * weights are normalised over the px that exist. Unlike PIL, both passes run in floats and round once, at the end.
 */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import { clamp, type Size } from '../shared/geometry/rect.ts'
import { premultiplied } from './premultiplied.ts'

type Filter = 'bicubic' | 'bilinear' | 'box'

interface Kernel {
  /** Half the kernel's width, in px of the coarser picture. */
  readonly support: number
  readonly weight: (x: number) => number
}

const kernels: Record<Filter, Kernel> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: (x) => cubic(Math.abs(x)) },
}

/** Keys' cubic with a = -0.5, for x >= 0. */
function cubic(x: number): number {
  const a = -0.5
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a
  return 0
}

/**
 * A picture of another size, of the same channels; RGBA is filtered premultiplied, so transparent px lend no colour. The same
 * size returns the same object. Costs 4 bytes x channels for every px of the new width and the old height.
 */
export function resize(pixels: Pixels, size: Size, filter: Filter): Pixels {
  if (size.width === pixels.width && size.height === pixels.height) return pixels
  assert(size.width > 0 && size.height > 0, 'a picture has at least one px')
  const { channels } = pixels
  const across = taps(pixels.width, size.width, filter)
  const down = taps(pixels.height, size.height, filter)
  const source = channels === 4 ? premultiplied(pixels.data) : pixels.data
  const narrow = new Float32Array(size.width * pixels.height * channels)
  for (let y = 0; y < pixels.height; y++) {
    const row = y * pixels.width * channels
    for (let x = 0, to = y * size.width * channels; x < size.width; x++) {
      for (let c = 0; c < channels; c++, to++) narrow[to] = weigh(source, row + c, channels, across, x)
    }
  }
  const stride = size.width * channels
  const values = new Float32Array(size.height * stride)
  for (let y = 0, to = 0; y < size.height; y++) {
    for (let column = 0; column < stride; column++, to++) values[to] = weigh(narrow, column, stride, down, y)
  }
  return { ...size, channels, data: channels === 4 ? unpremultiplied(values) : toBytes(values) }
}

/** For each px of the new line: the first old px that it takes from, how many, and their weights. */
interface Taps {
  readonly first: Int32Array
  readonly count: Int32Array
  /** (new px, `width`); a row's first `count` weights are used and sum to 1. */
  readonly weights: Float64Array
  readonly width: number
}

function taps(from: number, to: number, filter: Filter): Taps {
  const kernel = kernels[filter]
  const scale = from / to
  const widened = Math.max(scale, 1)
  const support = kernel.support * widened
  const width = Math.ceil(support) * 2 + 1
  const first = new Int32Array(to)
  const count = new Int32Array(to)
  const weights = new Float64Array(to * width)
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale
    const low = Math.max(0, Math.trunc(centre - support + 0.5))
    const high = Math.min(from, Math.trunc(centre + support + 0.5))
    let sum = 0
    for (let x = low; x < high; x++) {
      const weight = kernel.weight((x - centre + 0.5) / widened)
      weights[i * width + x - low] = weight
      sum += weight
    }
    for (let x = low; x < high; x++) weights[i * width + x - low]! /= sum
    first[i] = low
    count[i] = high - low
  }
  return { first, count, weights, width }
}

/** The weighted sum for new px `i` of the line of values that begins at `offset` and lies `step` apart. */
function weigh(values: Uint8Array | Float32Array, offset: number, step: number, line: Taps, i: number): number {
  const count = line.count[i]!
  const row = i * line.width
  let sum = 0
  for (let k = 0, at = offset + line.first[i]! * step; k < count; k++, at += step) {
    sum += values[at]! * line.weights[row + k]!
  }
  return sum
}

function toByte(value: number): number {
  return clamp(Math.round(value), 0, 255)
}

function toBytes(values: Float32Array): Uint8Array {
  const data = new Uint8Array(values.length)
  for (let i = 0; i < data.length; i++) data[i] = toByte(values[i]!)
  return data
}

/** A px whose alpha rounds to 0 has no colour left to tell and becomes 0, 0, 0, 0. */
function unpremultiplied(values: Float32Array): Uint8Array {
  const data = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i += 4) {
    const alpha = toByte(values[i + 3]!)
    if (alpha === 0) continue
    // A bicubic overshoot may lift alpha above 255; dividing by it unclamped keeps the colour right.
    for (let c = 0; c < 3; c++) data[i + c] = toByte((values[i + c]! * 255) / values[i + 3]!)
    data[i + 3] = alpha
  }
  return data
}
