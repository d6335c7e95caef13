/** Selections against the plain way: on the whole canvas at once. The canvas is wider than a block, so that borders are crossed. */
import { describe, expect, it } from 'vitest'
import {
  addGroup,
  addMaskLayer,
  addRasterLayer,
  renderTree,
  setLayerMask,
  setOpacity,
  setSelection,
} from '../../../src/document/index.ts'
import type { SelectionMode, SelectionShape } from '../../../src/editor/index.ts'
import { compositeTree } from '../../../src/raster/composite-tree.ts'
import { invertMask } from '../../../src/raster/mask.ts'
import { combineSelections, featherSelection, growSelection, shrinkSelection } from '../../../src/raster/selection.ts'
import { ellipseCoverage, polygonCoverage, rectCoverage } from '../../../src/raster/selection-shapes.ts'
import { StrokeBuilder } from '../../../src/raster/stroke.ts'
import type { PixelOperation } from '../../../src/renderer/src/pixels/pixels-api.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { farthest, isSame, TestPage } from './page.ts'
import { flat, noise, picture } from './scenes.ts'

const size = { width: 1300, height: 280 }
const canvas = { x: 0, y: 0, ...size }

async function empty(): Promise<TestPage> {
  return new TestPage(size).open(3)
}

/** Blobs at several places, one of them across the border of two blocks. */
const blobs: Pixels = (() => {
  const mask = { ...size, channels: 1, data: new Uint8Array(size.width * size.height) } as const
  for (const [x, y, r, value] of [
    [1020, 130, 60, 255],
    [300, 0, 40, 255],
    [700, 200, 30, 140],
    [1299, 279, 50, 255],
  ] as const) {
    const { data } = ellipseCoverage(canvas, { x: x - r, y: y - r, width: 2 * r, height: 2 * r })
    data.forEach((share, px) => {
      mask.data[px] = Math.max(mask.data[px]!, Math.round((share * value) / 255))
    })
  }
  return mask
})()

async function withBlobs(): Promise<TestPage> {
  const page = await empty()
  setSelection(page.store, 'Select', page.surface(blobs))
  return page
}

const selection = (page: TestPage): Pixels => {
  const { selection } = page.store.canvas
  return selection === null ? flat(size.width, size.height, [0]) : page.pixelsOf(selection)
}

describe('a shape', () => {
  const brush = { size: 90, hardness: 0.2, spacing: 0.1, opacity: 0.6, pressure: { size: true, opacity: true } }
  const points = [
    { x: 500, y: -20, pressure: 0.4 },
    { x: 900.5, y: 250, pressure: 1 },
    { x: 1400, y: 100, pressure: 0.8 },
  ]
  const builder = new StrokeBuilder(brush, canvas)
  for (const point of points) builder.add(point)
  const shapes: readonly [SelectionShape, Uint8Array][] = [
    [
      { kind: 'rectangle', rect: { x: 250.5, y: -30, width: 700.25, height: 200 } },
      rectCoverage(canvas, { x: 250.5, y: -30, width: 700.25, height: 200 }).data,
    ],
    [
      { kind: 'ellipse', rect: { x: 900, y: 20, width: 500, height: 200 } },
      ellipseCoverage(canvas, { x: 900, y: 20, width: 500, height: 200 }).data,
    ],
    [{ kind: 'lasso', points }, polygonCoverage(canvas, points).data],
    [{ kind: 'brush', points, brush }, builder.read(canvas).map((value) => Math.round(value * 0.6))],
  ]

  it.each(shapes)('is what is selected, and joins what was (%o)', async (shape, coverage) => {
    const page = await withBlobs()
    const old = selection(page)
    const drawn: Pixels = { ...size, channels: 1, data: coverage }
    const joined = (mode: SelectionMode): Pixels => (mode === 'replace' ? drawn : combineSelections(old, drawn, mode))
    for (const mode of ['replace', 'add', 'subtract', 'intersect'] as const) {
      setSelection(page.store, 'Select', page.surface(old))
      await page.operate({ do: 'select', shape, mode })
      expect(isSame(selection(page), joined(mode)), mode).toBe(true)
    }
  })

  it('begins anew where nothing was selected, and takes nothing from nothing', async () => {
    const page = await empty()
    const shape: SelectionShape = { kind: 'rectangle', rect: { x: 10, y: 10, width: 30, height: 30 } }
    for (const mode of ['subtract', 'intersect'] as const) {
      expect((await page.operate({ do: 'select', shape, mode })).picture).toEqual({})
    }
    await page.operate({ do: 'select', shape, mode: 'add' })
    expect(isSame(selection(page), rectCoverage(canvas, shape.rect))).toBe(true)
  })

  it('that leaves nothing selected ends the selection', async () => {
    const page = await withBlobs()
    const all: SelectionShape = { kind: 'rectangle', rect: canvas }
    const none: SelectionShape = { kind: 'rectangle', rect: { x: -50, y: 0, width: 50, height: 50 } }
    expect((await page.engine.operate({ do: 'select', shape: all, mode: 'subtract' })).picture).toEqual({
      selection: null,
    })
    expect((await page.engine.operate({ do: 'select', shape: none, mode: 'replace' })).picture).toEqual({
      selection: null,
    })
    expect((await page.engine.operate({ do: 'select', shape: none, mode: 'intersect' })).picture).toEqual({
      selection: null,
    })
    expect((await page.engine.operate({ do: 'select', shape: none, mode: 'add' })).picture).toEqual({})
  })
})

