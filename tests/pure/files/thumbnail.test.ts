/** Thumbnails made of strips: near what resizing in one piece gives, whatever the strips, and their size. */
import { expect, test } from 'vitest'
import { joinShrunk, shrinkStrip, thumbnailSize } from '../../../src/files/thumbnail.ts'
import { resize } from '../../../src/raster/resize.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'

function smooth(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.set(
        [(x * 255) / width, (y * 255) / height, 90, x < width / 3 ? 0 : 128 + (y * 127) / height],
        (y * width + x) * 4,
      )
  return { width, height, channels: 4, data }
}

function shrunk(picture: Pixels, rows: number, side: number): Pixels {
  const { width, height, data } = picture
  const small = thumbnailSize(picture, side)
  const strips = []
  for (let y = 0; y < height; y += rows) {
    const part = data.subarray(y * width * 4, (y + rows) * width * 4)
    strips.push(shrinkStrip({ ...picture, height: part.length / width / 4, data: part }, y, picture, small))
  }
  return joinShrunk(strips, small)
}

test.each([
  [700, 530, 256],
  [530, 701, 64],
  [256, 256, 256],
  [300, 7, 256],
  [1, 900, 256],
])(
  'of %i x %i px at most %i a side, they are the same for all strips and near the resized picture',
  (width, height, side) => {
    const picture = smooth(width, height)
    const whole = shrunk(picture, height, side)
    for (const rows of [1, 100, 256]) expect(shrunk(picture, rows, side)).toEqual(whole)
    const box = resize(picture, whole, 'box')
    expect([whole.width, whole.height]).toEqual([box.width, box.height])
    let sum = 0
    for (let i = 0; i < box.data.length; i++) {
      // The same size is not resized, and keeps colours that nobody sees.
      const value = box.data[i | 3] === 0 ? 0 : (box.data[i] ?? 0)
      sum += Math.abs(value - (whole.data[i] ?? 0))
    }
    expect(sum / box.data.length).toBeLessThan(4)
  },
)

test('small pictures stay as they are', () => {
  const picture = smooth(40, 30)
  const { data } = shrunk(picture, 7, 256)
  const seen = picture.data.map((value, i) => (picture.data[i | 3] === 0 ? 0 : value))
  expect(data).toEqual(seen)
})

test('the size keeps the shape and is at least a px', () => {
  expect(thumbnailSize({ width: 1000, height: 500 }, 256)).toEqual({ width: 256, height: 128 })
  expect(thumbnailSize({ width: 3, height: 30_000 }, 256)).toEqual({ width: 1, height: 256 })
})
