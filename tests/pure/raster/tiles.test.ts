/** Sparse tiles against one dense picture of the whole plane that the tests use. */
import { describe, expect, it } from 'vitest'
import { readRect, type TileSurface, tileParts, writeRect } from '../../../src/raster/tiles.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import type { Rect } from '../../../src/shared/geometry/rect.ts'
import { randomInts, randomPixels } from './random.ts'
import { tileMemory } from './tile-memory.ts'

/** The dense picture spans these px. */
const plane: Rect = { x: -600, y: -300, width: 1000, height: 700 }

function emptyPixels(width: number, height: number, channels: 1 | 4): Pixels {
  return { width, height, channels, data: new Uint8Array(width * height * channels) }
}

/** Calls back for the index of each byte of `rect` in the plane and in a picture of the rectangle. */
function eachByte(rect: Rect, channels: number, visit: (dense: number, own: number) => void): void {
  for (let i = 0; i < rect.width * rect.height * channels; i++) {
    const px = Math.floor(i / channels)
    const x = rect.x + (px % rect.width) - plane.x
    const y = rect.y + Math.floor(px / rect.width) - plane.y
    visit((y * plane.width + x) * channels + (i % channels), i)
  }
}

function randomRect(int: (below: number) => number): Rect {
  const width = 1 + int(290)
  const height = 1 + int(290)
  return { x: plane.x + int(plane.width - width), y: plane.y + int(plane.height - height), width, height }
}

describe.each([1, 4] as const)('a surface of %i channels', (channels) => {
  it('reads what was written, as a dense picture does, also at negative places', () => {
    const int = randomInts(channels)
    const { get, put } = tileMemory()
    let surface: TileSurface = { channels, tiles: {} }
    const dense = new Uint8Array(plane.width * plane.height * channels)
    for (let round = 0; round < 8; round++) {
      const rect = randomRect(int)
      const pixels =
        round % 4 === 3
          ? emptyPixels(rect.width, rect.height, channels)
          : randomPixels(round, rect.width, rect.height, channels)
      eachByte(rect, channels, (to, from) => {
        dense[to] = pixels.data[from]!
      })
      surface = writeRect(surface, pixels, rect, get, put)
      const seen = randomRect(int)
      const want = new Uint8Array(seen.width * seen.height * channels)
      eachByte(seen, channels, (from, to) => {
        want[to] = dense[from]!
      })
      expect(Buffer.compare(readRect(surface, seen, get).data, want), `round ${round}`).toBe(0)
    }
    expect(Buffer.compare(readRect(surface, plane, get).data, dense)).toBe(0)
  })

  it('drops tiles that become empty', () => {
    const { get, put } = tileMemory()
    const rect = { x: -10, y: -10, width: 20, height: 20 }
    const full = writeRect({ channels, tiles: {} }, randomPixels(1, 20, 20, channels), rect, get, put)
    expect(Object.keys(full.tiles)).toEqual(['-1,-1', '0,-1', '-1,0', '0,0'])
    const half = writeRect(full, emptyPixels(10, 20, channels), rect, get, put)
    expect(Object.keys(half.tiles)).toEqual(['0,-1', '0,0'])
    expect(Object.keys(full.tiles)).toHaveLength(4)
  })
})

describe('tiles', () => {
  it('leaves the old surface and its tiles as they were', () => {
    const { get, put } = tileMemory()
    const old = writeRect({ channels: 1, tiles: {} }, randomPixels(1, 40, 40, 1), { x: 0, y: 0 }, get, put)
    const before = readRect(old, { x: 0, y: 0, width: 40, height: 40 }, get)
    writeRect(old, randomPixels(2, 30, 30, 1), { x: 5, y: 5 }, get, put)
    expect(readRect(old, { x: 0, y: 0, width: 40, height: 40 }, get)).toEqual(before)
  })

  it('does not read a tile that is replaced as a whole', () => {
    const { get, put, read } = tileMemory()
    const old = writeRect({ channels: 1, tiles: {} }, randomPixels(1, 300, 256, 1), { x: 0, y: 0 }, get, put)
    writeRect(old, randomPixels(2, 300, 256, 1), { x: 0, y: 0 }, get, put)
    expect(read).toEqual([old.tiles['1,0']])
  })

  it('cover a rectangle without gaps or overlaps', () => {
    const rect = { x: -513, y: 200, width: 800, height: 330 }
    const parts = [...tileParts(rect)]
    expect(parts.map(({ key }) => key).slice(0, 5)).toEqual(['-3,0', '-2,0', '-1,0', '0,0', '1,0'])
    expect(parts.reduce((sum, { part }) => sum + part.width * part.height, 0)).toBe(rect.width * rect.height)
    expect([...tileParts({ x: 3, y: 3, width: 0, height: 9 })]).toEqual([])
  })

  it('of fully transparent px with colours stay', () => {
    const { get, put } = tileMemory()
    const px: Pixels = { width: 1, height: 1, channels: 4, data: Uint8Array.of(9, 9, 9, 0) }
    const surface = writeRect({ channels: 4, tiles: {} }, px, { x: 3, y: 3 }, get, put)
    expect(readRect(surface, { x: 3, y: 3, width: 1, height: 1 }, get)).toEqual(px)
  })
})
