/** Painting and erasing by coverage, on pictures and on masks. */
import { describe, expect, it } from 'vitest'
import { blendPixels } from '../../../src/raster/blend.ts'
import { eraseCoverage, paintCoverage } from '../../../src/raster/paint.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { randomMask, randomPixels } from './random.ts'

const picture = randomPixels(1, 40, 30, 4)
const coverage = randomMask(2, 40, 30, 60).data
const selection = randomMask(3, 40, 30, 60).data
const row = (channels: 1 | 4, values: number[]): Pixels => ({
  width: values.length / channels,
  height: 1,
  channels,
  data: Uint8Array.from(values),
})

describe('paintCoverage', () => {
  it('equals a layer of the colour, blended under coverage and selection', () => {
    const weights = coverage.map((value, i) => (selection[i] === 255 ? value : 0))
    const layer = Uint8Array.from({ length: 40 * 30 * 4 }, (_, i) => [200, 30, 90, 255][i % 4]!)
    const want = new Uint8Array(picture.data)
    blendPixels(want, layer, 'normal', 0.7, weights)
    const only = selection.map((value) => (value === 255 ? 255 : 0))
    expect(paintCoverage(picture, coverage, [200, 30, 90], 0.7, only).data).toEqual(want)
  })

  it('leaves every byte outside of coverage and selection, and the picture it was given', () => {
    const before = new Uint8Array(picture.data)
    const painted = paintCoverage(picture, coverage, [255, 255, 255], 1, selection)
    coverage.forEach((value, px) => {
      if (value > 0 && selection[px]! > 0) return
      expect(painted.data.subarray(px * 4, px * 4 + 4)).toEqual(before.subarray(px * 4, px * 4 + 4))
    })
    expect(picture.data).toEqual(before)
  })

  it('draws the values of a mask towards the first number of the colour', () => {
    const mask = row(1, [0, 100, 200, 255])
    expect([...paintCoverage(mask, Uint8Array.of(255, 255, 51, 0), [200, 0, 0], 0.5).data]).toEqual([
      100, 150, 200, 255,
    ])
    expect([...paintCoverage(mask, Uint8Array.of(255, 255, 255, 0), [0, 9, 9], 1).data]).toEqual([0, 0, 0, 255])
  })
})

describe('eraseCoverage', () => {
  it('takes alpha and keeps the colour of what is left; what is gone is 0', () => {
    const two = row(4, [10, 20, 30, 200, 10, 20, 30, 255])
    expect([...eraseCoverage(two, Uint8Array.of(51, 255), 1).data]).toEqual([10, 20, 30, 160, 0, 0, 0, 0])
    expect([...eraseCoverage(two, Uint8Array.of(0, 255), 0.5).data]).toEqual([10, 20, 30, 200, 10, 20, 30, 128])
    expect([...eraseCoverage(two, Uint8Array.of(255, 255), 1, Uint8Array.of(0, 51)).data]).toEqual([
      10, 20, 30, 200, 10, 20, 30, 204,
    ])
  })

  it('lowers masks', () => {
    expect([...eraseCoverage(row(1, [100, 255]), Uint8Array.of(255, 51), 1).data]).toEqual([0, 204])
  })
})
