import { describe, expect, test } from 'vitest'
import {
  deviceEdge,
  deviceRect,
  levelOf,
  type Screen,
  tileArea,
  viewRequest,
  visibleRect,
} from '../../../src/renderer/src/canvas/screen.ts'

const screenAt = (zoom: number, x = 0, y = 0, ratio = 1): Screen => ({
  camera: { x, y, zoom },
  viewport: { width: 800, height: 600 },
  ratio,
})

const zooms = [0.02, 0.1, 0.37, 1 / 3, 0.5, 0.9, 1, 1.1, 1.5, 2, 3.3, 8, 8.7, 64]
const ratios = [1, 1.25, 1.5, 2]

describe('borders on screen', () => {
  test('are exact at whole zooms', () => {
    expect(deviceRect(screenAt(3, 10, -20), { x: 5, y: 7, width: 300, height: 2 })).toEqual({
      x: 25,
      y: 1,
      width: 900,
      height: 6,
    })
  })

  test('never lie more than a device px beside where they would be without rounding', () => {
    for (const zoom of zooms) {
      for (const ratio of ratios) {
        const screen = screenAt(zoom, 13.7, -5.2, ratio)
        for (let at = -300; at < 1300; at += 7) {
          expect(Math.abs(deviceEdge(screen, 'x', at) - (at * zoom + 13.7) * ratio)).toBeLessThanOrEqual(1)
        }
      }
    }
  })

  test('come in the order of the canvas', () => {
    for (const zoom of zooms) {
      const screen = screenAt(zoom, 0.4, 0.6)
      for (let at = 0; at < 1100; at++) {
        expect(deviceEdge(screen, 'y', at + 1)).toBeGreaterThanOrEqual(deviceEdge(screen, 'y', at))
      }
    }
  })

  test('are shared by neighbouring tiles at any zoom and level: no gap, nothing covered twice', () => {
    const canvas = { width: 5000, height: 3000 }
    for (const zoom of zooms) {
      for (const ratio of ratios) {
        for (const level of [0, 1, 3]) {
          const screen = screenAt(zoom, -31.3, 7.9, ratio)
          for (let column = 0; tileArea(level, column + 1, 0, canvas); column++) {
            const left = deviceRect(screen, tileArea(level, column, 0, canvas)!)
            const right = deviceRect(screen, tileArea(level, column + 1, 0, canvas)!)
            expect(left.x + left.width).toBe(right.x)
          }
        }
      }
    }
  })

  test('within a tile lie where the browser puts them when it stretches the tile between its borders', () => {
    const screen = screenAt(8.7, 3.3, 0)
    const { x, width } = deviceRect(screen, { x: 256, y: 0, width: 256, height: 256 })
    for (let px = 0; px <= 256; px++) {
      expect(deviceEdge(screen, 'x', 256 + px)).toBe(Math.round(x + (px * width) / 256))
    }
  })
})

describe('the level', () => {
  test.each([
    [8, 1, 0],
    [1, 1, 0],
    [0.51, 1, 0],
    [0.5, 1, 1],
    [0.37, 1, 1],
    [0.25, 1, 2],
    [0.02, 1, 5],
    [0.5, 2, 0],
    [0.25, 2, 1],
  ])('of zoom %d at %d device px a CSS px is %d', (zoom, ratio, level) => {
    expect(levelOf(screenAt(zoom, 0, 0, ratio))).toBe(level)
  })

  test('is that of 1/2 for what a division made of 1/2', () => {
    expect(levelOf(screenAt(0.49999999999))).toBe(1)
    expect(levelOf(screenAt(0.50000000001))).toBe(1)
  })

  test('has px of more than half a device px and at most one', () => {
    for (let zoom = 0.02; zoom < 1; zoom *= 1.07) {
      const px = zoom * 2 ** levelOf(screenAt(zoom))
      expect(px).toBeGreaterThan(0.49999)
      expect(px).toBeLessThan(1.00001)
    }
  })
})

describe('what is visible', () => {
  const canvas = { width: 1000, height: 700 }

  test('is the part of the canvas that any px of the viewport shows', () => {
    expect(visibleRect(screenAt(2, -101, 50), canvas)).toEqual({ x: 50, y: 0, width: 401, height: 275 })
  })

  test('is nothing where the canvas has been moved out of the viewport', () => {
    expect(visibleRect(screenAt(1, 800, 0), canvas)).toBeUndefined()
    expect(visibleRect(screenAt(1, 0, -700), canvas)).toBeUndefined()
    expect(viewRequest(screenAt(1, 0, -700), canvas)).toBeUndefined()
  })

  test('is asked for in whole tiles of its level, cut to the canvas', () => {
    expect(viewRequest(screenAt(1, -300, -10), canvas)).toEqual({
      level: 0,
      rect: { x: 256, y: 0, width: 744, height: 700 },
    })
    expect(viewRequest(screenAt(0.4, -300, 0), { width: 4000, height: 4000 })).toEqual({
      level: 1,
      rect: { x: 512, y: 0, width: 2560, height: 1536 },
    })
  })

  test('is asked for anew only when a pan comes to another tile', () => {
    const at = (x: number) => viewRequest(screenAt(1, x, 0), { width: 4000, height: 4000 })
    expect(at(-10)).toEqual(at(-200))
    expect(at(-10)).not.toEqual(at(-260))
  })
})
