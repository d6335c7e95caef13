/** The part of a tile that has to be drawn again: all of what was added, little else, nothing twice. */
import { describe, expect, it } from 'vitest'
import { DirtyArea } from '../../../src/renderer/src/pixels/dirty-area.ts'
import type { Rect } from '../../../src/shared/geometry/rect.ts'
import { randomInts } from '../raster/random.ts'

const tile: Rect = { x: -256, y: 512, width: 256, height: 256 }

const areaOf = (rects: readonly Rect[]): number => rects.reduce((sum, { width, height }) => sum + width * height, 0)

describe('a dirty area', () => {
  it('holds every px that was added, each in one rectangle', () => {
    const int = randomInts(3)
    for (let round = 0; round < 30; round++) {
      const area = new DirtyArea(tile)
      const added = Array.from({ length: 1 + int(6) }, () => ({
        x: tile.x - 40 + int(300),
        y: tile.y - 40 + int(300),
        width: 1 + int(90),
        height: 1 + int(90),
      }))
      for (const rect of added) area.add(rect)
      const times = new Uint8Array(256 * 256)
      for (const { x, y, width, height } of area.take()) {
        for (let row = y; row < y + height; row++) {
          for (let column = x; column < x + width; column++) times[(row - tile.y) * 256 + column - tile.x]!++
        }
      }
      expect(Math.max(...times)).toBeLessThanOrEqual(1)
      for (const { x, y, width, height } of added) {
        for (let row = Math.max(y, tile.y); row < Math.min(y + height, tile.y + 256); row++) {
          for (let column = Math.max(x, tile.x); column < Math.min(x + width, tile.x + 256); column++) {
            if (times[(row - tile.y) * 256 + column - tile.x] !== 1) expect.fail(`(${column}, ${row})`)
          }
        }
      }
    }
  })

  it('of one rectangle is that rectangle, and is empty once it was taken', () => {
    const area = new DirtyArea(tile)
    expect(area.isEmpty).toBe(true)
    area.add({ x: tile.x + 13, y: tile.y + 40, width: 70, height: 5 })
    expect(area.isEmpty).toBe(false)
    expect(area.take()).toEqual([{ x: tile.x + 13, y: tile.y + 40, width: 70, height: 5 }])
    expect(area.isEmpty).toBe(true)
    expect(area.take()).toEqual([])
    area.add({ x: tile.x - 10, y: tile.y, width: 10, height: 10 })
    expect(area.isEmpty).toBe(true)
  })

  it('of a slanted line is far smaller than what is around it', () => {
    const area = new DirtyArea(tile)
    for (let i = 0; i < 200; i += 5) area.add({ x: tile.x + i, y: tile.y + i, width: 20, height: 20 })
    expect(areaOf(area.take())).toBeLessThan(0.5 * 215 * 215)
  })
})
