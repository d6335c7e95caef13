/** Shapes, set operations, growth, feather and outlines of selections against brute force. */
import { describe, expect, it } from 'vitest'
import { blurMask } from '../../../src/raster/box-blur.ts'
import { invertMask, rectMask } from '../../../src/raster/mask.ts'
import { combineSelections, featherSelection, growSelection, shrinkSelection } from '../../../src/raster/selection.ts'
import { selectionEdges } from '../../../src/raster/selection-edges.ts'
import { ellipseCoverage, polygonCoverage, rectCoverage } from '../../../src/raster/selection-shapes.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import type { Rect } from '../../../src/shared/geometry/rect.ts'
import { randomInts, randomMask } from './random.ts'

const region: Rect = { x: -7, y: 3, width: 29, height: 23 }

/** Share of 40 x 40 places in each px that are inside. */
function sampled(inside: (x: number, y: number) => boolean): number[] {
  const steps = 40
  return Array.from({ length: region.width * region.height }, (_, i) => {
    let count = 0
    for (let s = 0; s < steps * steps; s++) {
      const x = region.x + (i % region.width) + ((s % steps) + 0.5) / steps
      const y = region.y + Math.floor(i / region.width) + (Math.floor(s / steps) + 0.5) / steps
      if (inside(x, y)) count++
    }
    return (255 * count) / (steps * steps)
  })
}

const worst = (a: Uint8Array, b: readonly number[]): number => Math.max(...b.map((value, i) => Math.abs(value - a[i]!)))

/** Crossing count of a ray to the right. */
function isInPolygon(points: readonly { x: number; y: number }[], x: number, y: number): boolean {
  return points.reduce((inside, a, i) => {
    const b = points[(i + 1) % points.length]!
    const crosses = a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)
    return crosses ? !inside : inside
  }, false)
}

describe('shapes', () => {
  it('a rectangle covers each px by exactly the part of it inside', () => {
    const rect = { x: -2.25, y: 4.5, width: 10.75, height: 30 }
    const coverage = rectCoverage(region, rect)
    expect(
      worst(
        coverage.data,
        sampled((x, y) => x > -2.25 && x < 8.5 && y > 4.5),
      ),
    ).toBeLessThan(0.51)
    expect(rectCoverage(region, { x: 0, y: 5, width: 4, height: 3 })).toEqual(
      rectMask(region, { x: 7, y: 2, width: 4, height: 3 }),
    )
  })

  it('an ellipse agrees with samples, also where it sticks out of the region', () => {
    for (const box of [
      { x: -5, y: 5, width: 22, height: 15 },
      { x: 3.3, y: -8.6, width: 40, height: 21.2 },
    ]) {
      const [rx, ry] = [box.width / 2, box.height / 2]
      const inside = (x: number, y: number): boolean => ((x - box.x - rx) / rx) ** 2 + ((y - box.y - ry) / ry) ** 2 < 1
      expect(worst(ellipseCoverage(region, box).data, sampled(inside))).toBeLessThan(6)
    }
    expect(ellipseCoverage(region, { x: 0, y: 8, width: 5, height: 0 }).data.every((value) => value === 0)).toBe(true)
  })

  it('a lasso agrees with samples, crossing itself and leaving the region', () => {
    const int = randomInts(4)
    for (let round = 0; round < 8; round++) {
      const points = Array.from({ length: 3 + int(6) }, () => ({ x: int(400) / 10 - 12, y: int(400) / 10 - 4 }))
      const coverage = polygonCoverage(region, points)
      expect(
        worst(
          coverage.data,
          sampled((x, y) => isInPolygon(points, x, y)),
        ),
      ).toBeLessThan(16)
    }
  })

  it('a lasso of whole px is sharp, and what it encloses twice is outside', () => {
    const square = [
      { x: 0, y: 5 },
      { x: 10, y: 5 },
      { x: 10, y: 15 },
      { x: 0, y: 15 },
    ]
    expect(polygonCoverage(region, square)).toEqual(rectCoverage(region, { x: 0, y: 5, width: 10, height: 10 }))
    expect(polygonCoverage(region, [...square, ...square]).data.every((value) => value === 0)).toBe(true)
    expect(polygonCoverage(region, square.slice(0, 2)).data.every((value) => value === 0)).toBe(true)
  })
})

