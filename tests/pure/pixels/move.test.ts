/** Transforms, flips and what is done to the whole picture, against the plain way: on all px of a layer at once. */
import { describe, expect, it } from 'vitest'
import {
  addGroup,
  addMaskLayer,
  addRasterLayer,
  setBlendMode,
  setFrame,
  setLayerMask,
  setLocked,
  setOpacity,
  setSelection,
} from '../../../src/document/index.ts'
import type { Target } from '../../../src/editor/index.ts'
import { blendPixels } from '../../../src/raster/blend.ts'
import { eraseCoverage } from '../../../src/raster/paint.ts'
import { transform } from '../../../src/raster/transform.ts'
import { crop, flipHorizontally, flipVertically, turn } from '../../../src/raster/turn.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { type Affine, inTurn, rotation, scaling, translation } from '../../../src/shared/geometry/affine.ts'
import { farthest, isSame, TestPage } from './page.ts'
import { flat, noise, picture } from './scenes.ts'

const size = { width: 500, height: 360 }
const wide = { x: -1024, y: -1024, width: 3072, height: 3072 }
const around = { x: -200, y: -200, width: 900, height: 760 }

async function scene(): Promise<{ page: TestPage; layer: string; pixels: Target; mask: Target }> {
  const page = new TestPage(size)
  const layer = page.addLayer(picture(1, 330, 300), 40, -30)
  setLayerMask(page.store, layer, { surface: page.surface(noise(2, 300, 200), 60, 10), enabled: true })
  await page.open()
  return { page, layer, pixels: { layer, part: 'pixels' }, mask: { layer, part: 'mask' } }
}

function total(data: Uint8Array): number {
  let sum = 0
  for (const value of data) sum += value
  return sum
}

const meanDifference = (a: Pixels, b: Pixels): number =>
  a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]!), 0) / a.data.length

/** @param pixels whose top left px lies at (x, y) */
function plainly(pixels: Pixels, x: number, y: number, map: Affine): Pixels {
  const placed = transform(pixels, inTurn(translation(x, y), map), 'bicubic', wide)
  if (placed === undefined) throw new Error('nothing is left')
  return crop(placed.pixels, { ...around, x: around.x - placed.x, y: around.y - placed.y })
}

