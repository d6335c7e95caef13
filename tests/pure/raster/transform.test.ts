/** Flips, turns, crops and affine maps, and that affine maps agree with them. */
import { describe, expect, it } from 'vitest'
import {
  type Affine,
  applyAffine,
  identity,
  inTurn,
  inverse,
  rotation,
  scaling,
  translation,
} from '../../../src/shared/geometry/affine.ts'
import { crop, flipHorizontally, flipVertically, turn } from '../../../src/raster/turn.ts'
import { mappedRect, sourceRect, transform } from '../../../src/raster/transform.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { randomPixels } from './random.ts'

const wide = { x: -1000, y: -1000, width: 2000, height: 2000 }
const filters = ['bilinear', 'bicubic'] as const
/** No px is transparent, which would cost its colour. */
const picture: Pixels = (() => {
  const random = randomPixels(1, 13, 8, 4)
  return { ...random, data: random.data.map((value, i) => (i % 4 === 3 ? value | 1 : value)) }
})()

const flat = (width: number, height: number, colour: readonly number[]): Pixels => ({
  width,
  height,
  channels: colour.length === 1 ? 1 : 4,
  data: Uint8Array.from({ length: width * height * colour.length }, (_, i) => colour[i % colour.length]!),
})

const row = (width: number, values: number[]): Pixels => ({
  width,
  height: values.length / width,
  channels: 1,
  data: Uint8Array.from(values),
})

describe('flips, turns and crops', () => {
  it('put every px where it belongs', () => {
    const six = row(3, [1, 2, 3, 4, 5, 6])
    expect(flipHorizontally(six)).toEqual(row(3, [3, 2, 1, 6, 5, 4]))
    expect(flipVertically(six)).toEqual(row(3, [4, 5, 6, 1, 2, 3]))
    expect(turn(six, 90)).toEqual(row(2, [4, 1, 5, 2, 6, 3]))
    expect(turn(six, 180)).toEqual(row(3, [6, 5, 4, 3, 2, 1]))
    expect(turn(six, 270)).toEqual(row(2, [3, 6, 2, 5, 1, 4]))
  })

  it.each([1, 3, 4] as const)('undo themselves on pictures of %i channels', (channels) => {
    const given = randomPixels(2, 11, 7, channels)
    expect(flipHorizontally(flipHorizontally(given))).toEqual(given)
    expect(flipVertically(flipVertically(given))).toEqual(given)
    expect(turn(turn(given, 90), 270)).toEqual(given)
    expect(turn(turn(given, 180), 180)).toEqual(given)
    expect(turn(turn(given, 90), 90)).toEqual(turn(given, 180))
  })

  it('crop to any rectangle, with 0 where there is no picture', () => {
    const six = row(3, [1, 2, 3, 4, 5, 6])
    expect(crop(six, { x: 1, y: 0, width: 2, height: 2 })).toEqual(row(2, [2, 3, 5, 6]))
    expect(crop(six, { x: -1, y: 1, width: 3, height: 2 })).toEqual(row(3, [0, 4, 5, 0, 0, 0]))
    expect(crop(six, { x: 9, y: 9, width: 1, height: 1 })).toEqual(row(1, [0]))
  })
})

describe('affine maps', () => {
  it('apply one after the other, and back', () => {
    const map = inTurn(scaling(2, 3), rotation(Math.PI / 2), translation(10, 20))
    const there = applyAffine(map, { x: 1, y: 1 })
    expect(there.x).toBeCloseTo(7, 12)
    expect(there.y).toBeCloseTo(22, 12)
    const back = applyAffine(inTurn(map, inverse(map)), { x: 5, y: -4 })
    expect(back.x).toBeCloseTo(5, 12)
    expect(back.y).toBeCloseTo(-4, 12)
  })
})