describe('combineSelections', () => {
  const a = randomMask(1, 20, 20, 70)
  const b = randomMask(2, 20, 20, 70)

  it('adds, subtracts and intersects px by px', () => {
    const [old, shape] = [Uint8Array.of(0, 100, 255, 255, 40), Uint8Array.of(50, 200, 255, 55, 0)]
    const row = (data: Uint8Array): Pixels => ({ width: 5, height: 1, channels: 1, data })
    const combined = (how: 'add' | 'subtract' | 'intersect'): number[] => [
      ...combineSelections(row(old), row(shape), how).data,
    ]
    expect(combined('add')).toEqual([50, 200, 255, 255, 40])
    expect(combined('subtract')).toEqual([0, 55, 0, 200, 40])
    expect(combined('intersect')).toEqual([0, 100, 255, 55, 0])
  })

  it('subtracts what intersecting with the inverse leaves, and inverts as De Morgan says', () => {
    expect(combineSelections(a, b, 'subtract')).toEqual(combineSelections(a, invertMask(b), 'intersect'))
    expect(invertMask(combineSelections(a, b, 'add'))).toEqual(
      combineSelections(invertMask(a), invertMask(b), 'intersect'),
    )
  })
})

describe('growing and shrinking', () => {
  it('follow the distance to the nearest px that is in by half, by brute force', () => {
    const int = randomInts(9)
    for (let seed = 0; seed < 40; seed++) {
      const mask = randomMask(seed, 3 + int(14), 3 + int(14), 1 + int(12))
      const px = 0.5 + int(12) / 2
      const grown = growSelection(mask, px).data
      mask.data.forEach((value, i) => {
        let nearest = Number.POSITIVE_INFINITY
        mask.data.forEach((other, j) => {
          if (other < 128) return
          const x = (i % mask.width) - (j % mask.width)
          const y = Math.floor(i / mask.width) - Math.floor(j / mask.width)
          nearest = Math.min(nearest, Math.hypot(x, y))
        })
        const want = Math.max(value, Math.round(255 * Math.min(1, Math.max(0, px + 1 - nearest))))
        expect(Math.abs(grown[i]! - want), `seed ${seed}`).toBeLessThanOrEqual(1)
      })
    }
  })

  it('move straight edges by just so many px', () => {
    const size = { width: 40, height: 30 }
    const mask = rectMask(size, { x: 10, y: 10, width: 12, height: 9 })
    const middle = (grown: Pixels): number[] => [...grown.data.subarray(14 * 40, 15 * 40)]
    expect(middle(growSelection(mask, 3))).toEqual(middle(rectMask(size, { x: 7, y: 0, width: 18, height: 30 })))
    expect(shrinkSelection(mask, 3)).toEqual(rectMask(size, { x: 13, y: 13, width: 6, height: 3 }))
  })

  it('leave nothing and everything as they are, and do not eat in from the border', () => {
    const none = rectMask({ width: 9, height: 9 }, { x: 0, y: 0, width: 0, height: 0 })
    const half = rectMask({ width: 9, height: 9 }, { x: 0, y: 0, width: 5, height: 9 })
    expect(growSelection(none, 4)).toEqual(none)
    expect(shrinkSelection(invertMask(none), 4)).toEqual(invertMask(none))
    expect(shrinkSelection(half, 2)).toEqual(rectMask({ width: 9, height: 9 }, { x: 0, y: 0, width: 3, height: 9 }))
  })
})

