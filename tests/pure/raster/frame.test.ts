/** What the network sees of a picture: the properties of every frame, a few worked-out ones, and padded crops. */
import { describe, expect, it } from 'vitest'
import { contextFrame, cropPadded } from '../../../src/raster/frame.ts'
import { roundUpTo } from '../../../src/shared/geometry/rect.ts'
import { randomInts, randomPixels } from './random.ts'

describe('contextFrame', () => {
  it('contains the bounds, has allowed sides and lies inside the picture wherever it fits', () => {
    const int = randomInts(7)
    for (let i = 0; i < 5000; i++) {
      const picture = { width: 1 + int(300), height: 1 + int(300) }
      const width = 1 + int(picture.width)
      const height = 1 + int(picture.height)
      const bounds = { x: int(picture.width - width + 1), y: int(picture.height - height + 1), width, height }
      const multiple = 1 + int(32)
      const minimum = multiple * (1 + int(6))
      const asked = { picture, bounds, context: int(80), multiple, minimum }
      const frame = contextFrame(asked)
      const told = JSON.stringify({ asked, frame })
      for (const [start, side] of [
        ['x', 'width'],
        ['y', 'height'],
      ] as const) {
        expect(frame[start], told).toBeLessThanOrEqual(bounds[start])
        expect(frame[start] + frame[side], told).toBeGreaterThanOrEqual(bounds[start] + bounds[side])
        expect(frame[side] % multiple, told).toBe(0)
        expect(frame[side], told).toBeGreaterThanOrEqual(minimum)
        expect(frame[side], told).toBeLessThanOrEqual(Math.max(minimum, roundUpTo(picture[side], multiple)))
        expect(frame[side], told).toBeGreaterThanOrEqual(Math.min(picture[side], bounds[side] + 2 * asked.context))
        expect(frame[start], told).toBeGreaterThanOrEqual(0)
        if (frame[side] <= picture[side]) {
          expect(frame[start] + frame[side], told).toBeLessThanOrEqual(picture[side])
        } else expect(frame[start], told).toBe(0)
      }
    }
  })

  it('puts the bounds in the middle where there is room', () => {
    const bounds = { x: 200, y: 120, width: 20, height: 44 }
    const frame = contextFrame({ picture: { width: 512, height: 512 }, bounds, context: 10, multiple: 32, minimum: 64 })
    expect(frame).toEqual({ x: 178, y: 110, width: 64, height: 64 })
  })

  it('moves inward at the borders of the picture and keeps its size', () => {
    const bounds = { x: 0, y: 490, width: 22, height: 22 }
    const frame = contextFrame({ picture: { width: 512, height: 512 }, bounds, context: 21, multiple: 32, minimum: 32 })
    expect(frame).toEqual({ x: 0, y: 448, width: 64, height: 64 })
  })

  it('does not ask for context beyond a picture that it covers already', () => {
    const picture = { width: 128, height: 100 }
    const frame = contextFrame({ picture, bounds: { x: 0, y: 0, ...picture }, context: 64, multiple: 32, minimum: 32 })
    expect(frame).toEqual({ x: 0, y: 0, width: 128, height: 128 })
  })
})

describe('cropPadded', () => {
  it('copies inside the picture and repeats the nearest edge px outside', () => {
    const grey = { width: 3, height: 2, channels: 1 as const, data: Uint8Array.from([1, 2, 3, 4, 5, 6]) }
    expect(cropPadded(grey, { x: 1, y: 0, width: 2, height: 2 }).data).toEqual(Uint8Array.from([2, 3, 5, 6]))
    expect(cropPadded(grey, { x: -1, y: 1, width: 5, height: 2 })).toEqual({
      width: 5,
      height: 2,
      channels: 1,
      data: Uint8Array.from([4, 4, 5, 6, 6, 4, 4, 5, 6, 6]),
    })
    expect(cropPadded(grey, { x: 9, y: -4, width: 2, height: 1 }).data).toEqual(Uint8Array.from([3, 3]))
  })

  it('keeps the channels of a px together', () => {
    const picture = randomPixels(5, 4, 3, 4)
    const crop = cropPadded(picture, { x: 2, y: 1, width: 3, height: 1 })
    const px = (x: number) => Array.from(picture.data.subarray((4 + x) * 4, (5 + x) * 4))
    expect(Array.from(crop.data)).toEqual([...px(2), ...px(3), ...px(3)])
  })
})
