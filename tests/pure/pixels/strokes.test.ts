/** Live strokes: what is on screen while they are drawn is what stays, byte for byte, and what was there before comes back. */
import { describe, expect, it } from 'vitest'
import {
  addGroup,
  addMaskLayer,
  addRasterLayer,
  History,
  removeLayers,
  setBlendMode,
  setIsolated,
  setLayerMask,
  setOpacity,
  setSelection,
  setVisible,
} from '../../../src/document/index.ts'
import type { StrokePoint, Target } from '../../../src/editor/index.ts'
import { eraseCoverage, paintCoverage } from '../../../src/raster/paint.ts'
import { strokeCoverage } from '../raster/whole-stroke.ts'
import type { OperationResult, StrokeStart } from '../../../src/renderer/src/pixels/pixels-api.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { randomInts } from '../raster/random.ts'
import { farthest, isSame, sha256, TestPage } from './page.ts'
import { flat, noise, opaque, picture } from './scenes.ts'

const size = { width: 600, height: 420 }
const brush = { size: 60, hardness: 0.7, spacing: 0.1, opacity: 0.8, pressure: { size: true, opacity: false } }

const startOn = (target: Target, more: Partial<StrokeStart> = {}): StrokeStart => ({
  target,
  paint: 'colour',
  brush,
  colour: [200, 30, 90],
  ...more,
})

const wave: readonly StrokePoint[] = Array.from({ length: 12 }, (_, i) => ({
  x: 40 + i * 45,
  y: 200 + 120 * Math.sin(i),
  pressure: 0.6 + 0.4 * Math.cos(i),
}))

/** Draws it in a few messages; the display has it all when this is over. */
async function draw(page: TestPage, start: StrokeStart, points: readonly StrokePoint[] = wave): Promise<void> {
  await page.engine.beginStroke(start)
  for (let i = 0; i < points.length; i += 3) {
    await page.engine.extendStroke({ points: points.slice(i, i + 3) })
    await page.settle()
  }
}

/** Three layers and two groups; the middle layer is in both. */
async function nested(): Promise<{ page: TestPage; outer: string; inner: string; layer: string }> {
  const page = new TestPage(size)
  page.addLayer(opaque(1, 600, 420))
  const outer = addGroup(page.store, { place: { parent: null } })
  const inner = addGroup(page.store, { place: { parent: outer } })
  addRasterLayer(page.store, {
    place: { parent: outer, at: 'bottom' },
    surface: page.surface(picture(2, 300, 300), 50, 0),
  })
  const layer = addRasterLayer(page.store, {
    place: { parent: inner },
    surface: page.surface(picture(3, 500, 350), 20, 30),
  })
  addRasterLayer(page.store, { place: { parent: inner }, surface: page.surface(picture(4, 200, 350), 250, 30) })
  const top = page.addLayer(picture(5, 400, 200), 0, 200)
  setBlendMode(page.store, top, 'overlay')
  setOpacity(page.store, top, 0.6)
  await page.open()
  return { page, outer, inner, layer }
}

