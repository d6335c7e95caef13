/** Masks, their weights and cells: above all the law that weight is 0 wherever the mask is. */
import { describe, expect, it } from 'vitest'
import { blendWeights, invertMask, maskBounds, maskCells, maskFromPixels, rectMask } from '../../../src/raster/mask.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { randomInts, randomMask } from './random.ts'

const mask = (width: number, values: number[]): Pixels => ({
  width,
  height: values.length / width,
  channels: 1,
  data: Uint8Array.from(values),
})

/** The definition, px by px against px by px. */
function slowWeights({ width, data }: Pixels, feather: number): number[] {
  return Array.from(data, (value, i) => {
    let distance = Number.POSITIVE_INFINITY
    data.forEach((other, j) => {
      if (other !== 0) return
      const dx = (i % width) - (j % width)
      const dy = Math.floor(i / width) - Math.floor(j / width)
      distance = Math.min(distance, Math.sqrt(dx * dx + dy * dy))
    })
    return Math.min(value, Math.round((255 * distance) / (feather + 1)))
  })
}

describe('blendWeights', () => {
  it('follows the definition by brute force on small masks of every density', () => {
    const int = randomInts(1)
    for (let seed = 0; seed < 300; seed++) {
      const given = randomMask(seed, 1 + int(12), 1 + int(12), 40 + int(61))
      const feather = int(9)
      expect(Array.from(blendWeights(given, feather).data), `seed ${seed}`).toEqual(slowWeights(given, feather))
    }
  })

  it('is exactly 0 wherever the mask is 0, and never above the mask', () => {
    for (let seed = 0; seed < 30; seed++) {
      const given = randomMask(seed, 61, 47, 30 + 2 * seed)
      const weights = blendWeights(given, seed).data
      expect(weights.every((weight, i) => weight <= given.data[i]!)).toBe(true)
    }
  })

  it('ramps inward over the feather and leaves the borders of the picture at full weight', () => {
    const row = [0, 255, 255, 255, 255, 255]
    expect(Array.from(blendWeights(mask(6, row), 3).data)).toEqual([0, 64, 128, 191, 255, 255])
  })

  it('measures diagonals as Euclid does', () => {
    const corner = rectMask({ width: 4, height: 4 }, { x: 0, y: 0, width: 4, height: 4 })
    corner.data[0] = 0
    // Distance sqrt(18) of the far corner, feather 5: 255 x 4.2426 / 6.
    expect(blendWeights(corner, 5).data[15]).toBe(180)
  })

  it('equals the mask without a feather, and where nothing is kept', () => {
    const speckled = randomMask(3, 9, 7, 60)
    const full = randomMask(4, 9, 7, 100)
    expect(blendWeights(speckled, 0)).toEqual(speckled)
    expect(blendWeights(full, 5)).toEqual(full)
  })
})

describe('maskFromPixels', () => {
  it('takes the Rec. 601 luma of colours', () => {
    const data = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255])
    expect(Array.from(maskFromPixels({ width: 4, height: 1, channels: 3, data }).data)).toEqual([76, 150, 29, 255])
  })

  it('multiplies by alpha, so that a transparent px keeps', () => {
    const data = Uint8Array.from([255, 255, 255, 0, 255, 255, 255, 128, 255, 0, 0, 128])
    expect(Array.from(maskFromPixels({ width: 3, height: 1, channels: 4, data }).data)).toEqual([0, 128, 38])
  })

  it('keeps grey as it is', () => {
    const grey = mask(2, [3, 200])
    expect(maskFromPixels(grey)).toEqual(grey)
  })
})

describe('maskBounds', () => {
  it('finds the rectangle of a rectangle, at the edges too', () => {
    for (const rect of [
      { x: 2, y: 1, width: 3, height: 4 },
      { x: 0, y: 0, width: 1, height: 6 },
      { x: 6, y: 5, width: 1, height: 1 },
    ]) {
      expect(maskBounds(rectMask({ width: 7, height: 6 }, rect))).toEqual(rect)
    }
  })

  it('spans px of value 1 that lie apart, and is undefined where there is none', () => {
    expect(maskBounds(mask(4, [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]))).toEqual({ x: 1, y: 0, width: 3, height: 2 })
    expect(maskBounds(mask(2, [0, 0]))).toBeUndefined()
  })
})

describe('maskCells', () => {
  it('marks a cell for a single px in it', () => {
    const given = rectMask({ width: 12, height: 8 }, { x: 7, y: 3, width: 2, height: 1 })
    expect(Array.from(maskCells(given, 4))).toEqual([0, 1, 1, 0, 0, 0])
  })

  it('refuses a mask that is no whole number of cells', () => {
    expect(() => maskCells(rectMask({ width: 12, height: 9 }, { x: 0, y: 0, width: 1, height: 1 }), 4)).toThrow()
  })
})

describe('rectMask and invertMask', () => {
  it('drops the part of the rectangle that lies outside', () => {
    const rect = { x: -1, y: 1, width: 3, height: 5 }
    expect(Array.from(rectMask({ width: 3, height: 2 }, rect).data)).toEqual([0, 0, 0, 255, 255, 0])
    expect(maskBounds(rectMask({ width: 3, height: 2 }, { x: 3, y: 0, width: 2, height: 2 }))).toBeUndefined()
  })

  it('inverts without changing its argument', () => {
    const given = mask(3, [0, 100, 255])
    expect(Array.from(invertMask(given).data)).toEqual([255, 155, 0])
    expect(Array.from(given.data)).toEqual([0, 100, 255])
  })
})