describe('the selection', () => {
  it.each<[PixelOperation['do'] & `select-${string}`, number, (mask: Pixels, px: number) => Pixels]>([
    ['select-grow', 12.5, growSelection],
    ['select-grow', 150, growSelection],
    ['select-shrink', 9, shrinkSelection],
    ['select-feather', 20, featherSelection],
  ])('by %s of %f px is what it is on the whole canvas', async (what, px, plain) => {
    const page = await withBlobs()
    await page.operate({ do: what, px } as PixelOperation)
    // Sums of floats that begin elsewhere may round another way.
    expect(farthest(selection(page), plain(blobs, px))).toBeLessThanOrEqual(what === 'select-feather' ? 1 : 0)
    expect(farthest(selection(page), blobs)).toBeGreaterThan(100)
  })

  it('can be all, and can be turned inside out', async () => {
    const page = await empty()
    await page.operate({ do: 'select-all' })
    expect(isSame(selection(page), flat(1300, 280, [255]))).toBe(true)
    // Whole tiles of 255, and partial ones at the border: four different ones.
    expect(new Set(Object.values(page.store.canvas.selection?.tiles ?? {})).size).toBe(4)
    await page.operate({ do: 'select-invert' })
    expect(page.store.canvas.selection).toBe(null)
    await page.operate({ do: 'select-invert' })
    expect(isSame(selection(page), flat(1300, 280, [255]))).toBe(true)
    setSelection(page.store, 'Select', page.surface(blobs))
    await page.operate({ do: 'select-invert' })
    expect(isSame(selection(page), invertMask(blobs))).toBe(true)
  })

  it('that is not there cannot be grown', async () => {
    const page = await empty()
    expect(await page.engine.operate({ do: 'select-grow', px: 5 })).toEqual({ changes: [], picture: {}, surface: null })
  })

  it('is the alpha of a layer under its mask, of a group as it is drawn, or a mask', async () => {
    const page = await empty()
    const layer = page.addLayer(picture(1, 500, 400), -20, -50)
    setLayerMask(page.store, layer, { surface: page.surface(noise(2, 450, 300), 10, 0), enabled: true })
    setOpacity(page.store, layer, 0.3)
    const group = addGroup(page.store, { place: { parent: null } })
    addRasterLayer(page.store, { place: { parent: group }, surface: page.surface(picture(3, 300, 100), 200, 50) })
    addRasterLayer(page.store, { place: { parent: group }, surface: page.surface(picture(4, 300, 100), 400, 90) })
    const mask = addMaskLayer(page.store, {
      surface: page.surface(noise(5, 300, 400), 50, -60),
      place: { parent: null },
    })
    await page.settle()
    const alphaOf = (id: string): number[] => {
      const nodes = renderTree(page.store.records, size).children.filter((node) => node.id === id)
      const { data } = compositeTree(
        nodes.map((node) => ({ ...node, opacity: 1 })),
        canvas,
        page.get,
      )
      return Array.from({ length: size.width * size.height }, (_, px) => data[px * 4 + 3]!)
    }
    for (const id of [layer, group]) {
      await page.operate({ do: 'select-layer', target: { layer: id, part: 'pixels' } })
      expect(Buffer.compare(selection(page).data, Uint8Array.from(alphaOf(id))), id).toBe(0)
    }
    await page.operate({ do: 'select-layer', target: { layer, part: 'mask' } })
    expect(isSame(selection(page), page.pixelsOf(page.maskOf(layer)))).toBe(true)
    await page.operate({ do: 'select-layer', target: { layer: mask, part: 'pixels' } })
    expect(isSame(selection(page), page.pixelsOf(page.surfaceOf(mask)))).toBe(true)
    const noMask = page.engine.operate({ do: 'select-layer', target: { layer: group, part: 'mask' } })
    await expect(noMask).rejects.toThrow(/has no mask/)
  })

  it('as a mask is itself, or the whole canvas', async () => {
    const page = await empty()
    const all = await page.engine.operate({ do: 'mask-of-selection' })
    expect(
      isSame(page.pixelsOf(all.surface!, { ...canvas, x: -10 }), {
        width: 1300,
        height: 280,
        channels: 1,
        data: flat(1300, 280, [255]).data.map((_, px) => (px % 1300 < 10 ? 0 : 255)),
      }),
    ).toBe(true)
    setSelection(page.store, 'Select', page.surface(blobs))
    const {
      surface,
      changes,
      picture: { selection },
    } = await page.engine.operate({ do: 'mask-of-selection' })
    expect(surface).toEqual(page.store.canvas.selection)
    expect([changes, selection]).toEqual([[], undefined])
  })
})