describe('a live stroke at level 0', () => {
  const specks = (page: TestPage) => page.surface(noise(8, 500, 300), 30, 30)
  type Case = [name: string, (scene: Awaited<ReturnType<typeof nested>>) => Partial<StrokeStart> & { part?: 'mask' }]

  it.each<Case>([
    ['on a layer', () => ({})],
    ['that erases', () => ({ paint: 'erase' })],
    ['with a large soft brush', () => ({ brush: { ...brush, size: 300, hardness: 0 } })],
    [
      'inside a selection',
      ({ page }) => {
        setSelection(page.store, 'Select', specks(page))
        return {}
      },
    ],
    [
      'in a group that is blended as a whole',
      ({ page, outer }) => {
        setIsolated(page.store, outer, true)
        setBlendMode(page.store, outer, 'multiply')
        return {}
      },
    ],
    [
      'in groups that pass through, with a mode of its own',
      ({ page, outer, inner, layer }) => {
        setIsolated(page.store, outer, false)
        setIsolated(page.store, inner, false)
        setBlendMode(page.store, layer, 'color-burn')
        return {}
      },
    ],
    [
      'below layers that are all normal, drawn over and over',
      ({ page, outer, inner }) => {
        setIsolated(page.store, outer, false)
        setIsolated(page.store, inner, false)
        setBlendMode(page.store, [...page.store.records.keys()].at(-1) ?? '', 'normal')
        return { brush: { ...brush, size: 400, hardness: 0 } }
      },
    ],
    [
      'on a layer under a mask',
      ({ page, layer }) => {
        setLayerMask(page.store, layer, { surface: specks(page), enabled: true })
        return {}
      },
    ],
    [
      'on a mask',
      ({ page, layer }) => {
        setLayerMask(page.store, layer, { surface: specks(page), enabled: true })
        return { part: 'mask' }
      },
    ],
    [
      'that erases a mask inside a selection',
      ({ page, layer }) => {
        setLayerMask(page.store, layer, { surface: specks(page), enabled: true })
        setSelection(page.store, 'Select', page.surface(flat(200, 500, [160]), 100, 0))
        return { part: 'mask', paint: 'erase' }
      },
    ],
    [
      'on a layer that is hidden',
      ({ page, layer }) => {
        setVisible(page.store, layer, false)
        return {}
      },
    ],
  ])('%s shows what stays, with no flicker in between', async (_, prepare) => {
    const scene = await nested()
    const { page, layer } = scene
    const { part = 'pixels', ...more } = prepare(scene)
    await page.settle()
    await draw(page, startOn({ layer, part }, more))
    const live = page.shown()
    const before = page.events.length
    const result = await page.engine.endStroke({ keep: true })
    await page.settle()
    expect(isSame(page.shown(), live)).toBe(true)
    expect(Object.keys(result.changes)).toHaveLength(1)
    page.commit(result)
    await page.settle()
    expect(page.patches(before)).toEqual([])
    expect(isSame(page.shown(), page.truth())).toBe(true)
  })

  it('on the mask of a group shows what stays', async () => {
    const { page, outer } = await nested()
    setLayerMask(page.store, outer, { surface: page.surface(noise(8, 600, 400)), enabled: true })
    await page.settle()
    await draw(page, startOn({ layer: outer, part: 'mask' }))
    const live = page.shown()
    page.commit(await page.engine.endStroke({ keep: true }))
    await page.settle()
    expect(isSame(page.shown(), live)).toBe(true)
    expect(isSame(page.shown(), page.truth())).toBe(true)
  })

  it('on a mask layer is seen through the overlay', async () => {
    const { page } = await nested()
    const mask = addMaskLayer(page.store, { surface: page.flatSurface([255], 2, 2), place: { parent: null } })
    const target: Target = { layer: mask, part: 'pixels' }
    await page.engine.overlay({ show: target })
    await page.settle()
    const before = page.shown()
    await draw(page, startOn(target, { paint: 'erase' }))
    const live = page.shown()
    expect(isSame(live, before)).toBe(false)
    page.commit(await page.engine.endStroke({ keep: true }))
    await page.settle()
    expect(isSame(page.shown(), live)).toBe(true)
  })

  it('sends no more than what it has touched', async () => {
    const { page, layer } = await nested()
    const target: Target = { layer, part: 'pixels' }
    await page.engine.beginStroke(startOn(target, { brush: { ...brush, size: 20 } }))
    const before = page.events.length
    await page.engine.extendStroke({ points: [{ x: 100, y: 100, pressure: 1 }] })
    await page.settle()
    const [patch, ...others] = page.patches(before)
    expect(others).toEqual([])
    expect(patch).toMatchObject({ level: 0, column: 0, row: 0 })
    expect(patch?.x).toBeGreaterThanOrEqual(88)
    expect((patch?.x ?? 0) + (patch?.width ?? 0)).toBeLessThanOrEqual(113)
    // A long slanted stretch is sent as several parts, far less than the tile.
    const middle = page.events.length
    await page.engine.extendStroke({ points: [{ x: 250, y: 250, pressure: 1 }] })
    await page.settle()
    const area = page.patches(middle).reduce((sum, { width, height }) => sum + width * height, 0)
    expect(area).toBeLessThan(0.6 * 160 * 160)
    page.commit(await page.engine.endStroke({ keep: true }))
    await page.settle()
    expect(isSame(page.shown(), page.truth())).toBe(true)
  })

  it('that is dropped was never there', async () => {
    const { page, layer } = await nested()
    const before = page.shown()
    await draw(page, startOn({ layer, part: 'pixels' }))
    expect(isSame(page.shown(), before)).toBe(false)
    const result = await page.engine.endStroke({ keep: false })
    await page.settle()
    expect(result).toEqual({ changes: [], picture: {}, surface: null })
    expect(isSame(page.shown(), before)).toBe(true)
  })

  it('follows the document when that changes under it', async () => {
    const { page, layer } = await nested()
    const history = new History(page.store)
    const target: Target = { layer, part: 'pixels' }
    await page.operate({ do: 'fill', target, colour: [9, 9, 9] })
    await draw(page, startOn(target))
    await history.undo()
    await page.settle()
    const live = page.shown()
    page.commit(await page.engine.endStroke({ keep: true }))
    await page.settle()
    expect(isSame(page.shown(), live)).toBe(true)
    expect(isSame(page.shown(), page.truth())).toBe(true)
  })

  it('ends when its layer goes', async () => {
    const { page, layer } = await nested()
    await draw(page, startOn({ layer, part: 'pixels' }))
    removeLayers(page.store, [layer])
    await page.settle()
    expect(isSame(page.shown(), page.truth())).toBe(true)
    await page.engine.extendStroke({ points: wave })
    expect((await page.engine.endStroke({ keep: true })).changes).toEqual([])
  })
})

