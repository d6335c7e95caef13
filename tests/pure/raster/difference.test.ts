/** Px that look different. */
import { expect, test } from 'vitest'
import { differingPx } from '../../../src/raster/difference.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'

const pixels = (channels: 1 | 3 | 4, ...data: number[]): Pixels => ({
  width: data.length / channels,
  height: 1,
  channels,
  data: Uint8Array.from(data),
})

test.each<[string, Pixels, Pixels, number]>([
  ['the same', pixels(3, 1, 2, 3, 4, 5, 6), pixels(3, 1, 2, 3, 4, 5, 6), 0],
  ['one px by one step of one channel', pixels(3, 1, 2, 3, 4, 5, 6), pixels(3, 1, 2, 3, 4, 5, 7), 1],
  ['an opaque alpha channel', pixels(3, 1, 2, 3, 4, 5, 6), pixels(4, 1, 2, 3, 255, 4, 5, 6, 255), 0],
  ['an alpha channel that is not opaque', pixels(3, 1, 2, 3, 4, 5, 6), pixels(4, 1, 2, 3, 255, 4, 5, 6, 254), 1],
  ['grey in three channels', pixels(1, 7, 8), pixels(3, 7, 7, 7, 8, 8, 8), 0],
  ['grey and a colour', pixels(1, 7, 8), pixels(3, 7, 7, 7, 8, 8, 9), 1],
  ['another size', pixels(3, 1, 2, 3, 4, 5, 6), pixels(3, 1, 2, 3), 2],
])('%s', (_, one, other, differing) => {
  expect(differingPx(one, other)).toBe(differing)
})
