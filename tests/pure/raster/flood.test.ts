/** The magic wand against a search px by px, and the eyedropper. */
import { describe, expect, it } from 'vitest'
import { floodCoverage } from '../../../src/raster/flood.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { randomInts, randomPixels } from './random.ts'

/** Breadth first, one px after the other. */
function slowFlood({ width, height, data }: Pixels, x: number, y: number, tolerance: number): number[] {
  const found = Array.from({ length: width * height }, () => 0)
  const queue = [[x, y]]
  for (const [cx, cy] of queue as [number, number][]) {
    if (cx < 0 || cy < 0 || cx >= width || cy >= height) continue
    const px = cy * width + cx
    if (found[px] !== 0 || Math.abs(data[px]! - data[y * width + x]!) > tolerance) continue
    found[px] = 255
    queue.push([cx + 1, cy], [cx - 1, cy], [cx, cy + 1], [cx, cy - 1])
  }
  return found
}

describe('floodCoverage', () => {
  it('finds what a search px by px finds', () => {
    const int = randomInts(8)
    for (let seed = 0; seed < 150; seed++) {
      const given = randomPixels(seed, 1 + int(20), 1 + int(20), 1)
      const [x, y, tolerance] = [int(given.width), int(given.height), 60 + int(120)]
      const flooded = floodCoverage(given, x, y, tolerance, true)
      expect([...flooded.data], `seed ${seed}`).toEqual(slowFlood(given, x, y, tolerance))
    }
  })

  it('not connected finds every like px of the picture', () => {
    const given = randomPixels(3, 20, 20, 1)
    const want = given.data.map((value) => (Math.abs(value - given.data[45]!) <= 50 ? 255 : 0))
    expect(floodCoverage(given, 5, 2, 50, false).data).toEqual(want)
  })

  it('takes transparent px as alike whatever their colours, and as unlike opaque ones of the same', () => {
    const data = Uint8Array.of(255, 0, 0, 0, 0, 9, 255, 0, 255, 0, 0, 255, 250, 0, 0, 255)
    const given: Pixels = { width: 4, height: 1, channels: 4, data }
    expect([...floodCoverage(given, 0, 0, 4, true).data]).toEqual([255, 255, 0, 0])
    expect([...floodCoverage(given, 2, 0, 4, true).data]).toEqual([0, 0, 255, 0])
    expect([...floodCoverage(given, 2, 0, 5, true).data]).toEqual([0, 0, 255, 255])
  })
})