describe('a live stroke at a higher level', () => {
  it.each([1, 2])('(%i) is close to what stays, which is then drawn exactly', async (level) => {
    const { page, layer } = await nested()
    await page.look(level)
    await draw(page, startOn({ layer, part: 'pixels' }))
    const live = page.shown(level)
    page.commit(await page.engine.endStroke({ keep: true }))
    await page.settle()
    const exact = page.shown(level)
    const far = live.data.reduce((sum, value, i) => sum + Math.abs(value - exact.data[i]!), 0) / live.data.length
    expect(far).toBeLessThan(0.5)
    const again = await reopened(page, level)
    expect(isSame(exact, again)).toBe(true)
  })

  it('goes along when the level changes under it', async () => {
    const { page, layer } = await nested()
    await page.look(1)
    await page.look(0)
    await draw(page, startOn({ layer, part: 'pixels' }))
    await page.look(1)
    const atHalf = page.shown(1)
    await page.look(0)
    const live = page.shown()
    page.commit(await page.engine.endStroke({ keep: true }))
    await page.settle()
    expect(isSame(live, page.truth())).toBe(true)
    await page.look(1)
    expect(farthest(atHalf, page.shown(1))).toBeLessThan(60)
  })

  /** What a new window would show. */
  async function reopened(page: TestPage, level: number): Promise<Pixels> {
    page.display.clear()
    await page.engine.open({ records: [...page.store.records.values()] })
    await page.settle()
    return page.shown(level)
  }
})

