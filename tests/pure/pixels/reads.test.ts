/** What the model, the clipboard and the panels read, and what is made of px from elsewhere. */
import { describe, expect, it } from 'vitest'
import {
  addGroup,
  addRasterLayer,
  commitMerge,
  duplicateLayers,
  mergeVisiblePlan,
  setBlendMode,
  setLayerMask,
  setOpacity,
  setSelection,
  setVisible,
} from '../../../src/document/index.ts'
import { resize } from '../../../src/raster/resize.ts'
import { crop } from '../../../src/raster/turn.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { randomPixels } from '../raster/random.ts'
import { farthest, isSame, TestPage } from './page.ts'
import { fillDocument, flat, noise, opaque, picture } from './scenes.ts'

const size = { width: 500, height: 360 }

async function scene(): Promise<{ page: TestPage; layer: string; group: string }> {
  const page = new TestPage(size)
  const layer = page.addLayer(picture(1, 300, 200), 120, -40)
  setLayerMask(page.store, layer, { surface: page.surface(noise(2, 200, 200), 100, 0), enabled: true })
  const group = addGroup(page.store, { place: { parent: null } })
  addRasterLayer(page.store, { place: { parent: group }, surface: page.surface(picture(3, 50, 60), 20, 30) })
  addRasterLayer(page.store, { place: { parent: group }, surface: page.surface(picture(4, 50, 60), 40, 300) })
  await page.open()
  return { page, layer, group }
}

describe('reading', () => {
  it('the picture is what shows, and nothing beyond the canvas', async () => {
    const { page } = await scene()
    const rect = { x: 100, y: -50, width: 450, height: 300 }
    const inside = page.truth()
    expect(isSame(await page.engine.read({ what: 'picture', rect }), crop(inside, rect))).toBe(true)
    const beside = { x: 600, y: 0, width: 3, height: 2 }
    expect([...(await page.engine.read({ what: 'picture', rect: beside })).data]).toEqual(
      Array.from({ length: 24 }, () => 0),
    )
  })

  it('a layer or a mask is its own px, what is hidden and what lies beyond the canvas too', async () => {
    const { page, layer } = await scene()
    const rect = { x: 100, y: -50, width: 350, height: 200 }
    setVisible(page.store, layer, false)
    const read = (part: 'pixels' | 'mask', selected: boolean) =>
      page.engine.read({ what: 'target', target: { layer, part }, rect, selected })
    expect(isSame(await read('pixels', true), page.pixelsOf(page.surfaceOf(layer), rect))).toBe(true)
    expect(isSame(await read('mask', true), page.pixelsOf(page.maskOf(layer), rect))).toBe(true)
    setSelection(page.store, 'Select', page.surface(noise(5, 100, 300), 150, 0))
    expect(isSame(await read('pixels', false), page.pixelsOf(page.surfaceOf(layer), rect))).toBe(true)
    const before = page.pixelsOf(page.surfaceOf(layer), rect).data
    const selected = page.pixelsOf(page.store.canvas.selection!, rect).data
    const { data } = await read('pixels', true)
    for (let px = 0; px < selected.length; px++) {
      const alpha = Math.round((before[px * 4 + 3]! * selected[px]!) / 255)
      const want = alpha === 0 ? [0, 0, 0, 0] : [...before.subarray(px * 4, px * 4 + 3), alpha]
      if (want.some((value, c) => data[px * 4 + c] !== value)) expect.fail(`px ${px}`)
    }
    const mask = await read('mask', true)
    const hidden = page.pixelsOf(page.maskOf(layer), rect).data
    expect([...mask.data.subarray(20_000, 21_000)]).toEqual(
      [...selected.subarray(20_000, 21_000)].map((value, i) => Math.round((value * hidden[20_000 + i]!) / 255)),
    )
  })

  it('the selection is 255 everywhere where nothing is selected', async () => {
    const { page } = await scene()
    const rect = { x: -2, y: 0, width: 5, height: 4 }
    expect(await page.engine.read({ what: 'selection', rect })).toEqual(flat(5, 4, [255]))
    setSelection(page.store, 'Select', page.surface(noise(1, 3, 3)))
    expect(isSame(await page.engine.read({ what: 'selection', rect }), crop(noise(1, 3, 3), rect))).toBe(true)
  })

  it('too much at once is refused', async () => {
    const { page } = await scene()
    const rect = { x: 0, y: 0, width: 16_385, height: 1 }
    await expect(page.engine.read({ what: 'picture', rect })).rejects.toMatchObject({ code: 'picture-too-large' })
  })

  it('sees a stroke that has ended and is not committed yet', async () => {
    const { page, layer } = await scene()
    const target = { layer, part: 'pixels' } as const
    const brush = { size: 40, hardness: 1, spacing: 0.1, opacity: 1, pressure: { size: false, opacity: false } }
    setLayerMask(page.store, layer, null)
    await page.engine.beginStroke({ target, paint: 'colour', brush, colour: [1, 2, 3] })
    await page.engine.extendStroke({ points: [{ x: 150, y: 100, pressure: 1 }] })
    void page.engine.endStroke({ keep: true })
    expect(await page.engine.colourAt({ point: { x: 150, y: 100 } })).toEqual([1, 2, 3])
  })
})

