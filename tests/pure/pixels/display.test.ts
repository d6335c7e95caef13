/** What the display shows against the plain way to draw a document, what is sent for it and in which order. */
import { describe, expect, it } from 'vitest'
import {
  addMaskLayer,
  addRasterLayer,
  History,
  renameLayer,
  replaceSurfaces,
  setBlendMode,
  setLayerMask,
  setOpacity,
  setSelection,
  setVisible,
} from '../../../src/document/index.ts'
import { over } from '../../../src/raster/blend.ts'
import { writeRect } from '../../../src/raster/tiles.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { farthest, isSame, TestPage } from './page.ts'
import { fillDocument, flat, halved, noise, opaque, picture } from './scenes.ts'

const size = { width: 700, height: 560 }

/** A document of one opaque layer. */
async function plain(): Promise<{ page: TestPage; layer: string }> {
  const page = new TestPage(size)
  const layer = page.addLayer(opaque(1, 700, 560))
  await page.open()
  return { page, layer }
}

function paintSquare(page: TestPage, layer: string, x: number, y: number): void {
  const put = (bytes: Uint8Array): string => {
    const [id] = Object.values(page.surface({ width: 256, height: 256, channels: 4, data: bytes }).tiles)
    return id ?? ''
  }
  const surface = writeRect(page.surfaceOf(layer), flat(10, 10, [9, 8, 7, 255]), { x, y }, page.get, put)
  replaceSurfaces(page.store, 'Square', [{ id: layer, surface }])
}

describe('at level 0 the display', () => {
  it.each([3, 105])('shows byte for byte what the document says (seed %i)', async (seed) => {
    const page = new TestPage(size)
    fillDocument(page, seed, 12)
    await page.open()
    expect(isSame(page.shown(), page.truth())).toBe(true)
    // Each in its turn, so that layers above opaque ones, below them and hidden ones all change.
    for (const record of page.store.records.values()) {
      if (record.kind === 'canvas') continue
      setOpacity(page.store, record.id, record.opacity === 1 ? 0.6 : 1)
      await page.settle()
      expect(isSame(page.shown(), page.truth()), record.id).toBe(true)
    }
  })

  it('does without what an opaque layer hides, and only without that', async () => {
    const page = new TestPage({ width: 300, height: 300 })
    const below = page.addLayer(opaque(1, 300, 300))
    const layer = page.addLayer(opaque(2, 600, 600), -200, -200)
    const tops = page.addLayer(picture(3, 200, 200))
    await page.open()
    const check = async (what: string): Promise<void> => {
      await page.settle()
      expect(isSame(page.shown(), page.truth()), what).toBe(true)
    }
    await check('opaque')
    setVisible(page.store, below, false)
    await check('with nothing below')
    setVisible(page.store, below, true)
    setBlendMode(page.store, layer, 'multiply')
    await check('multiplied')
    setBlendMode(page.store, layer, 'normal')
    setOpacity(page.store, layer, 0.5)
    await check('half opaque')
    setOpacity(page.store, layer, 1)
    setLayerMask(page.store, layer, { surface: page.surface(noise(4, 300, 300)), enabled: true })
    await check('under a mask')
    setVisible(page.store, layer, false)
    setVisible(page.store, tops, false)
    await check('hidden')
  })

  it('ends where the canvas ends, and so does every patch', async () => {
    const page = new TestPage({ width: 300, height: 200 })
    page.addLayer(opaque(1, 900, 900), -300, -300)
    await page.open()
    await page.look(0, { x: -1000, y: -1000, width: 3000, height: 3000 })
    expect(isSame(page.shown(), page.truth())).toBe(true)
    expect(page.patches().map(({ column, row, width, height }) => [column, row, width, height])).toEqual([
      [0, 0, 256, 200],
      [1, 0, 44, 200],
    ])
  })

  it('shows only what is below a view, the tiles in its middle first', async () => {
    const page = new TestPage({ width: 2000, height: 2000 })
    addRasterLayer(page.store, { surface: page.flatSurface([1, 2, 3, 255], 8, 8) })
    await page.open()
    const before = page.events.length
    page.display.clear()
    await page.engine.open({ records: [...page.store.records.values()] })
    await page.look(0, { x: 300, y: 300, width: 700, height: 700 })
    const drawn = page.patches(before).map(({ column, row }) => `${column},${row}`)
    expect(drawn.slice(0, 1)).toEqual(['2,2'])
    expect(new Set(drawn)).toEqual(new Set(['1,1', '2,1', '3,1', '1,2', '2,2', '3,2', '1,3', '2,3', '3,3']))
    expect(drawn.length).toBe(9)
  })
})

