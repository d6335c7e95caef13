/** Strokes as coverage: their shape, what pressure does, and that painting live gives what painting at once gives. */
import { describe, expect, it } from 'vitest'
import { flipHorizontally, flipVertically } from '../../../src/raster/turn.ts'
import { type Brush, StrokeBuilder, type StrokePoint } from '../../../src/raster/stroke.ts'
import { strokeCoverage } from './whole-stroke.ts'
import type { Rect } from '../../../src/shared/geometry/rect.ts'
import { randomInts } from './random.ts'

const clip: Rect = { x: -300, y: -300, width: 900, height: 700 }
const brush: Brush = { size: 20, hardness: 1, spacing: 0.1, pressure: { size: false, opacity: false } }

const point = (x: number, y: number, pressure = 1): StrokePoint => ({ x, y, pressure })

function draw(points: readonly StrokePoint[], more: Partial<Brush> = {}): Uint8Array {
  const builder = new StrokeBuilder({ ...brush, ...more }, clip)
  for (const next of points) builder.add(next)
  return builder.read(clip)
}

const at = (coverage: Uint8Array, x: number, y: number): number => coverage[(y - clip.y) * clip.width + x - clip.x]!
const sum = (coverage: Uint8Array): number => coverage.reduce((total, value) => total + value, 0) / 255

function randomStroke(seed: number, count: number): StrokePoint[] {
  const int = randomInts(seed)
  return Array.from({ length: count }, () => point(int(3000) / 10 - 100, int(2000) / 10 - 100, int(101) / 100))
}

describe('a dab', () => {
  it.each([0, 0.3, 1])('of hardness %f is the same in a mirror and upside down', (hardness) => {
    for (const [size, x, y] of [
      [9, 3.5, 4.5],
      [12.5, 7, 7],
      [40, 10, 11.5],
    ] as const) {
      const { bounds, coverage } = strokeCoverage([point(x, y)], { ...brush, size, hardness }, clip)!
      const inner = { x: 2 * x - bounds.x - bounds.width, y: 2 * y - bounds.y - bounds.height }
      const square = new StrokeBuilder({ ...brush, size, hardness }, clip)
      square.add(point(x, y))
      const around = { x: bounds.x - 2, y: bounds.y - 2, width: bounds.width + 4, height: bounds.height + 4 }
      const seen = { ...around, channels: 1 as const, data: square.read(around) }
      const mirrored = square.read({ ...around, x: inner.x - 2 })
      expect(flipHorizontally(seen).data).toEqual(mirrored)
      expect(flipVertically(seen).data).toEqual(square.read({ ...around, y: inner.y - 2 }))
      expect(sum(coverage)).toBeGreaterThan(0)
    }
  })

  it.each([5, 20, 33.25, 100])('of hardness 1 and size %f covers the area of its disc', (size) => {
    const area = Math.PI * (size / 2) ** 2
    for (const [x, y] of [
      [0, 0],
      [3.5, 7.25],
    ] as const) {
      expect(Math.abs(sum(draw([point(x, y)], { size })) / area - 1)).toBeLessThan(0.012)
    }
  })

  it('is full to the share of the radius that is its hardness, falls off from there and ends at the radius', () => {
    const coverage = draw([point(0.5, 0.5)], { size: 100, hardness: 0.5 })
    expect(at(coverage, 24, 0)).toBe(255)
    expect(at(coverage, 37, 0)).toBeGreaterThan(110)
    expect(at(coverage, 37, 0)).toBeLessThan(145)
    expect(at(coverage, 51, 0)).toBe(0)
    for (let x = 25; x < 51; x++) expect(at(coverage, x, 0)).toBeLessThanOrEqual(at(coverage, x - 1, 0))
  })

  it('of one px in the middle of a px is that px, and thins below that size', () => {
    const single = strokeCoverage([point(5.5, -2.5)], { ...brush, size: 1 }, clip)!
    expect(sum(single.coverage)).toBe(1)
    expect(at(draw([point(5.5, -2.5)], { size: 1 }), 5, -3)).toBe(255)
    expect(at(draw([point(5.5, -2.5)], { size: 0.5 }), 5, -3)).toBe(128)
  })
})