describe('transform', () => {
  const exact: readonly (readonly [string, Affine])[] = [
    ['a move', translation(37, -140)],
    ['a quarter turn', { a: 0, b: 1, c: -1, d: 0, e: 400, f: 10 }],
    ['a quarter turn back', { a: 0, b: -1, c: 1, d: 0, e: 3, f: 410 }],
    ['a half turn', { a: -1, b: 0, c: 0, d: -1, e: 500, f: 300 }],
    ['a mirror', { a: -1, b: 0, c: 0, d: 1, e: 401, f: 0 }],
    ['a mirror along the diagonal', { a: 0, b: 1, c: 1, d: 0, e: 0, f: 0 }],
    ['a mirror along the other diagonal', { a: 0, b: -1, c: -1, d: 0, e: 400, f: 400 }],
  ]

  it.each(exact)('by %s puts every px elsewhere and keeps its bytes, those of its mask too', async (_, map) => {
    const { page, layer, pixels } = await scene()
    const before = {
      pixels: page.pixelsOf(page.surfaceOf(layer), around),
      mask: page.pixelsOf(page.maskOf(layer), around),
    }
    await page.operate({ do: 'transform', target: pixels, matrix: map })
    const after = {
      pixels: page.pixelsOf(page.surfaceOf(layer), around),
      mask: page.pixelsOf(page.maskOf(layer), around),
    }
    for (const [was, is, channels] of [
      [before.pixels, after.pixels, 4],
      [before.mask, after.mask, 1],
    ] as const) {
      expect(total(is.data)).toBe(total(was.data))
      for (let y = -30; y < 270; y += 7) {
        for (let x = 40; x < 370; x += 5) {
          const to = {
            x: map.a * (x + 0.5) + map.c * (y + 0.5) + map.e - 0.5,
            y: map.b * (x + 0.5) + map.d * (y + 0.5) + map.f - 0.5,
          }
          for (let c = 0; c < channels; c++) {
            const at = (px: number, py: number): number =>
              ((py - around.y) * around.width + px - around.x) * channels + c
            if (is.data[at(to.x, to.y)] !== was.data[at(x, y)]) expect.fail(`(${x}, ${y})`)
          }
        }
      }
    }
    expect(isSame(page.shown(), page.truth())).toBe(true)
  })

  const free: readonly (readonly [string, Affine])[] = [
    ['turned and moved', inTurn(translation(-200, -120), rotation(0.4), translation(230, 150.5))],
    ['enlarged', inTurn(translation(-200, -100), scaling(1.7, 2.2), translation(200.3, 100))],
    ['moved by parts of a px', translation(10.25, -3.5)],
    ['made a little smaller', inTurn(scaling(0.8, 0.65), rotation(-1))],
  ]

  it.each(free)('that is %s gives what resampling all of it at once gives', async (_, map) => {
    const { page, layer, pixels } = await scene()
    await page.operate({ do: 'transform', target: pixels, matrix: map })
    // The bounds of what shows, not of the layer's tiles, are what stays sharp.
    const own = plainly(picture(1, 330, 300), 40, -30, map)
    const mask = plainly(noise(2, 300, 200), 60, 10, map)
    expect(farthest(page.pixelsOf(page.surfaceOf(layer), around), own)).toBeLessThanOrEqual(1)
    expect(farthest(page.pixelsOf(page.maskOf(layer), around), mask)).toBeLessThanOrEqual(1)
    expect(isSame(page.shown(), page.truth())).toBe(true)
  })

  it('that shrinks a lot takes every px into account', async () => {
    const page = new TestPage(size)
    const stripes = flat(480, 320, [0, 0, 0, 255])
    for (let i = 0; i < stripes.data.length; i += 4) stripes.data[i] = i % 32 ? 0 : 255
    const layer = page.addLayer(stripes)
    await page.open()
    await page.operate({ do: 'transform', target: { layer, part: 'pixels' }, matrix: scaling(0.1, 0.1) })
    const { data } = page.pixelsOf(page.surfaceOf(layer), { x: 2, y: 2, width: 44, height: 28 })
    for (let i = 0; i < data.length; i += 4) {
      expect(data[i + 3]).toBe(255)
      expect(Math.abs(data[i]! - 32)).toBeLessThan(12)
    }
    expect(await page.engine.bounds({ layer, part: 'pixels' })).toEqual({ x: 0, y: 0, width: 48, height: 32 })
  })

  it.each([translation(50, 40), inTurn(rotation(0.3), translation(60.5, 0))])(
    'of a selection lifts what is in it, and takes it along (%o)',
    async (map) => {
      const { page, layer, pixels } = await scene()
      const selection = noise(7, 150, 120)
      setSelection(page.store, 'Select', page.surface(selection, 100, 50))
      await page.settle()
      const before = page.pixelsOf(page.surfaceOf(layer), around)
      const mask = page.maskOf(layer)
      const selected = page.pixelsOf(page.store.canvas.selection!, around).data
      await page.operate({ do: 'transform', target: pixels, matrix: map })
      const stays = eraseCoverage(before, selected, 1)
      const lifted = crop(
        eraseCoverage(
          before,
          selected.map((value) => 255 - value),
          1,
        ),
        { x: 100 - around.x, y: 50 - around.y, width: 150, height: 120 },
      )
      const moved = plainly(lifted, 100, 50, map)
      const want = new Uint8Array(stays.data)
      blendPixels(want, moved.data, 'normal', 1)
      expect(farthest(page.pixelsOf(page.surfaceOf(layer), around), { ...stays, data: want })).toBeLessThanOrEqual(
        map.b === 0 ? 0 : 1,
      )
      const along = plainly(selection, 100, 50, map)
      expect(farthest(page.pixelsOf(page.store.canvas.selection!, around), along)).toBeLessThanOrEqual(
        map.b === 0 ? 0 : 1,
      )
      expect(page.maskOf(layer)).toEqual(mask)
      expect(isSame(page.shown(), page.truth())).toBe(true)
    },
  )

  it('of a selection leaves every px alone that is neither in it nor covered', async () => {
    const { page, layer, pixels } = await scene()
    setSelection(page.store, 'Select', page.surface(flat(40, 40, [255]), 60, 20))
    await page.settle()
    const before = page.pixelsOf(page.surfaceOf(layer), around)
    await page.operate({ do: 'transform', target: pixels, matrix: translation(200, 100) })
    const after = page.pixelsOf(page.surfaceOf(layer), around)
    const isIn = (x: number, y: number, left: number, top: number): boolean =>
      x >= left && y >= top && x < left + 40 && y < top + 40
    for (let px = 0; px < around.width * around.height; px++) {
      const [x, y] = [(px % around.width) + around.x, Math.floor(px / around.width) + around.y]
      const was = before.data.subarray(px * 4, px * 4 + 4)
      const is = after.data.subarray(px * 4, px * 4 + 4)
      if (isIn(x, y, 60, 20)) expect([...is]).toEqual([0, 0, 0, 0])
      else if (!isIn(x, y, 260, 120) && Buffer.compare(was, is) !== 0) expect.fail(`(${x}, ${y})`)
    }
  })

  it('of a mask leaves its layer, and of a group takes all that it holds', async () => {
    const { page, layer, mask } = await scene()
    const own = page.surfaceOf(layer)
    await page.operate({ do: 'transform', target: mask, matrix: translation(11, 7) })
    expect(page.surfaceOf(layer)).toEqual(own)
    expect(
      isSame(page.pixelsOf(page.maskOf(layer), around), plainly(noise(2, 300, 200), 60, 10, translation(11, 7))),
    ).toBe(true)
    const group = addGroup(page.store, { place: { parent: null } })
    const inner = addRasterLayer(page.store, { place: { parent: group }, surface: page.surface(picture(3, 100, 100)) })
    const region = addMaskLayer(page.store, { place: { parent: group }, surface: page.surface(noise(4, 100, 100)) })
    await page.settle()
    await page.operate({ do: 'transform', target: { layer: group, part: 'pixels' }, matrix: translation(-5, 9) })
    for (const [id, pixels] of [
      [inner, picture(3, 100, 100)],
      [region, noise(4, 100, 100)],
    ] as const) {
      expect(isSame(page.pixelsOf(page.surfaceOf(id), { x: -5, y: 9, width: 100, height: 100 }), pixels)).toBe(true)
    }
  })

  it('by whole tiles makes none, and flat ones are refused', async () => {
    const { page, layer, pixels } = await scene()
    const before = page.events.length
    await page.operate({ do: 'transform', target: pixels, matrix: translation(512, -256) })
    expect(page.events.slice(before).some(({ type }) => type === 'made')).toBe(false)
    expect(Object.keys(page.surfaceOf(layer).tiles)).toContain('2,-1')
    const squashed = page.engine.operate({ do: 'transform', target: pixels, matrix: scaling(1, 0) })
    await expect(squashed).rejects.toMatchObject({ code: 'bad-request' })
  })

  it('cannot fill more than the canvas and as much around it', async () => {
    const page = new TestPage(size)
    const layer = page.addLayer(flat(30, 30, [1, 2, 3, 255]), 100, 100)
    await page.open(2)
    const { changes } = await page.engine.operate({
      do: 'transform',
      target: { layer, part: 'pixels' },
      matrix: scaling(4000, 4000),
    })
    const keys = Object.keys(changes[0]?.surface?.tiles ?? {})
    expect(keys.length).toBeLessThan(1300)
  })
})