describe('what a stroke leaves', () => {
  const paintBrush = { ...brush, pressure: { size: true, opacity: true } }

  /** The plain way: on the whole canvas at once. */
  function reference(before: Pixels, start: StrokeStart, selection?: Uint8Array): Pixels {
    const clip = { x: 0, y: 0, width: before.width, height: before.height }
    const { bounds, coverage } = strokeCoverage(wave, start.brush, clip)!
    const all = new Uint8Array(before.width * before.height)
    for (let y = 0; y < bounds.height; y++) {
      const line = coverage.subarray(y * bounds.width, (y + 1) * bounds.width)
      all.set(line, (bounds.y + y) * before.width + bounds.x)
    }
    return start.paint === 'erase'
      ? eraseCoverage(before, all, start.brush.opacity, selection)
      : paintCoverage(before, all, start.colour, start.brush.opacity, selection)
  }

  it.each(['colour', 'erase'] as const)(
    'is the same live and at once, and what the plain way gives (%s)',
    async (paint) => {
      const { page, layer } = await nested()
      const target: Target = { layer, part: 'pixels' }
      const selection = noise(6, 600, 300)
      setSelection(page.store, 'Select', page.surface(selection))
      await page.settle()
      const start = startOn(target, { paint, brush: paintBrush })
      const before = page.pixelsOf(page.surfaceOf(layer))
      const selected = page.pixelsOf(page.store.canvas.selection!).data
      const want = reference(before, start, selected)
      const atOnce = await page.engine.operate({ do: 'stroke', ...start, points: wave })
      await draw(page, start)
      const live = await page.engine.endStroke({ keep: true })
      expect(live).toEqual(atOnce)
      expect(live.changes[0]?.was).toEqual(page.surfaceOf(layer))
      page.commit(live)
      expect(isSame(page.pixelsOf(page.surfaceOf(layer)), want)).toBe(true)
      // Nothing that was not selected has another byte.
      const after = page.pixelsOf(page.surfaceOf(layer)).data
      let changed = 0
      for (let px = 0; px < selected.length; px++) {
        for (let c = 0; c < 4; c++) {
          if (after[px * 4 + c] === before.data[px * 4 + c]) continue
          changed++
          if (selected[px] === 0) expect.fail(`px ${px} was not selected`)
        }
      }
      expect(changed).toBeGreaterThan(1000)
    },
  )

  it('keeps tiles that it did not touch, and what lies beyond the canvas', async () => {
    const page = new TestPage(size)
    const layer = page.addLayer(picture(1, 1000, 900), -200, -200)
    await page.open()
    const before = page.surfaceOf(layer)
    const start = startOn({ layer, part: 'pixels' }, { brush: { ...brush, size: 100 } })
    const points = [
      { x: -50, y: 10, pressure: 1 },
      { x: 100, y: 10, pressure: 1 },
    ]
    await page.operate({ do: 'stroke', ...start, points })
    const after = page.surfaceOf(layer)
    const changed = Object.keys(before.tiles).filter((key) => before.tiles[key] !== after.tiles[key])
    expect(changed).toEqual(['0,0'])
  })

  it('on a mask is the brightness of the colour', async () => {
    const { page, layer } = await nested()
    setLayerMask(page.store, layer, { surface: page.flatSurface([255], 3, 2), enabled: true })
    await page.settle()
    const solid = { ...brush, hardness: 1, opacity: 1 }
    const start = startOn({ layer, part: 'mask' }, { colour: [255, 0, 0], brush: solid })
    await page.operate({ do: 'stroke', ...start, points: wave })
    const values = new Set(page.pixelsOf(page.maskOf(layer), { x: 40, y: 200, width: 1, height: 1 }).data)
    expect([...values]).toEqual([76])
  })

  it('is told before it is answered', async () => {
    const { page, layer } = await nested()
    await draw(page, startOn({ layer, part: 'pixels' }))
    const result = await page.engine.endStroke({ keep: true })
    const ids = Object.values(result.changes[0]?.surface?.tiles ?? {})
    expect(ids.length).toBeGreaterThan(4)
    expect(ids.every((id) => sha256(page.get(id)) === id)).toBe(true)
  })

  it('of nothing is nothing', async () => {
    const { page, layer } = await nested()
    const nothing = { changes: [], picture: {}, surface: null }
    await page.engine.beginStroke(startOn({ layer, part: 'pixels' }))
    expect(await page.engine.endStroke({ keep: true })).toEqual(nothing)
    expect(await page.engine.endStroke({ keep: true })).toEqual(nothing)
    const off = [{ x: -500, y: -500, pressure: 1 }]
    expect(await page.engine.operate({ do: 'stroke', ...startOn({ layer, part: 'pixels' }), points: off })).toEqual(
      nothing,
    )
  })
})

