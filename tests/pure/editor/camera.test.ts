/** The view of the canvas: what stays in place, where zooming rests, and that px meet px at whole zooms. */
import { describe, expect, it } from 'vitest'
import {
  type Camera,
  fit,
  pan,
  toCanvas,
  toScreen,
  zoomBy,
  zoomSnaps,
  zoomStep,
  zoomTo,
} from '../../../src/editor/camera.ts'
import { distance } from '../../../src/shared/geometry/point.ts'
import { randomNumbers } from './random.ts'

const home: Camera = { x: 0, y: 0, zoom: 1 }
const origin = { x: 0, y: 0 }

describe('the camera', () => {
  it('maps to the screen and back to the same point', () => {
    const camera = { x: 12.5, y: -7, zoom: 0.3 }
    const back = toCanvas(camera, toScreen(camera, { x: 91, y: 17 }))
    expect(back.x).toBeCloseTo(91, 9)
    expect(back.y).toBeCloseTo(17, 9)
    expect(toScreen({ x: 10, y: 20, zoom: 2 }, { x: 3, y: 4 })).toEqual({ x: 16, y: 28 })
  })

  it('keeps the canvas px under the pointer in place at any zoom, within half a px a side at whole ones', () => {
    const random = randomNumbers(3)
    for (let i = 0; i < 2000; i++) {
      const camera = { x: random() * 900 - 400, y: random() * 900 - 400, zoom: 0.02 * 3200 ** random() }
      const at = { x: random() * 1000, y: random() * 800 }
      const next = zoomTo(camera, random() < 0.3 ? 1 + Math.floor(random() * 8) : 0.02 * 3200 ** random(), at)
      const moved = distance(toScreen(next, toCanvas(camera, at)), at)
      expect(moved).toBeLessThan(Number.isInteger(next.zoom) ? Math.SQRT1_2 + 1e-6 : 1e-6)
    }
  })

  it('lies on whole px of the screen at whole zooms and moves smoothly at others', () => {
    expect(pan({ x: 0.4, y: 0.6, zoom: 1 }, { x: 10, y: 10 })).toEqual({ x: 10, y: 11, zoom: 1 })
    expect(pan({ x: 0.4, y: 0, zoom: 1.5 }, { x: 1, y: 0 })).toEqual({ x: 1.4, y: 0, zoom: 1.5 })
    const camera = zoomTo({ x: 3.3, y: 9.1, zoom: 0.7 }, 1, { x: 101.7, y: 33.2 })
    expect([camera.x % 1, camera.y % 1].map(Math.abs)).toEqual([0, 0])
  })

  it('stays within 2 % and 6400 %', () => {
    expect(zoomTo(home, 1e6, origin).zoom).toBe(64)
    expect(zoomTo(home, 0, origin).zoom).toBe(0.02)
    expect(zoomStep(zoomTo(home, 64, origin), 1, origin).zoom).toBe(64)
    expect(zoomStep(zoomTo(home, 0.02, origin), -1, origin).zoom).toBe(0.02)
  })
})

describe('zooming', () => {
  it('rests on a snap that it would pass and goes on from there by amounts of any size', () => {
    const passed = zoomBy({ ...home, zoom: 0.9 }, 1.2, origin)
    expect(passed.zoom).toBe(1)
    expect(zoomBy(passed, 1.01, origin).zoom).toBeCloseTo(1.01, 9)
    expect(zoomBy(passed, 1 / 1.01, origin).zoom).toBeCloseTo(1 / 1.01, 9)
    expect(zoomBy({ ...home, zoom: 1.1 }, 1 / 1.2, origin).zoom).toBe(1)
    expect(zoomBy({ ...home, zoom: 0.9 }, 3.5, origin).zoom).toBe(3)
    expect(zoomBy({ ...home, zoom: 3.2 }, 0.25, origin).zoom).toBe(1)
  })

  it('never goes the other way', () => {
    const random = randomNumbers(4)
    for (let i = 0; i < 1000; i++) {
      const camera = { ...home, zoom: 0.03 * 2000 ** random() }
      const factor = 0.5 * 4 ** random()
      const change = zoomBy(camera, factor, origin).zoom - camera.zoom
      expect(change * (factor - 1)).toBeGreaterThanOrEqual(0)
    }
  })

  it('visits every snap step by step, both ways', () => {
    const up = [home.zoom / 8]
    while (up.at(-1)! < 8) up.push(zoomStep({ ...home, zoom: up.at(-1)! }, 1, origin).zoom)
    expect(up).toEqual([0.125, ...zoomSnaps, 8])
    const down = [8]
    while (down.at(-1)! > 0.125) down.push(zoomStep({ ...home, zoom: down.at(-1)! }, -1, origin).zoom)
    expect(down).toEqual([...up].reverse())
    expect(zoomStep({ ...home, zoom: 1.2 }, 1, origin).zoom).toBe(1.5)
  })
})

describe('fit', () => {
  it('shows the whole rectangle in the middle with its padding', () => {
    const viewport = { width: 800, height: 600 }
    const rect = { x: 50, y: -20, width: 1000, height: 400 }
    const camera = fit(rect, viewport, 40)
    const [from, to] = [toScreen(camera, rect), toScreen(camera, { x: 1050, y: 380 })]
    expect(from.x).toBeCloseTo(40, 6)
    expect(to.x).toBeCloseTo(760, 6)
    expect(from.y + to.y).toBeCloseTo(600, 6)
    expect(from.y).toBeGreaterThan(40)
  })

  it('answers a camera within the limits for viewports smaller than the padding, and for empty rectangles', () => {
    expect(fit({ x: 0, y: 0, width: 100, height: 100 }, { width: 10, height: 10 }, 40).zoom).toBe(0.02)
    expect(fit({ x: 5, y: 5, width: 0, height: 0 }, { width: 100, height: 100 }, 0).zoom).toBe(64)
  })
})
