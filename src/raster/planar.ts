/**
 * Between bytes of a picture and the planes of floats that networks take. Every step is rounded to float32 as PyTorch does
 * it, so that the same picture gives the same tensor bit by bit.
 */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import { clamp, type Size } from '../shared/geometry/rect.ts'

type Triple = readonly [number, number, number]

/**
 * @param pixels RGB, or RGBA whose alpha is dropped.
 * @returns (3, height, width) in 0..1, or (value - mean) / std of that, channel by channel.
 */
export function toPlanar(pixels: Pixels, mean: Triple = [0, 0, 0], std: Triple = [1, 1, 1]): Float32Array {
  const { channels, data } = pixels
  assert(channels !== 1, 'toPlanar takes RGB or RGBA')
  const plane = pixels.width * pixels.height
  const values = new Float32Array(3 * plane)
  for (let c = 0; c < 3; c++) {
    const table = Float32Array.from({ length: 256 }, (_, byte) => {
      const centred = Math.fround(Math.fround(byte / 255) - Math.fround(mean[c]!))
      return centred / Math.fround(std[c]!)
    })
    for (let i = 0, from = c; i < plane; i++, from += channels) values[c * plane + i] = table[data[from]!]!
  }
  return values
}

/** @param values (3, height, width); clamped to 0..1, NaN becomes 0. @returns RGB. */
export function fromPlanar(values: Float32Array, size: Size): Pixels {
  const plane = size.width * size.height
  assert(values.length === 3 * plane, 'fromPlanar takes 3 x height x width values')
  const data = new Uint8Array(3 * plane)
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < plane; i++) data[i * 3 + c] = Math.round(clamp(values[c * plane + i]!, 0, 1) * 255)
  }
  return { width: size.width, height: size.height, channels: 3, data }
}