describe('flipping a layer', () => {
  it('is about the middle of what shows, with its mask, and twice is nothing', async () => {
    const { page, layer, pixels } = await scene()
    const before = page.pixelsOf(page.surfaceOf(layer), { x: 40, y: -30, width: 330, height: 300 })
    const mask = page.pixelsOf(page.maskOf(layer), { x: 40, y: -30, width: 330, height: 300 })
    await page.operate({ do: 'flip-layer', target: pixels, axis: 'horizontal' })
    const place = { x: 40, y: -30, width: 330, height: 300 }
    expect(isSame(page.pixelsOf(page.surfaceOf(layer), place), flipHorizontally(before))).toBe(true)
    expect(isSame(page.pixelsOf(page.maskOf(layer), place), flipHorizontally(mask))).toBe(true)
    await page.operate({ do: 'flip-layer', target: pixels, axis: 'horizontal' })
    expect(isSame(page.pixelsOf(page.surfaceOf(layer), place), before)).toBe(true)
  })

  it('flips what is selected, in its place', async () => {
    const { page, layer, pixels } = await scene()
    const box = { x: 100, y: 60, width: 91, height: 50 }
    const before = page.pixelsOf(page.surfaceOf(layer), box)
    setSelection(page.store, 'Select', page.surface(flat(91, 50, [255]), 100, 60))
    await page.settle()
    await page.operate({ do: 'flip-layer', target: pixels, axis: 'vertical' })
    expect(farthest(page.pixelsOf(page.surfaceOf(layer), box), flipVertically(cleared(before)))).toBe(0)
    expect(isSame(page.pixelsOf(page.store.canvas.selection!, box), flat(91, 50, [255]))).toBe(true)
  })

  /** What is laid over nothing keeps no colour where it is empty. */
  function cleared(pixels: Pixels): Pixels {
    const data = new Uint8Array(pixels.data)
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 0) data.fill(0, i, i + 4)
    return { ...pixels, data }
  }
})