describe('a stroke', () => {
  it('is the maximum of its dabs and never their sum', () => {
    const once = draw([point(0, 0), point(100, 0)], { hardness: 0.2 })
    const twice = draw([point(0, 0), point(100, 0), point(0, 0)], { hardness: 0.2, spacing: 0.05 })
    const dab = draw([point(50, 0)], { hardness: 0.2 })
    for (let y = -12; y < 12; y++) {
      // Between two dabs the edge of a soft stroke dips a little.
      expect(Math.abs(at(twice, 50, y) - at(once, 50, y))).toBeLessThanOrEqual(8)
      expect(at(once, 50, y)).toBeGreaterThanOrEqual(at(dab, 50, y) - 8)
    }
    const weak = draw(
      randomStroke(3, 30).map((p) => ({ ...p, pressure: 0.4 })),
      {
        pressure: { size: false, opacity: true },
      },
    )
    expect(weak.reduce((most, value) => Math.max(most, value), 0)).toBe(102)
  })

  it('has a dab every so many diameters, however its points lie', () => {
    const spaced = { size: 10, spacing: 2 }
    const straight = draw([point(0, 0), point(100, 0)], spaced)
    const pieces = draw([point(0, 0), point(7, 0), point(13, 0), point(51, 0), point(100, 0)], spaced)
    expect(pieces).toEqual(straight)
    for (let x = 0; x <= 100; x += 20) expect(at(straight, x, 0)).toBe(255)
    for (let x = 10; x <= 100; x += 20) expect(at(straight, x, 0)).toBe(0)
  })

  it('grows thinner and weaker with less pressure, as the brush says', () => {
    const points = [point(0, 0, 1), point(200, 0, 0)]
    const thinner = draw(points, { pressure: { size: true, opacity: false } })
    const weaker = draw(points, { pressure: { size: false, opacity: true } })
    const width = (coverage: Uint8Array, x: number): number => {
      let total = 0
      for (let y = -15; y < 15; y++) total += at(coverage, x, y) / 255
      return total
    }
    expect(width(thinner, 100)).toBeGreaterThan(9.5)
    expect(width(thinner, 100)).toBeLessThan(11.5)
    expect(at(thinner, 100, 0)).toBe(255)
    expect(at(weaker, 100, 0)).toBeGreaterThan(127)
    expect(at(weaker, 100, 0)).toBeLessThan(142)
    expect(at(weaker, 100, 8)).toBeGreaterThan(127)
    expect(
      strokeCoverage([point(0, 0, 0)], { ...brush, pressure: { size: true, opacity: false } }, clip),
    ).toBeUndefined()
  })

  it('drawn point by point tells a rectangle around every px that a point has changed', () => {
    const soft = { ...brush, hardness: 0.4, pressure: { size: true, opacity: true } }
    const builder = new StrokeBuilder(soft, clip)
    let before = builder.read(clip)
    let changes = 0
    for (const next of randomStroke(5, 25)) {
      const dirty = builder.add(next)
      const after = builder.read(clip)
      for (let i = 0; i < after.length; i++) {
        if (after[i] === before[i]) continue
        changes++
        const [x, y] = [(i % clip.width) + clip.x, Math.floor(i / clip.width) + clip.y]
        const inside =
          dirty !== undefined && x >= dirty.x && y >= dirty.y && x < dirty.x + dirty.width && y < dirty.y + dirty.height
        if (!inside) expect.fail(`(${x}, ${y}) changed outside of ${JSON.stringify(dirty)}`)
      }
      before = after
    }
    expect(changes).toBeGreaterThan(1000)
  })

  it('tells the rectangle of each dab, which hold every px, and the tiles that it has been in', () => {
    const builder = new StrokeBuilder({ ...brush, size: 12 }, clip)
    const dabs: Rect[] = []
    const points = [point(-200, -200), point(500, 300)]
    for (const next of points) builder.add(next, (touched) => dabs.push(touched))
    const coverage = builder.read(clip)
    const outside = new Uint8Array(coverage)
    for (const { x, y, width, height } of dabs) {
      for (let row = y; row < y + height; row++) {
        const from = (row - clip.y) * clip.width + x - clip.x
        outside.fill(0, from, from + width)
      }
    }
    expect(sum(coverage)).toBeGreaterThan(1000)
    expect(sum(outside)).toBe(0)
    expect(dabs.length).toBeGreaterThan(500)
    const keys = ['-1,-1', '0,-1', '-1,0', '0,0', '1,0', '1,1', '2,2']
    expect(keys.filter((key) => builder.has(key))).toEqual(['-1,-1', '0,-1', '0,0', '1,0', '1,1'])
  })

  it('drawn point by point equals the whole, read as a whole and in parts', () => {
    const points = randomStroke(6, 40)
    const soft = { ...brush, size: 31, hardness: 0.6, pressure: { size: true, opacity: false } }
    const whole = strokeCoverage(points, soft, clip)!
    const builder = new StrokeBuilder(soft, clip)
    // Coverage collected from the dirty rectangles alone, as a canvas does.
    const screen = new Uint8Array(clip.width * clip.height)
    for (const next of points) {
      const dirty = builder.add(next)
      if (dirty === undefined) continue
      const part = builder.read(dirty)
      for (let y = 0; y < dirty.height; y++) {
        screen.set(
          part.subarray(y * dirty.width, (y + 1) * dirty.width),
          (dirty.y + y - clip.y) * clip.width + dirty.x - clip.x,
        )
      }
    }
    expect(builder.bounds).toEqual(whole.bounds)
    expect(builder.read(whole.bounds)).toEqual(whole.coverage)
    expect(Buffer.compare(screen, builder.read(clip))).toBe(0)
  })

  it('leaves what lies outside of its clip untouched', () => {
    const narrow = { x: 0, y: 0, width: 5, height: 300 }
    const points = [point(0, 10), point(40, 10)]
    const builder = new StrokeBuilder(brush, clip)
    for (const next of points) builder.add(next)
    const { bounds, coverage } = strokeCoverage(points, brush, narrow)!
    expect(bounds).toMatchObject({ x: 0, y: 0, width: 5 })
    expect(coverage).toEqual(builder.read(bounds))
    expect(strokeCoverage([point(100, 10)], brush, narrow)).toBeUndefined()
  })
})