describe('strokes one after the other', () => {
  const line = (y: number): StrokePoint[] => [10, 300, 590].map((x) => ({ x, y, pressure: 1 }))

  it('that do not wait for each other are each made from the one before', async () => {
    const { page, layer } = await nested()
    const start = startOn({ layer, part: 'pixels' })
    const results: Promise<OperationResult>[] = []
    const int = randomInts(1)
    for (let i = 0; i < 3; i++) {
      void page.engine.beginStroke(start)
      void page.engine.extendStroke({ points: line(50 + 100 * i) })
      void page.engine.extendStroke({ points: line(60 + 100 * i + int(9)) })
      results.push(page.engine.endStroke({ keep: true }))
    }
    // Their answers are committed late, and in order.
    const answers = await Promise.all(results)
    await page.settle()
    const ahead = page.shown()
    for (const answer of answers) {
      page.commit(answer)
      await page.settle()
      expect(isSame(page.shown(), ahead)).toBe(true)
    }
    expect(isSame(page.shown(), page.truth())).toBe(true)
  })

  it('forget one that the window has refused: told by an empty change, or when the next one begins', async () => {
    const { page, layer } = await nested()
    const before = page.shown()
    const target: Target = { layer, part: 'pixels' }
    await draw(page, startOn(target))
    await page.engine.endStroke({ keep: true })
    await page.engine.change({ diff: { added: {}, updated: {}, removed: {} } })
    await page.settle()
    expect(isSame(page.shown(), before)).toBe(true)
    await draw(page, startOn(target))
    await page.engine.endStroke({ keep: true })
    await page.engine.beginStroke(startOn(target))
    await page.settle()
    expect(isSame(page.shown(), before)).toBe(true)
    const { changes } = await page.engine.endStroke({ keep: true })
    expect(changes).toEqual([])
  })

  it('give way to what was done in the meantime', async () => {
    const { page, layer } = await nested()
    await draw(page, startOn({ layer, part: 'pixels' }))
    const result = await page.engine.endStroke({ keep: true })
    // A change of something else leaves the stroke on screen.
    setOpacity(page.store, layer, 0.9)
    await page.settle()
    expect(isSame(page.shown(), page.truth())).toBe(false)
    const filled = await page.engine.operate({ do: 'fill', target: { layer, part: 'pixels' }, colour: [1, 2, 3] })
    const changes = filled.changes.flatMap(({ id, surface }) => (surface === undefined ? [] : { id, surface }))
    page.commit({ ...filled, changes })
    await page.settle()
    expect(isSame(page.shown(), page.truth())).toBe(true)
    expect(() => page.commit(result)).toThrow(/changed in the meantime/)
  })

  it('are refused where there is nothing to paint on', async () => {
    const { page, outer } = await nested()
    const refused = { code: 'bad-request' }
    await expect(page.engine.beginStroke(startOn({ layer: outer, part: 'pixels' }))).rejects.toMatchObject(refused)
    await expect(page.engine.beginStroke(startOn({ layer: outer, part: 'mask' }))).rejects.toMatchObject(refused)
    await expect(page.engine.beginStroke(startOn({ layer: 'gone', part: 'pixels' }))).rejects.toMatchObject(refused)
    await page.engine.extendStroke({ points: wave })
    expect((await page.engine.endStroke({ keep: true })).changes).toEqual([])
  })

  it('are drawn while an operation is going on', async () => {
    const page = new TestPage({ width: 1500, height: 1500 })
    const layer = page.addLayer(opaque(1, 300, 300))
    addRasterLayer(page.store, {
      place: { parent: null, at: 'bottom' },
      surface: page.flatSurface([5, 6, 7, 255], 6, 6),
    })
    await page.open()
    let isOver = false
    const turned = page.engine.operate({ do: 'flip', axis: 'horizontal' }).then((result) => {
      isOver = true
      return result
    })
    await page.engine.beginStroke(startOn({ layer, part: 'pixels' }))
    const before = page.events.length
    await page.engine.extendStroke({ points: wave.slice(0, 3) })
    while (page.patches(before).length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(isOver).toBe(false)
    await page.engine.endStroke({ keep: false })
    await turned
  })
})