describe('the whole picture', () => {
  async function whole(): Promise<{ page: TestPage; layer: string; region: string }> {
    const { page, layer } = await scene()
    const region = addMaskLayer(page.store, {
      surface: page.surface(noise(4, 600, 100), -50, 100),
      place: { parent: null },
    })
    setLocked(page.store, layer, true)
    setSelection(page.store, 'Select', page.surface(noise(5, 200, 360), 300, 0))
    setFrame(page.store, { x: 100, y: 50, width: 128, height: 96 })
    await page.settle()
    return { page, layer, region }
  }

  /** All px there are, as the canvas has them. */
  const all = (page: TestPage, { layer, region }: { layer: string; region: string }, rect = page.canvas): Pixels[] => {
    const surfaces = [page.surfaceOf(layer), page.maskOf(layer), page.surfaceOf(region), page.store.canvas.selection!]
    return surfaces.map((surface) => page.pixelsOf(surface, rect))
  }
  const expectAll = (page: TestPage, is: readonly Pixels[], want: readonly Pixels[]): void => {
    want.forEach((pixels, i) => expect(isSame(is[i]!, pixels), `surface ${i}`).toBe(true))
    expect(isSame(page.shown(), page.truth())).toBe(true)
  }

  it.each([90, 180, 270] as const)(
    'turns by %i degrees, with what lies beyond the canvas, and the frame',
    async (degrees) => {
      const { page, ...ids } = await whole()
      const before = all(page, ids)
      const beyond = all(page, ids, { x: -60, y: -60, width: 620, height: 480 })
      await page.operate({ do: 'turn', degrees })
      await page.look(0)
      expectAll(
        page,
        all(page, ids),
        before.map((pixels) => turn(pixels, degrees)),
      )
      const margin =
        degrees === 180 ? { x: -60, y: -60, width: 620, height: 480 } : { x: -60, y: -60, width: 480, height: 620 }
      expectAll(
        page,
        all(page, ids, margin).slice(0, 3),
        beyond.slice(0, 3).map((pixels) => turn(pixels, degrees)),
      )
      const frames = { 90: [214, 100, 96, 128], 180: [272, 214, 128, 96], 270: [50, 272, 96, 128] }
      expect(Object.values(page.store.canvas.frame)).toEqual(frames[degrees])
      await page.operate({ do: 'turn', degrees: (360 - degrees) as 90 | 180 | 270 })
      await page.look(0)
      expectAll(page, all(page, ids), before)
    },
  )

  it.each(['horizontal', 'vertical'] as const)('flips (%s)', async (axis) => {
    const { page, ...ids } = await whole()
    const before = all(page, ids)
    await page.operate({ do: 'flip', axis })
    expectAll(page, all(page, ids), before.map(axis === 'horizontal' ? flipHorizontally : flipVertically))
    expect(page.store.canvas.frame).toEqual(
      axis === 'horizontal' ? { x: 272, y: 50, width: 128, height: 96 } : { x: 100, y: 214, width: 128, height: 96 },
    )
  })

  it('is cropped, and what leaves it is lost', async () => {
    const { page, ...ids } = await whole()
    const rect = { x: 90, y: -20, width: 233, height: 180 }
    const before = all(page, ids).map((pixels) => crop(pixels, rect))
    const own = page.pixelsOf(page.surfaceOf(ids.layer), rect)
    await page.operate({ do: 'crop', rect })
    await page.look(0)
    const is = all(page, ids)
    // What lay above the old canvas is in the new one.
    expect(isSame(is[0]!, own)).toBe(true)
    expectAll(page, is.slice(1), before.slice(1))
    expect(page.store.canvas).toMatchObject({
      width: 233,
      height: 180,
      frame: { x: 10, y: 70, width: 128, height: 96 },
    })
    const beyond = page.pixelsOf(page.surfaceOf(ids.layer), { x: -256, y: -256, width: 1024, height: 1024 })
    const inside = crop(beyond, { x: 256, y: 256, width: 233, height: 180 })
    expect(total(beyond.data)).toBe(total(inside.data))
  })

  it('gets another size, and what leaves it is kept', async () => {
    const { page, ...ids } = await whole()
    const rect = { x: -100, y: -100, width: 700, height: 600 }
    const before = all(page, ids, rect)
    await page.operate({ do: 'canvas-size', size: { width: 200, height: 190 }, offset: { x: -150, y: -31 } })
    await page.look(0)
    const is = all(page, ids, { ...rect, x: rect.x - 150, y: rect.y - 31 })
    expectAll(page, is.slice(0, 3), before.slice(0, 3))
    // The selection ends with the canvas.
    expect(
      isSame(
        page.pixelsOf(page.store.canvas.selection!),
        crop(before[3]!, { x: 250, y: 131, width: 200, height: 190 }),
      ),
    ).toBe(true)
    const { selection } = page.store.canvas
    expect(Object.keys(selection?.tiles ?? {})).toEqual(['0,0'])
    await page.operate({ do: 'canvas-size', size, offset: { x: 150, y: 31 } })
    await page.look(0)
    expectAll(page, all(page, ids, rect).slice(0, 3), before.slice(0, 3))
  })

  it('takes a frame that is nowhere near it any more around all of it', async () => {
    const { page } = await whole()
    await page.operate({ do: 'crop', rect: { x: 300, y: 200, width: 100, height: 100 } })
    expect(page.store.canvas.frame).toEqual({ x: 0, y: 0, width: 100, height: 100 })
  })
})