describe('at higher levels the display', () => {
  it.each([1, 2, 3])('shows layers that were halved %i times first', async (level) => {
    const page = new TestPage({ width: 528, height: 304 })
    const lower = picture(1, 528, 304)
    const upper = picture(2, 528, 304)
    const mask = noise(3, 528, 304)
    page.addLayer(lower)
    const layer = page.addLayer(upper)
    setLayerMask(page.store, layer, { surface: page.surface(mask), enabled: true })
    setOpacity(page.store, layer, 0.7)
    await page.open(level)
    const small = (pixels: Pixels): Pixels =>
      level === 0 ? pixels : Array.from({ length: level }).reduce<Pixels>(halved, pixels)
    const reference = new TestPage({ width: small(lower).width, height: small(lower).height })
    reference.addLayer(small(lower))
    const above = reference.addLayer(small(upper))
    setLayerMask(reference.store, above, { surface: reference.surface(small(mask)), enabled: true })
    setOpacity(reference.store, above, 0.7)
    expect(isSame(page.shown(level), reference.truth())).toBe(true)
  })

  it.each([1, 2, 3, 5])('is opaque to the very edge where the layers are (level %i)', async (level) => {
    const page = new TestPage({ width: 289, height: 263 })
    page.addLayer(opaque(1, 289, 263))
    page.addLayer(picture(2, 289, 263))
    await page.open(level)
    const { data } = page.shown(level)
    expect(data.filter((value, i) => i % 4 === 3 && value < 255)).toHaveLength(0)
  })

  it('stays right through changes of single tiles', async () => {
    const { page, layer } = await plain()
    await page.look(2)
    paintSquare(page, layer, 300, 300)
    await page.settle()
    const changed = page.shown(2)
    const again = new TestPage(size)
    again.addLayer(page.pixelsOf(page.surfaceOf(layer)))
    await again.open(2)
    expect(isSame(changed, again.shown(2))).toBe(true)
  })
})

describe('what is sent', () => {
  it('is the tiles that a change reaches, and nothing where nothing looks different', async () => {
    const { page, layer } = await plain()
    let before = page.events.length
    paintSquare(page, layer, 300, 10)
    await page.settle()
    expect(page.patches(before).map(({ column, row }) => [column, row])).toEqual([[1, 0]])
    before = page.events.length
    renameLayer(page.store, layer, 'Another name')
    addRasterLayer(page.store, { place: { parent: null } })
    await page.settle()
    expect(page.patches(before)).toEqual([])
    expect(isSame(page.shown(), page.truth())).toBe(true)
  })

  it('after undo is what there was before', async () => {
    const { page, layer } = await plain()
    const history = new History(page.store)
    const first = page.shown()
    paintSquare(page, layer, 250, 250)
    await page.settle()
    const second = page.shown()
    expect(isSame(first, second)).toBe(false)
    const before = page.events.length
    await history.undo()
    await page.settle()
    expect(page.patches(before)).toHaveLength(4)
    expect(isSame(page.shown(), first)).toBe(true)
    await history.redo()
    await page.settle()
    expect(isSame(page.shown(), second)).toBe(true)
  })

  it('is nothing when a view comes back to tiles that were sent, and all of them at another level', async () => {
    const { page } = await plain()
    await page.look(1)
    let before = page.events.length
    await page.look(0, { x: 0, y: 0, width: 300, height: 300 })
    expect(page.patches(before)).toEqual([])
    before = page.events.length
    await page.look(2)
    expect(page.patches(before)).toHaveLength(1)
  })

  it('says when everything is on its way, and after how many changes', async () => {
    const { page, layer } = await plain()
    paintSquare(page, layer, 0, 0)
    await page.settle()
    const last = page.events.at(-1)
    expect(last).toEqual({ type: 'shown', changes: 2 })
    expect(page.events.findLastIndex(({ type }) => type === 'patch')).toBeLessThan(page.events.length - 1)
  })

  it('is for the view that came last, where one overtakes another', async () => {
    const page = new TestPage({ width: 3000, height: 3000 })
    addRasterLayer(page.store, { surface: page.flatSurface([5, 6, 7, 255], 12, 12) })
    await page.open(4)
    const before = page.events.length
    void page.engine.view({ level: 0, rect: { x: 0, y: 0, width: 3000, height: 3000 } })
    while (page.patches(before).length < 2) await new Promise((resolve) => setImmediate(resolve))
    await page.look(0, { x: 2900, y: 2900, width: 100, height: 100 })
    expect(page.patches(before).length).toBeLessThan(6)
    expect(page.patches(before).at(-1)).toMatchObject({ column: 11, row: 11 })
  })

  it('begins anew with another document, another size, and none', async () => {
    const { page } = await plain()
    expect(page.events[0]).toEqual({ type: 'reset', canvas: size })
    await page.operate({ do: 'canvas-size', size: { width: 800, height: 300 }, offset: { x: 10, y: 0 } })
    await page.look(0)
    expect(page.events.filter(({ type }) => type === 'reset')).toHaveLength(2)
    expect(isSame(page.shown(), page.truth())).toBe(true)
    const before = page.events.length
    await page.engine.open({ records: null })
    await page.settle()
    expect(page.events.slice(before)).toEqual([
      { type: 'reset', canvas: { width: 0, height: 0 } },
      { type: 'outline', runs: new Float32Array() },
    ])
    await expect(page.engine.colourAt({ point: { x: 0, y: 0 } })).rejects.toMatchObject({ code: 'bad-request' })
  })
})

