/** Blending, pasting, flattening, extending: what lies outside stays bit-identical, corner cases are exact. */
import { describe, expect, it } from 'vitest'
import { blendInto, extend, paste, toRgb } from '../../../src/raster/composite.ts'
import { cropPadded } from '../../../src/raster/frame.ts'
import { blendWeights } from '../../../src/raster/mask.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { randomInts, randomMask, randomPixels } from './random.ts'

const px = (channels: 1 | 3 | 4, ...values: number[]): Pixels => ({
  width: values.length / channels,
  height: 1,
  channels,
  data: Uint8Array.from(values),
})

const blendOne = (base: Pixels, patch: Pixels, weight: number) =>
  Array.from(blendInto(base, patch, { x: 0, y: 0 }, px(1, weight)).data)

describe('blendInto', () => {
  it.each([3, 4] as const)('touches no channel of a px outside the mask (%i channels, feathered masks)', (channels) => {
    const int = randomInts(channels)
    for (let seed = 0; seed < 100; seed++) {
      const base = randomPixels(seed, 1 + int(20), 1 + int(20), channels)
      const patch = randomPixels(seed + 1000, 1 + int(20), 1 + int(20), 3)
      const at = { x: int(30) - 15, y: int(30) - 15 }
      const mask = randomMask(seed, patch.width, patch.height, 70)
      const before = Uint8Array.from(base.data)
      const blended = blendInto(base, patch, at, blendWeights(mask, int(5)))
      for (let i = 0; i < base.width * base.height; i++) {
        const x = (i % base.width) - at.x
        const y = Math.floor(i / base.width) - at.y
        const inside = x >= 0 && y >= 0 && x < patch.width && y < patch.height
        if (inside && mask.data[y * patch.width + x] !== 0) continue
        const range = [i * channels, (i + 1) * channels] as const
        expect(blended.data.subarray(...range), `seed ${seed}, px ${i}`).toEqual(before.subarray(...range))
      }
      expect(base.data).toEqual(before)
    }
  })

  it('takes the patch exactly at full weight and lies where it was asked to', () => {
    const base = px(3, 1, 2, 3, 4, 5, 6, 7, 8, 9)
    const patch = px(3, 101, 102, 103, 201, 202, 203)
    const weights = px(1, 255, 255)
    expect(Array.from(blendInto(base, patch, { x: 2, y: 0 }, weights).data)).toEqual([1, 2, 3, 4, 5, 6, 101, 102, 103])
    expect(Array.from(blendInto(base, patch, { x: -1, y: 0 }, weights).data)).toEqual([201, 202, 203, 4, 5, 6, 7, 8, 9])
  })

  it('rounds the blend of two colours', () => {
    expect(blendOne(px(3, 0, 255, 10), px(3, 255, 0, 10), 51)).toEqual([51, 204, 10])
    expect(blendOne(px(3, 0, 0, 0), px(3, 100, 101, 1), 128)).toEqual([50, 51, 1])
  })

  it('gives a transparent px the colour of the patch and the weight as alpha', () => {
    expect(blendOne(px(4, 9, 9, 9, 0), px(3, 100, 150, 200), 1)).toEqual([100, 150, 200, 1])
    expect(blendOne(px(4, 9, 9, 9, 0), px(3, 100, 150, 200), 255)).toEqual([100, 150, 200, 255])
  })

  it('keeps an opaque px opaque and blends it like RGB', () => {
    const base = randomPixels(1, 16, 16, 3)
    const opaque: Pixels = {
      ...base,
      channels: 4,
      data: Uint8Array.from({ length: 16 * 16 * 4 }, (_, i) =>
        i % 4 === 3 ? 255 : base.data[(i >> 2) * 3 + (i % 4)]!,
      ),
    }
    const patch = randomPixels(2, 16, 16, 3)
    const weights = randomPixels(3, 16, 16, 1)
    const overRgba = blendInto(opaque, patch, { x: 0, y: 0 }, weights)
    expect(overRgba.data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true)
    expect(toRgb(overRgba)).toEqual(blendInto(base, patch, { x: 0, y: 0 }, weights))
  })

  it('mixes straight alpha as "over" does', () => {
    // Alpha 102/255 = 0.4 under weight 0.5 (nearly): 128/255 + 0.4 x 127/255 = 0.7012; colour 255 x 0.502 / 0.7012.
    expect(blendOne(px(4, 0, 0, 0, 102), px(3, 255, 0, 0), 128)).toEqual([183, 0, 0, 179])
  })

  it('does not write into a base whose bytes are a node Buffer', () => {
    const base: Pixels = { ...px(3, 1, 2, 3), data: Buffer.from([1, 2, 3]) }
    blendOne(base, px(3, 9, 9, 9), 255)
    paste(base, px(3, 9, 9, 9), { x: 0, y: 0 })
    expect(Array.from(base.data)).toEqual([1, 2, 3])
  })
})

describe('paste', () => {
  it('copies all channels, drops what sticks out and keeps the rest', () => {
    const pasted = paste(px(4, 1, 2, 3, 4, 5, 6, 7, 8), px(4, 0, 0, 0, 0, 9, 9, 9, 9), { x: 1, y: 0 })
    expect(Array.from(pasted.data)).toEqual([1, 2, 3, 4, 0, 0, 0, 0])
  })

  it('undoes a crop', () => {
    const picture = randomPixels(3, 9, 8, 3)
    const crop = cropPadded(picture, { x: 4, y: 5, width: 8, height: 6 })
    expect(paste(picture, crop, { x: 4, y: 5 })).toEqual(picture)
  })
})

describe('toRgb', () => {
  it('spreads grey, flattens alpha onto white or another colour, and leaves RGB alone', () => {
    expect(toRgb(px(1, 7, 200))).toEqual(px(3, 7, 7, 7, 200, 200, 200))
    const see = px(4, 10, 20, 30, 0, 10, 20, 30, 255, 0, 255, 100, 51)
    expect(Array.from(toRgb(see).data)).toEqual([255, 255, 255, 10, 20, 30, 204, 255, 224])
    expect(Array.from(toRgb(see, [0, 1, 2]).data.subarray(0, 3))).toEqual([0, 1, 2])
    const rgb = px(3, 1, 2, 3)
    expect(toRgb(rgb)).toBe(rgb)
  })
})

describe('extend', () => {
  it('places the old picture whole and repeats its edges around it', () => {
    const picture = randomPixels(8, 5, 4, 3)
    const larger = extend(picture, { left: 2, right: 1, top: 3, bottom: 4 })
    expect([larger.width, larger.height]).toEqual([8, 11])
    expect(cropPadded(larger, { x: 2, y: 3, width: 5, height: 4 })).toEqual(picture)
    expect(larger.data.subarray(0, 3)).toEqual(picture.data.subarray(0, 3))
    expect(larger.data.subarray(-3)).toEqual(picture.data.subarray(-3))
  })
})