describe('a transform that is only looked at', () => {
  it('by whole px shows what it would become, only the last one, and ends without a trace', async () => {
    const { page, pixels } = await scene()
    const before = page.shown()
    for (let i = 0; i < 20; i++) void page.engine.previewTransform({ target: pixels, matrix: translation(i * 10, i) })
    await page.settle()
    const shown = page.shown()
    expect(isSame(shown, before)).toBe(false)
    await page.engine.previewTransform(null)
    await page.settle()
    expect(isSame(page.shown(), before)).toBe(true)
    await page.operate({ do: 'transform', target: pixels, matrix: translation(190, 19) })
    expect(isSame(page.shown(), shown)).toBe(true)
  })

  it('stays until it has become true, and is not applied twice', async () => {
    const { page, pixels } = await scene()
    await page.engine.previewTransform({ target: pixels, matrix: translation(40, 30) })
    await page.settle()
    const shown = page.shown()
    const result = await page.engine.operate({ do: 'transform', target: pixels, matrix: translation(40, 30) })
    await page.settle()
    expect(isSame(page.shown(), shown)).toBe(true)
    page.commit(result)
    await page.settle()
    expect(isSame(page.shown(), shown)).toBe(true)
    await page.engine.previewTransform(null)
    await page.settle()
    expect(isSame(page.shown(), page.truth())).toBe(true)
  })

  it.each([0, 1, 2])('freely is close to what it becomes (level %i), with and without a selection', async (level) => {
    for (const isSelected of [false, true]) {
      const { page, pixels } = await scene()
      if (isSelected) setSelection(page.store, 'Select', page.surface(flat(160, 150, [255]), 80, 40))
      await page.look(level)
      const before = page.shown(level)
      const matrix = inTurn(translation(-200, -120), rotation(0.5), scaling(0.7, 0.4), translation(260, 170))
      await page.engine.previewTransform({ target: pixels, matrix })
      await page.settle()
      const shown = page.shown(level)
      await page.operate({ do: 'transform', target: pixels, matrix })
      const became = page.shown(level)
      expect(meanDifference(shown, became)).toBeLessThan(0.4 * meanDifference(before, became))
    }
  })

  it.each(['normal', 'screen'] as const)(
    'below other layers is what it becomes, but for a rounding (%s)',
    async (mode) => {
      const { page, pixels } = await scene()
      for (const seed of [5, 6, 7]) {
        const above = page.addLayer(picture(seed, 400, 300), 30 * seed - 100, 20)
        setOpacity(page.store, above, 0.8)
      }
      setBlendMode(page.store, [...page.store.records.keys()].at(-1) ?? '', mode)
      await page.settle()
      // Twice, so that what lies below and above is kept and used.
      await page.engine.previewTransform({ target: pixels, matrix: translation(5, 5) })
      await page.settle()
      await page.engine.previewTransform({ target: pixels, matrix: translation(60, 45) })
      await page.settle()
      const shown = page.shown()
      await page.operate({ do: 'transform', target: pixels, matrix: translation(60, 45) })
      expect(isSame(page.shown(), page.truth())).toBe(true)
      expect(meanDifference(shown, page.shown())).toBeLessThan(mode === 'normal' ? 0.2 : 1e-9)
    },
  )

  it('that flattens is not shown, and one of what is not there is refused', async () => {
    const { page, pixels } = await scene()
    const before = page.shown()
    await page.engine.previewTransform({ target: pixels, matrix: scaling(0, 1) })
    await page.settle()
    expect(isSame(page.shown(), before)).toBe(true)
    const gone = page.engine.previewTransform({ target: { layer: 'gone', part: 'pixels' }, matrix: scaling(1, 2) })
    await expect(gone).rejects.toMatchObject({ code: 'bad-request' })
  })
})

