import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { TileBoard } from '../../../src/renderer/src/canvas/tile-board.ts'
import type { DisplayPatch } from '../../../src/renderer/src/pixels/pixels-api.ts'

/** Canvases made, and what was put where. */
let made = 0
const calls: string[] = []

class FakeCanvas {
  readonly id = made++
  getContext() {
    return {
      canvas: this,
      putImageData: (_: unknown, x: number, y: number) => calls.push(`put ${this.id} ${x},${y}`),
      clearRect: () => calls.push(`clear ${this.id}`),
    }
  }
}

class FakeImage {
  readonly is = 'image'
}

beforeAll(() => {
  vi.stubGlobal('OffscreenCanvas', FakeCanvas)
  vi.stubGlobal('ImageData', FakeImage)
})
afterAll(() => vi.unstubAllGlobals())
beforeEach(() => {
  made = 0
  calls.length = 0
})

function patch(column: number, row: number, changes: Partial<DisplayPatch> & { alpha?: number } = {}): DisplayPatch {
  const { alpha = 255, ...rest } = changes
  const { width, height } = { width: 256, height: 256, ...rest }
  const data = new Uint8ClampedArray(width * height * 4).fill(alpha)
  return { type: 'patch', level: 0, column, row, x: 0, y: 0, width, height, data, ...rest }
}

const tile = (column: number, row: number, level = 0) => ({ level, column, row })

function board(budget?: number): TileBoard {
  const board = new TileBoard(budget)
  board.reset({ width: 1000, height: 600 })
  return board
}

describe('the board', () => {
  test('knows a tile once a patch has covered all of it that lies on the canvas', () => {
    const tiles = board()
    expect(tiles.presence(tile(0, 0))).toBe('none')
    tiles.put(patch(0, 0, { x: 10, y: 10, width: 20, height: 20 }))
    expect(tiles.presence(tile(0, 0))).toBe('part')
    tiles.put(patch(0, 0))
    expect(tiles.presence(tile(0, 0))).toBe('whole')
    // 1000 - 3 * 256 = 232, 600 - 2 * 256 = 88
    tiles.put(patch(3, 2, { width: 232, height: 88 }))
    expect(tiles.presence(tile(3, 2))).toBe('whole')
    // 1000 / 8 = 125, 600 / 8 = 75
    tiles.put(patch(0, 0, { level: 3, width: 125, height: 75 }))
    expect(tiles.presence(tile(0, 0, 3))).toBe('whole')
  })

  test('stays whole under later patches, which go to the same canvas', () => {
    const tiles = board()
    tiles.put(patch(1, 1))
    tiles.put(patch(1, 1, { x: 5, y: 6, width: 7, height: 8 }))
    expect(tiles.presence(tile(1, 1))).toBe('whole')
    expect(calls).toEqual(['put 0 0,0', 'put 0 5,6'])
  })

  test('tells which part of the canvas a patch changes', () => {
    const tiles = board()
    expect(tiles.put(patch(1, 0, { x: 5, y: 6, width: 7, height: 8 }))).toEqual({ x: 261, y: 6, width: 7, height: 8 })
    expect(tiles.put(patch(1, 1, { level: 1, x: 200, y: 40, width: 56, height: 20 }))).toEqual({
      x: 912,
      y: 592,
      width: 88,
      height: 8,
    })
  })

  test('knows what lets nothing through, until a patch does', () => {
    const tiles = board()
    tiles.put(patch(0, 0))
    expect(tiles.take(tile(0, 0))?.isOpaque).toBe(true)
    tiles.put(patch(0, 0, { width: 9, height: 9, alpha: 254 }))
    expect(tiles.take(tile(0, 0))?.isOpaque).toBe(false)
    tiles.put(patch(0, 0, { width: 9, height: 9 }))
    expect(tiles.take(tile(0, 0))?.isOpaque).toBe(false)
    tiles.put(patch(0, 0))
    expect(tiles.take(tile(0, 0))?.isOpaque).toBe(true)
  })

  test('has no opaque tile of which it knows only an opaque part', () => {
    const tiles = board()
    tiles.put(patch(0, 0, { width: 9, height: 9 }))
    expect(tiles.take(tile(0, 0))?.isOpaque).toBe(false)
  })

  test('gives up what was not drawn for longest, and uses its canvas again', () => {
    const tiles = board(3 * 256 * 256 * 4)
    for (const column of [0, 1, 2]) tiles.put(patch(column, 0))
    tiles.take(tile(0, 0))
    tiles.put(patch(3, 0, { width: 232 }))
    expect([0, 1, 2, 3].map((column) => tiles.presence(tile(column, 0)))).toEqual(['whole', 'none', 'whole', 'whole'])
    expect(tiles.size).toBe(3)
    expect(made).toBe(3)
    expect(calls.slice(-2)).toEqual(['clear 1', 'put 1 0,0'])
  })

  test('gives up what only stands in for others before what is on screen by itself', () => {
    const tiles = board(3 * 256 * 256 * 4)
    for (const column of [0, 1, 2]) tiles.put(patch(column, 0))
    tiles.take(tile(1, 0))
    tiles.take(tile(2, 0))
    tiles.take(tile(0, 0), true)
    tiles.put(patch(3, 0, { width: 232 }))
    expect([0, 1, 2, 3].map((column) => tiles.presence(tile(column, 0)))).toEqual(['none', 'whole', 'whole', 'whole'])
  })

  test('forgets everything with another document', () => {
    const tiles = board()
    tiles.put(patch(0, 0))
    tiles.reset({ width: 10, height: 10 })
    expect(tiles.presence(tile(0, 0))).toBe('none')
    tiles.reset(null)
    expect(tiles.put(patch(0, 0))).toBeUndefined()
    expect(tiles.size).toBe(0)
  })
})