describe('the overlay', () => {
  /** Red by half where the mask hides. */
  function reddened(pixels: Pixels, mask: Pixels): Pixels {
    const data = new Uint8Array(pixels.data)
    mask.data.forEach((value, px) => {
      if (value < 255) over(data, px * 4, 255, 59, 48, (0.5 * (255 - value)) / 255)
    })
    return { ...pixels, data }
  }

  it('lays red where a mask hides, and where nothing is selected', async () => {
    const page = new TestPage(size)
    const layer = page.addLayer(picture(1, 600, 500))
    const mask = noise(2, 500, 300)
    setLayerMask(page.store, layer, { surface: page.surface(mask, 30, 40), enabled: false })
    const alone = addMaskLayer(page.store, { surface: page.surface(mask, 100, 0), place: { parent: null } })
    await page.open()
    await page.engine.overlay({ show: { layer, part: 'mask' } })
    await page.settle()
    expect(isSame(page.shown(), reddened(page.truth(), page.pixelsOf(page.maskOf(layer))))).toBe(true)
    await page.engine.overlay({ show: { layer: alone, part: 'pixels' } })
    await page.settle()
    expect(isSame(page.shown(), reddened(page.truth(), page.pixelsOf(page.surfaceOf(alone))))).toBe(true)
    await page.engine.overlay({ show: 'selection' })
    await page.settle()
    expect(isSame(page.shown(), page.truth())).toBe(true)
    setSelection(page.store, 'Select', page.surface(mask, 10, 10))
    await page.settle()
    expect(isSame(page.shown(), reddened(page.truth(), page.pixelsOf(page.store.canvas.selection!)))).toBe(true)
    await page.engine.overlay({ show: null })
    await page.settle()
    expect(farthest(page.shown(), page.truth())).toBe(0)
  })
})

describe('the outline', () => {
  const runs = (page: TestPage): number[][] => {
    const last = page.events.findLast((event) => event.type === 'outline')
    if (last?.type !== 'outline') throw new Error('no outline')
    return Array.from({ length: last.runs.length / 4 }, (_, i) => [...last.runs.subarray(i * 4, i * 4 + 4)])
  }

  it('goes around what is selected by half, and is told when that changes', async () => {
    const { page } = await plain()
    expect(runs(page)).toEqual([])
    const select = (mode: 'replace' | 'add', x: number, width: number): Promise<unknown> =>
      page.operate({ do: 'select', mode, shape: { kind: 'rectangle', rect: { x, y: 20, width, height: 300 } } })
    await select('replace', 10, 400)
    expect(runs(page)).toEqual([
      [10, 20, 410, 20],
      [410, 320, 10, 320],
      [10, 320, 10, 20],
      [410, 20, 410, 320],
    ])
    const before = page.events.length
    setOpacity(page.store, [...page.store.records.keys()].at(-1) ?? '', 0.5)
    await page.settle()
    expect(page.events.slice(before).some(({ type }) => type === 'outline')).toBe(false)
    setSelection(page.store, 'Deselect', null)
    await page.settle()
    expect(runs(page)).toEqual([])
  })

  it('of a large selection is found at a coarser level, and lies where the selection does', async () => {
    const page = new TestPage({ width: 3000, height: 3000 })
    await page.open(3)
    await page.operate({ do: 'select-all' })
    expect(runs(page)).toEqual([
      [0, 0, 3000, 0],
      [3000, 3000, 0, 3000],
      [0, 3000, 0, 0],
      [3000, 0, 3000, 3000],
    ])
  })

  it('of noise is coarse enough to be drawn', async () => {
    const { page } = await plain()
    setSelection(page.store, 'Noise', page.surface(noise(1, 700, 560)))
    await page.settle()
    expect(runs(page).length).toBeLessThan(20_001)
  })
})