describe.each(filters)('transform, %s', (filter) => {
  const run = (pixels: Pixels, map: Affine): NonNullable<ReturnType<typeof transform>> =>
    transform(pixels, map, filter, wide)!

  it('by nothing and by whole px returns the very bytes', () => {
    const given = randomPixels(3, 20, 15, 4)
    expect(run(given, identity)).toEqual({ pixels: given, x: 0, y: 0 })
    expect(run(given, translation(-7, 30))).toEqual({ pixels: given, x: -7, y: 30 })
  })

  it('by quarter turns and mirrors is exact', () => {
    expect(run(picture, rotation(Math.PI / 2))).toEqual({ pixels: turn(picture, 90), x: -8, y: 0 })
    expect(run(picture, rotation(Math.PI))).toEqual({ pixels: turn(picture, 180), x: -13, y: -8 })
    expect(run(picture, rotation(-Math.PI / 2))).toEqual({ pixels: turn(picture, 270), x: 0, y: -13 })
    expect(run(picture, scaling(-1, 1))).toEqual({ pixels: flipHorizontally(picture), x: -13, y: 0 })
  })

  it('keeps a flat colour flat, and its alpha the area that each px is covered by', () => {
    const { pixels, x, y } = run(flat(10, 6, [200, 90, 20, 255]), inTurn(scaling(2.5, 3), translation(0.25, -0.5)))
    expect({ x, y, width: pixels.width, height: pixels.height }).toEqual({ x: 0, y: -1, width: 26, height: 19 })
    for (let i = 0; i < pixels.data.length; i += 4) {
      expect([...pixels.data.subarray(i, i + 3)]).toEqual([200, 90, 20])
    }
    expect([...pixels.data.subarray(0, 8)].filter((_, i) => i % 4 === 3)).toEqual([96, 128])
  })

  it('keeps the area of what it turns, with an edge about one px wide', () => {
    for (const scale of [1, 6]) {
      const { pixels } = run(flat(20, 12, [255]), inTurn(scaling(scale, scale), rotation(0.5)))
      const sum = pixels.data.reduce((total, value) => total + value, 0) / 255
      const edge = pixels.data.filter((value) => value > 0 && value < 255).length
      expect(Math.abs(sum / (240 * scale * scale) - 1)).toBeLessThan(0.01)
      expect(edge).toBeLessThan(2 * 2 * 32 * scale)
    }
  })

  it('takes every px into account when it shrinks', () => {
    const stripes: Pixels = {
      ...flat(160, 160, [0]),
      data: Uint8Array.from({ length: 25600 }, (_, i) => (i % 8 ? 0 : 255)),
    }
    const { pixels } = run(stripes, inTurn(scaling(1 / 16, 1 / 16), rotation(0)))
    expect(pixels.width).toBe(10)
    for (const value of pixels.data) expect(Math.abs(value - 32)).toBeLessThan(8)
  })

  it('lends no colour to transparent px and takes none from them', () => {
    const half: Pixels = { ...flat(8, 8, [0, 0, 0, 0]), data: new Uint8Array(256) }
    for (let i = 0; i < 256; i += 4) half.data.set(i % 32 < 16 ? [0, 0, 255, 255] : [255, 255, 0, 0], i)
    const { pixels } = run(half, inTurn(scaling(1.7, 1.7), rotation(0.3)))
    for (let i = 0; i < pixels.data.length; i += 4) {
      const colour = [...pixels.data.subarray(i, i + 3)]
      expect(colour).toEqual(pixels.data[i + 3] === 0 ? [0, 0, 0] : [0, 0, 255])
    }
  })

  it('there and back again is close to where it began', () => {
    const smooth: Pixels = {
      ...flat(40, 40, [0]),
      data: Uint8Array.from({ length: 1600 }, (_, i) => 3 * (i % 40) + 2 * (i / 40)),
    }
    const map = inTurn(scaling(2, 2), rotation(0.7), translation(3.3, 1.2))
    const there = run(smooth, map)
    const back = run(there.pixels, inTurn(translation(there.x, there.y), inverse(map)))
    for (let y = 4; y < 36; y++) {
      for (let x = 4; x < 36; x++) {
        const value = back.pixels.data[(y - back.y) * back.pixels.width + x - back.x]!
        expect(Math.abs(value - smooth.data[y * 40 + x]!)).toBeLessThan(3)
      }
    }
  })

  it('computes only what lies in the clip, which is a part of the whole', () => {
    const map = inTurn(scaling(3, 2), rotation(1), translation(5, 5))
    const whole = run(picture, map)
    const clip = { x: whole.x + 5, y: whole.y + 4, width: 9, height: 11 }
    const part = transform(picture, map, filter, clip)!
    expect(part).toEqual({ pixels: crop(whole.pixels, { ...clip, x: 5, y: 4 }), x: clip.x, y: clip.y })
    expect(transform(picture, map, filter, { x: 500, y: 500, width: 10, height: 10 })).toBeUndefined()
  })

  it('of a part gives what the whole gives, where the part holds what decides', () => {
    const large = randomPixels(9, 90, 70, 4)
    for (const map of [
      inTurn(rotation(0.4), translation(20, -5)),
      inTurn(scaling(0.55, 0.7), rotation(-0.2)),
      inTurn(scaling(3, 1.5), translation(-60.3, 0.5)),
    ]) {
      const whole = run(large, map)
      const middle = mappedRect({ x: 40, y: 30, width: 5, height: 5 }, map)
      const clip = { x: middle.x, y: middle.y, width: 6, height: 5 }
      const from = sourceRect(map, filter, clip)
      const part = transform(crop(large, from), inTurn(translation(from.x, from.y), map), filter, clip)!
      const want = crop(whole.pixels, { ...clip, x: clip.x - whole.x, y: clip.y - whole.y })
      const got = crop(part.pixels, { ...clip, x: clip.x - part.x, y: clip.y - part.y })
      got.data.forEach((value, i) => expect(Math.abs(value - want.data[i]!)).toBeLessThanOrEqual(1))
    }
  })
})