describe('feathering', () => {
  it.each([1, 2.5, 6, 20])('by %f px spreads a point as a gaussian of half that sigma', (px) => {
    const side = 121
    const mask: Pixels = { width: side, height: side, channels: 1, data: new Uint8Array(side * side) }
    // A wide bar instead of a point, whose edge shows the integral of the kernel in 255 steps.
    for (let i = 0; i < mask.data.length; i++) mask.data[i] = i % side < 60 ? 255 : 0
    const row = featherSelection(mask, px).data.subarray(60 * side, 61 * side)
    let [variance, total] = [0, 0]
    for (let x = 1; x < side; x++) {
      const mass = row[x - 1]! - row[x]!
      total += mass
      variance += mass * (x - 60) ** 2
    }
    expect(total).toBe(255)
    expect(Math.abs(Math.sqrt(variance / total) / (px / 2) - 1)).toBeLessThan(0.03)
    expect(row[59]! + row[60]!).toBe(255)
  })

  it('agrees with a gaussian kernel within 2 percent', () => {
    const mask = randomMask(5, 40, 36, 50)
    const sigma = 3
    const weights = Array.from({ length: 41 }, (_, i) => Math.exp(-((i - 20) ** 2) / (2 * sigma * sigma)))
    const total = weights.reduce((a, b) => a + b, 0)
    const blurred = blurMask(mask, sigma).data
    for (let y = 0; y < 36; y += 5) {
      for (let x = 0; x < 40; x += 3) {
        let want = 0
        for (let j = -20; j <= 20; j++) {
          for (let i = -20; i <= 20; i++) {
            const at = Math.min(Math.max(y + j, 0), 35) * 40 + Math.min(Math.max(x + i, 0), 39)
            want += mask.data[at]! * weights[j + 20]! * weights[i + 20]!
          }
        }
        expect(Math.abs(blurred[y * 40 + x]! - want / total ** 2)).toBeLessThan(5)
      }
    }
  })

  it('by 0 px changes nothing, and a full selection stays full to the border', () => {
    const mask = randomMask(5, 20, 20, 50)
    expect(featherSelection(mask, 0)).toEqual(mask)
    const full = rectMask({ width: 20, height: 8 }, { x: 0, y: 0, width: 20, height: 8 })
    expect(featherSelection(full, 9)).toEqual(full)
  })
})

describe('selectionEdges', () => {
  it('has every border between in and out once, with what is selected on the right', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { width, height, data } = randomMask(seed, 9, 7, 50)
      const isIn = (x: number, y: number): boolean =>
        x >= 0 && y >= 0 && x < width && y < height && data[y * width + x]! >= 100
      const want: string[] = []
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          if (!isIn(x, y)) continue
          if (!isIn(x, y - 1)) want.push(`${x},${y} ${x + 1},${y}`)
          if (!isIn(x, y + 1)) want.push(`${x + 1},${y + 1} ${x},${y + 1}`)
          if (!isIn(x + 1, y)) want.push(`${x + 1},${y} ${x + 1},${y + 1}`)
          if (!isIn(x - 1, y)) want.push(`${x},${y + 1} ${x},${y}`)
        }
      }
      const steps = selectionEdges({ width, height, channels: 1, data }, 100).flatMap(({ x1, y1, x2, y2 }) => {
        const [dx, dy] = [Math.sign(x2 - x1), Math.sign(y2 - y1)]
        return Array.from(
          { length: Math.abs(x2 - x1) + Math.abs(y2 - y1) },
          (_, i) => `${x1 + i * dx},${y1 + i * dy} ${x1 + (i + 1) * dx},${y1 + (i + 1) * dy}`,
        )
      })
      expect(steps.sort(), `seed ${seed}`).toEqual(want.sort())
    }
  })

  it('joins px into runs: a rectangle has four', () => {
    const mask = rectMask({ width: 100, height: 80 }, { x: 20, y: 0, width: 80, height: 50 })
    expect(selectionEdges(mask, 128)).toEqual([
      { x1: 20, y1: 0, x2: 100, y2: 0 },
      { x1: 100, y1: 50, x2: 20, y2: 50 },
      { x1: 20, y1: 50, x2: 20, y2: 0 },
      { x1: 100, y1: 0, x2: 100, y2: 50 },
    ])
  })
})