describe('bounds', () => {
  it('are around all px that show, of layers, masks, groups and the selection', async () => {
    const { page, layer, group } = await scene()
    const bounds = (id: string, part: 'pixels' | 'mask' = 'pixels') => page.engine.bounds({ layer: id, part })
    expect(await bounds(layer)).toEqual({ x: 120, y: -40, width: 300, height: 200 })
    expect(await bounds(layer, 'mask')).toEqual({ x: 100, y: 0, width: 200, height: 200 })
    expect(await bounds(group)).toEqual({ x: 20, y: 30, width: 70, height: 330 })
    expect(await page.engine.bounds('selection')).toBe(null)
    setSelection(page.store, 'Select', page.surface(flat(9, 8, [1]), 7, 6))
    expect(await page.engine.bounds('selection')).toEqual({ x: 7, y: 6, width: 9, height: 8 })
    const empty = addRasterLayer(page.store, { place: { parent: null } })
    expect(await bounds(empty)).toBe(null)
  })
})

describe('thumbnails', () => {
  it('have the proportions of the canvas and are close to the picture made small', async () => {
    const page = new TestPage({ width: 1100, height: 520 })
    const smooth = flat(1100, 520, [0, 0, 90, 255])
    for (let px = 0; px < 1100 * 520; px++) {
      smooth.data[px * 4] = ((px % 1100) * 255) / 1100
      smooth.data[px * 4 + 1] = (px / 1100 / 520) * 255
    }
    const layer = page.addLayer(smooth)
    await page.open(2)
    const thumbnail = await page.engine.thumbnail({ target: { layer, part: 'pixels' }, side: 64 })
    expect([thumbnail?.width, thumbnail?.height]).toEqual([64, 30])
    expect(farthest(thumbnail!, resize(smooth, { width: 64, height: 30 }, 'box'))).toBeLessThan(5)
    // Never larger than the canvas.
    const large = await page.engine.thumbnail({ target: { layer, part: 'pixels' }, side: 5000 })
    expect(isSame(large!, smooth)).toBe(true)
  })

  it('of masks are grey, of groups what they hold, and of what is empty null', async () => {
    const { page, layer, group } = await scene()
    setLayerMask(page.store, layer, { surface: page.flatSurface([77], 2, 2), enabled: true })
    const mask = await page.engine.thumbnail({ target: { layer, part: 'mask' }, side: 50 })
    expect([...mask!.data.subarray(0, 4)]).toEqual([77, 77, 77, 255])
    const whole = await page.engine.thumbnail({ target: { layer: group, part: 'pixels' }, side: 50 })
    expect(whole?.data.some((value) => value > 0)).toBe(true)
    const empty = addRasterLayer(page.store, { place: { parent: null } })
    expect(await page.engine.thumbnail({ target: { layer: empty, part: 'pixels' }, side: 50 })).toBe(null)
    expect(await page.engine.thumbnail({ target: { layer: group, part: 'mask' }, side: 50 })).toBe(null)
  })
})