describe('what a change says of where the same pixels went', () => {
  const movedBy = async (operation: Parameters<TestPage['engine']['operate']>[0], isSelected = false) => {
    const { page } = await scene()
    if (isSelected) setSelection(page.store, 'Select', page.surface(flat(60, 50, [255]), 80, 40))
    await page.settle()
    const { changes } = await page.engine.operate(operation)
    return changes.filter(({ surface }) => surface !== undefined).map(({ moved }) => moved)
  }

  it('is by how much, for moves of whole px of a layer and of the picture', async () => {
    const { pixels } = await scene()
    expect(await movedBy({ do: 'transform', target: pixels, matrix: translation(7, -3) })).toEqual([{ x: 7, y: -3 }])
    const grown = { do: 'canvas-size', size: { width: 600, height: 400 }, offset: { x: 20, y: 9 } } as const
    expect(await movedBy(grown)).toEqual([{ x: 20, y: 9 }])
    expect(await movedBy({ do: 'crop', rect: { x: 30, y: 40, width: 200, height: 100 } })).toEqual([{ x: -30, y: -40 }])
  })

  it('is that the picture was turned', async () => {
    expect(await movedBy({ do: 'turn', degrees: 90 })).toEqual(['turned'])
    expect(await movedBy({ do: 'flip', axis: 'vertical' })).toEqual(['turned'])
  })

  it('is nothing where they are other pixels', async () => {
    const { pixels } = await scene()
    expect(await movedBy({ do: 'transform', target: pixels, matrix: scaling(0.5, 0.5) })).toEqual([undefined])
    expect(await movedBy({ do: 'transform', target: pixels, matrix: translation(7, 3) }, true)).toEqual([undefined])
  })
})
