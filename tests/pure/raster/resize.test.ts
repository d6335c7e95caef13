/** Resizing against values worked out by hand from PIL's formulas, and the properties every filter must have. */
import { describe, expect, it } from 'vitest'
import { resize } from '../../../src/raster/resize.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { randomPixels } from './random.ts'

const filters = ['bicubic', 'bilinear', 'box'] as const

const row = (...values: number[]): Pixels => ({
  width: values.length,
  height: 1,
  channels: 1,
  data: Uint8Array.from(values),
})

const resizedRow = (values: number[], width: number, filter: (typeof filters)[number]) =>
  Array.from(resize(row(...values), { width, height: 1 }, filter).data)

function transposed({ width, height, channels, data }: Pixels): Pixels {
  const turned = new Uint8Array(data.length)
  for (let i = 0; i < width * height; i++) {
    const to = (i % width) * height + Math.floor(i / width)
    for (let c = 0; c < channels; c++) turned[to * channels + c] = data[i * channels + c]!
  }
  return { width: height, height: width, channels, data: turned }
}

const mean = ({ data }: Pixels) => data.reduce((sum, value) => sum + value, 0) / data.length

describe('resize', () => {
  it('bilinear: enlarges 2 to 4 and shrinks 4 to 2 with a widened filter', () => {
    expect(resizedRow([0, 100], 4, 'bilinear')).toEqual([0, 25, 75, 100])
    // Weights (0.25, 0.75, 0.75) / 1.75 of the last three px.
    expect(resizedRow([0, 0, 0, 255], 2, 'bilinear')).toEqual([0, 109])
  })

  it('bicubic: over- and undershoots by a = -0.5, clamped to bytes', () => {
    // Weights (0.8671875, -0.0703125) and (0.8671875, 0.2265625), normalised.
    expect(resizedRow([100, 200], 4, 'bicubic')).toEqual([91, 121, 179, 209])
    expect(resizedRow([0, 100], 4, 'bicubic')).toEqual([0, 21, 79, 109])
    expect(resizedRow([155, 255], 4, 'bicubic')).toEqual([146, 176, 234, 255])
  })

  it('box: averages whole blocks, repeats px, and shares px at other ratios as PIL does', () => {
    expect(resizedRow([10, 20, 40, 80], 2, 'box')).toEqual([15, 60])
    expect(resizedRow([10, 20], 6, 'box')).toEqual([10, 10, 10, 20, 20, 20])
    expect(resizedRow([0, 100, 200], 2, 'box')).toEqual([50, 200])
  })

  it('rounds once: the mean of a block is not the mean of rounded means', () => {
    const square: Pixels = { width: 2, height: 2, channels: 1, data: Uint8Array.from([0, 1, 0, 0]) }
    expect(Array.from(resize(square, { width: 1, height: 1 }, 'box').data)).toEqual([0])
  })

  it.each(filters)('%s: a constant picture stays constant at any size', (filter) => {
    for (const [width, height] of [
      [3, 29],
      [40, 5],
      [1, 1],
      [64, 64],
    ] as const) {
      const data = Uint8Array.from({ length: 13 * 17 * 3 }, (_, i) => [7, 128, 255][i % 3]!)
      const resized = resize({ width: 13, height: 17, channels: 3, data }, { width, height }, filter)
      expect(resized.data).toEqual(Uint8Array.from({ length: width * height * 3 }, (_, i) => [7, 128, 255][i % 3]!))
    }
  })

  it.each(filters)('%s: keeps the mean when shrinking', (filter) => {
    const picture = randomPixels(11, 96, 64, 3)
    const tolerance = filter === 'box' ? 0.1 : 1.5
    const shrunk = resize(picture, { width: 24, height: 16 }, filter)
    expect(Math.abs(mean(shrunk) - mean(picture))).toBeLessThan(tolerance)
  })

  it.each(filters)('%s: treats both axes alike', (filter) => {
    const picture = randomPixels(12, 19, 8, 3)
    const turned = resize(transposed(picture), { width: 12, height: 7 }, filter)
    const straight = resize(picture, { width: 7, height: 12 }, filter)
    // One unit: the order of the passes decides ties of rounding.
    expect(transposed(turned).data.every((value, i) => Math.abs(value - straight.data[i]!) <= 1)).toBe(true)
  })

  it.each(filters)('%s: transparent px lend no colour', (filter) => {
    const data = Uint8Array.from([255, 0, 0, 0, 0, 0, 255, 255])
    const pair: Pixels = { width: 2, height: 1, channels: 4, data }
    expect(Array.from(resize(pair, { width: 1, height: 1 }, filter).data)).toEqual([0, 0, 255, 128])
    const wide = resize(pair, { width: 9, height: 1 }, filter).data
    expect(wide.some((value, i) => i % 4 === 0 && value > 0)).toBe(false)
  })

  it('an opaque RGBA picture resizes as its RGB does', () => {
    const picture = randomPixels(13, 10, 10, 3)
    const data = Uint8Array.from({ length: 400 }, (_, i) => (i % 4 === 3 ? 255 : picture.data[(i >> 2) * 3 + (i % 4)]!))
    const rgba = resize({ ...picture, channels: 4, data }, { width: 23, height: 4 }, 'bilinear').data
    const rgb = resize(picture, { width: 23, height: 4 }, 'bilinear').data
    expect(rgba.filter((_, i) => i % 4 !== 3)).toEqual(rgb)
    expect(rgba.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true)
  })

  it('returns the same picture where the size is the same', () => {
    const picture = randomPixels(14, 5, 6, 4)
    expect(resize(picture, { width: 5, height: 6 }, 'bicubic')).toBe(picture)
  })
})