describe('the colour at a place', () => {
  it('is what shows there; null where that is nothing, and beyond the canvas', async () => {
    const page = new TestPage(size)
    page.addLayer(flat(600, 100, [10, 20, 30, 128]))
    await page.open()
    expect(await page.engine.colourAt({ point: { x: 3.9, y: 2 } })).toEqual([10, 20, 30])
    expect(await page.engine.colourAt({ point: { x: 3, y: 150 } })).toBe(null)
    expect(await page.engine.colourAt({ point: { x: 550, y: 3 } })).toBe(null)
  })
})

describe('merging', () => {
  it('keeps all that shows, what lies beyond the canvas too', async () => {
    const page = new TestPage(size)
    fillDocument(page, 21, 8)
    const group = addGroup(page.store, { place: { parent: null } })
    const layer = addRasterLayer(page.store, {
      place: { parent: group },
      surface: page.surface(opaque(9, 100, 100), -300, 400),
    })
    setBlendMode(page.store, group, 'screen')
    setOpacity(page.store, layer, 0.4)
    await page.open()
    const all = { x: -512, y: -512, width: 1400, height: 1400 }
    const before = page.truth(all)
    const plan = mergeVisiblePlan(page.store.records, 'merge')
    const { surface, changes, picture } = await page.engine.operate({ do: 'merge', nodes: plan.nodes })
    expect([changes, picture]).toEqual([[], {}])
    commitMerge(page.store, plan, surface!)
    await page.settle()
    expect(isSame(page.truth(all), before)).toBe(true)
    expect(isSame(page.shown(), page.truth())).toBe(true)
  })
})

describe('placing', () => {
  const placed = async (
    page: TestPage,
    pixels: Pixels,
    more: { size?: { width: number; height: number }; mask?: Pixels } = {},
  ) => {
    const { surface } = await page.engine.operate({
      do: 'place',
      pixels,
      at: { x: -20.2, y: 300 },
      mask: null,
      ...more,
    })
    const { width, height } = more.size ?? pixels
    expect(await page.engine.bounds('selection')).toBe(null)
    return page.pixelsOf(surface!, { x: -20, y: 300, width, height })
  }

  it('keeps RGBA, makes RGB and grey opaque, and multiplies alpha by a mask', async () => {
    const { page } = await scene()
    const rgba = randomPixels(1, 290, 30, 4)
    expect(isSame(await placed(page, rgba), rgba)).toBe(true)
    const rgb = randomPixels(2, 290, 30, 3)
    const opaque = await placed(page, rgb)
    expect([...opaque.data.subarray(4, 8)]).toEqual([...rgb.data.subarray(3, 6), 255])
    const grey = await placed(page, randomPixels(3, 20, 20, 1))
    expect([...grey.data.subarray(0, 4)]).toEqual([
      ...Array.from({ length: 3 }, () => randomPixels(3, 20, 20, 1).data[0]),
      255,
    ])
    const mask: Pixels = { width: 290, height: 30, channels: 1, data: new Uint8Array(290 * 30).fill(51) }
    mask.data[0] = 0
    const faint = await placed(page, rgb, { mask })
    expect([...faint.data.subarray(0, 8)]).toEqual([0, 0, 0, 0, ...rgb.data.subarray(3, 6), 51])
  })

  it('resizes where a size is given, to which the mask belongs', async () => {
    const { page } = await scene()
    const rgb = randomPixels(2, 40, 30, 3)
    const size = { width: 300, height: 200 }
    const data = new Uint8Array(40 * 30 * 4).map((_, i) => (i % 4 === 3 ? 255 : rgb.data[(i >> 2) * 3 + (i % 4)]!))
    const want = resize({ width: 40, height: 30, channels: 4, data }, size, 'bicubic')
    const mask = flat(300, 200, [255])
    expect(isSame(await placed(page, rgb, { size, mask }), want)).toBe(true)
  })
})

describe('layers that share their tiles', () => {
  it('are changed one without the other', async () => {
    const { page, layer } = await scene()
    const [copy = ''] = duplicateLayers(page.store, [layer])
    const before = page.surfaceOf(layer)
    await page.operate({ do: 'fill', target: { layer: copy, part: 'pixels' }, colour: [1, 2, 3] })
    expect(page.surfaceOf(layer)).toEqual(before)
    expect(isSame(page.shown(), page.truth())).toBe(true)
  })
})
