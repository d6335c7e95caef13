import { describe, expect, test } from 'vitest'
import { sourceOf } from '../../../src/renderer/src/canvas/drop.ts'
import { toRgba } from '../../../src/renderer/src/canvas/drawing.ts'
import { isSame } from '../../../src/renderer/src/canvas/same.ts'
import { type Disc, type Tracer, traceSwept } from '../../../src/renderer/src/canvas/swept-path.ts'

/** Writes down the figures that are traced: discs, and quadrilaterals with twice their signed area. */
function traced(discs: readonly Disc[]) {
  const found = { discs: 0, areas: [] as number[] }
  let corners: { x: number; y: number }[] = []
  const tracer: Tracer = {
    moveTo: (x, y) => (corners = [{ x, y }]),
    lineTo: (x, y) => corners.push({ x, y }),
    arc: () => found.discs++,
    closePath() {
      if (corners.length < 4) return
      const area = corners.reduce((sum, a, i) => {
        const b = corners[(i + 1) % corners.length]!
        return sum + a.x * b.y - b.x * a.y
      }, 0)
      found.areas.push(area)
    },
  }
  traceSwept(tracer, discs)
  return found
}

describe('the outline of a brush', () => {
  test('is a disc for a point, and a bridge to each next one', () => {
    expect(traced([{ x: 0, y: 0, radius: 5 }])).toEqual({ discs: 1, areas: [] })
    const { discs, areas } = traced([0, 10, 20].map((x) => ({ x, y: 0, radius: 5 })))
    expect(discs).toBe(3)
    expect(areas.map(Math.abs)).toEqual([200, 200])
  })

  test('walks all bridges the same way around, wherever they lead, so that filling leaves no hole', () => {
    const star = Array.from({ length: 16 }, (_, i) => ({
      x: 40 * Math.cos(i * 2.4),
      y: 40 * Math.sin(i * 2.4),
      radius: 3 + (i % 4),
    }))
    const { areas } = traced(star)
    expect(areas).toHaveLength(15)
    // As arcs go: clockwise on screen is a positive area where y points down.
    for (const area of areas) expect(area).toBeGreaterThan(0)
  })

  test('leaves out points that nobody could tell apart, but never the last one', () => {
    const close = Array.from({ length: 100 }, (_, i) => ({ x: i * 0.01, y: 0, radius: 4 }))
    expect(traced(close).discs).toBe(3)
    expect(traced([close[0]!, close[0]!]).areas).toEqual([])
  })
})

describe('a dropped file', () => {
  const file = { name: 'a.png', arrayBuffer: () => Promise.resolve(Uint8Array.of(1, 2).buffer) }

  test('is told by its path where there is one, else by its bytes', async () => {
    expect(await sourceOf(file, '/tmp/a.png')).toEqual({ kind: 'path', path: '/tmp/a.png' })
    expect(await sourceOf(file, '')).toEqual({ kind: 'bytes', name: 'a.png', bytes: Uint8Array.of(1, 2) })
  })

  test('that cannot be read is told without bytes, to be refused by its name', async () => {
    const folder = { name: 'folder', arrayBuffer: () => Promise.reject(new Error('not a file')) }
    expect(await sourceOf(folder, '')).toEqual({ kind: 'bytes', name: 'folder', bytes: new Uint8Array() })
  })
})

describe('pixels as RGBA', () => {
  const rgba = (channels: 1 | 3 | 4, data: number[]) => [
    ...toRgba({ width: 2, height: 1, channels, data: Uint8Array.from(data) }),
  ]

  test('are grey, coloured, or as they are', () => {
    expect(rgba(1, [7, 9])).toEqual([7, 7, 7, 255, 9, 9, 9, 255])
    expect(rgba(3, [1, 2, 3, 4, 5, 6])).toEqual([1, 2, 3, 255, 4, 5, 6, 255])
    expect(rgba(4, [1, 2, 3, 4, 5, 6, 7, 8])).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('are as opaque as a mask is strong, stretched over them', () => {
    const pixels = { width: 4, height: 2, channels: 1, data: new Uint8Array(8).fill(9) } as const
    const mask = { width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 255) } as const
    expect([...toRgba(pixels, mask)].filter((_, i) => i % 4 === 3)).toEqual([0, 0, 255, 255, 0, 0, 255, 255])
    const half = { ...pixels, width: 1, height: 1, channels: 4, data: Uint8Array.of(1, 2, 3, 100) } as const
    expect([...toRgba(half, { ...mask, width: 1, data: Uint8Array.of(128) })]).toEqual([1, 2, 3, 50])
  })

  test('are the same strip by strip as at once', () => {
    const data = Uint8Array.from({ length: 5 * 7 * 3 }, (_, i) => (i * 37) % 256)
    const pixels = { width: 5, height: 7, channels: 3, data } as const
    const mask = { width: 3, height: 4, channels: 1, data: Uint8Array.from({ length: 12 }, (_, i) => i * 20) } as const
    const strips = [0, 3, 6].flatMap((top) => [...toRgba(pixels, mask, top, Math.min(7, top + 3))])
    expect(strips).toEqual([...toRgba(pixels, mask)])
  })
})

describe('sameness', () => {
  test('is of what values say, not of which objects they are', () => {
    expect(isSame({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBe(true)
    expect(isSame({ a: [1, 2] }, { a: [1] })).toBe(false)
    expect(isSame({ a: 1 }, { a: 1, b: 2 })).toBe(false)
    expect(isSame({ a: 1 }, { b: 1 })).toBe(false)
    expect(isSame(null, {})).toBe(false)
    expect(isSame([], {})).toBe(false)
  })

  test('of bytes is that they are the same array', () => {
    const bytes = new Uint8Array(4)
    expect(isSame({ bytes }, { bytes })).toBe(true)
    expect(isSame({ bytes }, { bytes: new Uint8Array(4) })).toBe(false)
  })
})
