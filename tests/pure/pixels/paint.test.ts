/** Fills, the bucket, clearing and masks against the plain way: on the whole canvas at once. */
import { describe, expect, it } from 'vitest'
import { addMaskLayer, setLayerMask, setSelection } from '../../../src/document/index.ts'
import type { Target } from '../../../src/editor/index.ts'
import { floodCoverage } from '../../../src/raster/flood.ts'
import { eraseCoverage, paintCoverage } from '../../../src/raster/paint.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { isSame, TestPage } from './page.ts'
import { flat, noise, opaque, picture } from './scenes.ts'

const size = { width: 400, height: 300 }
const colour = [10, 200, 30] as const
const beyond = { x: -256, y: -256, width: 1024, height: 1024 }

/** A layer that is larger than the canvas, with a mask. */
async function masked(): Promise<{ page: TestPage; layer: string; pixels: Target; mask: Target }> {
  const page = new TestPage(size)
  const layer = page.addLayer(picture(1, 600, 500), -100, -100)
  setLayerMask(page.store, layer, { surface: page.surface(noise(2, 300, 200), 20, 20), enabled: true })
  await page.open()
  return { page, layer, pixels: { layer, part: 'pixels' }, mask: { layer, part: 'mask' } }
}

const select = (page: TestPage): Uint8Array => {
  setSelection(page.store, 'Select', page.surface(noise(5, 200, 180), 100, 90))
  return page.pixelsOf(page.store.canvas.selection!).data
}

const full = (): Uint8Array => new Uint8Array(size.width * size.height).fill(255)

/** The canvas's px of a picture that reaches beyond it, replaced. */
function within(all: Pixels, inner: Pixels): Pixels {
  const data = new Uint8Array(all.data)
  const { channels } = all
  for (let y = 0; y < inner.height; y++) {
    const line = inner.data.subarray(y * inner.width * channels, (y + 1) * inner.width * channels)
    data.set(line, ((y - beyond.y) * all.width - beyond.x) * channels)
  }
  return { ...all, data }
}

describe.each([false, true])('with a selection: %s', (isSelected) => {
  it.each(['pixels', 'mask'] as const)('fill covers the canvas (%s)', async (part) => {
    const scene = await masked()
    const { page } = scene
    const selection = isSelected ? select(page) : undefined
    const surface = () => (part === 'mask' ? page.maskOf(scene.layer) : page.surfaceOf(scene.layer))
    const before = page.pixelsOf(surface(), beyond)
    const inside = page.pixelsOf(surface())
    await page.operate({ do: 'fill', target: scene[part], colour })
    const grey = [124, 124, 124] as const
    const want = paintCoverage(inside, full(), part === 'mask' ? grey : colour, 1, selection)
    expect(isSame(page.pixelsOf(surface(), beyond), within(before, want))).toBe(true)
    expect(isSame(page.shown(), page.truth())).toBe(true)
  })

  it.each(['pixels', 'mask'] as const)(
    'clear empties it, without a selection beyond the canvas too (%s)',
    async (part) => {
      const scene = await masked()
      const { page } = scene
      const selection = isSelected ? select(page) : undefined
      const surface = () => (part === 'mask' ? page.maskOf(scene.layer) : page.surfaceOf(scene.layer))
      const before = page.pixelsOf(surface(), beyond)
      const want = eraseCoverage(page.pixelsOf(surface()), full(), 1, selection)
      await page.operate({ do: 'clear', target: scene[part] })
      if (isSelected) expect(isSame(page.pixelsOf(surface(), beyond), within(before, want))).toBe(true)
      else expect(surface().tiles).toEqual({})
      expect(isSame(page.shown(), page.truth())).toBe(true)
    },
  )

  it('inverting a mask twice gives it back inside the canvas', async () => {
    const { page, layer } = await masked()
    if (isSelected) setSelection(page.store, 'Select', page.flatSurface([255], 1, 1))
    await page.settle()
    const before = page.pixelsOf(page.maskOf(layer))
    await page.operate({ do: 'invert-mask', layer })
    const inverted = page.pixelsOf(page.maskOf(layer))
    before.data.forEach((value, px) => {
      const isIn = !isSelected || (px % size.width < 256 && px < 256 * size.width)
      if (inverted.data[px] !== (isIn ? 255 - value : value)) expect.fail(`px ${px}`)
    })
    await page.operate({ do: 'invert-mask', layer })
    expect(isSame(page.pixelsOf(page.maskOf(layer)), before)).toBe(true)
  })
})

describe('the bucket', () => {
  /** Three stripes; the outer two are alike. */
  async function striped(): Promise<{ page: TestPage; layer: string; target: Target }> {
    const page = new TestPage(size)
    const stripes = flat(400, 300, [200, 10, 10, 255])
    for (let px = 0; px < 400 * 300; px++) {
      const x = px % 400
      stripes.data[px * 4 + 1] = (px * 7) % 12
      if (x >= 150 && x < 180) stripes.data[px * 4] = 20
    }
    const layer = page.addLayer(stripes)
    await page.open()
    return { page, layer, target: { layer, part: 'pixels' } }
  }

  it.each([true, false])('fills what is like the px that was clicked (contiguous: %s)', async (contiguous) => {
    const { page, layer, target } = await striped()
    const before = page.pixelsOf(page.surfaceOf(layer))
    await page.operate({ do: 'flood', target, point: { x: 30.7, y: 40.2 }, colour, tolerance: 15, contiguous })
    const coverage = floodCoverage(before, 30, 40, 15, contiguous).data
    const want = paintCoverage(before, coverage, colour, 1)
    expect(isSame(page.pixelsOf(page.surfaceOf(layer)), want)).toBe(true)
    expect([...want.data.subarray(300 * 4, 300 * 4 + 1)]).toEqual([contiguous ? 200 : 10])
  })

  it('goes through the selection only, as far as that is selected', async () => {
    const { page, layer, target } = await striped()
    // Two islands of one colour.
    const islands = flat(400, 300, [0])
    for (let px = 0; px < islands.data.length; px++) {
      const x = px % 400
      if (x < 40) islands.data[px] = 255
      if (x >= 60 && x < 100) islands.data[px] = 100
    }
    setSelection(page.store, 'Select', page.surface(islands))
    await page.settle()
    const fill = (contiguous: boolean, x: number) =>
      page.engine.operate({ do: 'flood', target, point: { x, y: 7 }, colour, tolerance: 20, contiguous })
    const filled = async (contiguous: boolean, x: number): Promise<number[]> => {
      const { changes } = await fill(contiguous, x)
      const after = page.pixelsOf(changes[0]?.surface ?? page.surfaceOf(layer))
      return [10, 50, 80, 120].map((at) => after.data[at * 4]!)
    }
    expect(await filled(true, 10)).toEqual([10, 200, 200, 200])
    expect(await filled(true, 70)).toEqual([200, 200, Math.round(200 + (10 - 200) * (100 / 255)), 200])
    expect(await filled(false, 10)).toEqual([10, 200, 125, 200])
    expect((await fill(true, 50)).changes).toEqual([])
  })

  it('fills what is empty, and finds nothing beside the canvas', async () => {
    const page = new TestPage(size)
    const layer = page.addLayer(opaque(1, 20, 20), 100, 100)
    await page.open()
    const target: Target = { layer, part: 'pixels' }
    const flood = { do: 'flood', target, colour, tolerance: 0, contiguous: true } as const
    expect((await page.engine.operate({ ...flood, point: { x: -1, y: 5 } })).changes).toEqual([])
    expect((await page.engine.operate({ ...flood, point: { x: 400, y: 5 } })).changes).toEqual([])
    const before = page.pixelsOf(page.surfaceOf(layer))
    await page.operate({ ...flood, point: { x: 5, y: 5 } })
    const after = page.pixelsOf(page.surfaceOf(layer))
    for (let px = 0; px < 400 * 300; px++) {
      const was = before.data.subarray(px * 4, px * 4 + 4)
      const want = was[3] === 255 ? [...was] : [...colour, 255]
      if (want.some((value, c) => value !== after.data[px * 4 + c])) expect.fail(`px ${px}`)
    }
  })

  it('on a mask layer fills by brightness', async () => {
    const page = new TestPage(size)
    const mask = addMaskLayer(page.store, { surface: page.flatSurface([40], 1, 1), place: { parent: null } })
    await page.open()
    const target: Target = { layer: mask, part: 'pixels' }
    await page.operate({
      do: 'flood',
      target,
      point: { x: 1, y: 1 },
      colour: [255, 255, 255],
      tolerance: 3,
      contiguous: true,
    })
    const { data } = page.pixelsOf(page.surfaceOf(mask))
    expect([data[0], data[255], data[256]]).toEqual([255, 255, 0])
  })
})

describe('an operation', () => {
  it('that changes nothing returns nothing', async () => {
    const { page, mask, layer } = await masked()
    const nothing = { changes: [], picture: {}, surface: null }
    setLayerMask(page.store, layer, { surface: page.surface(flat(400, 300, [255])), enabled: true })
    await page.settle()
    expect(await page.engine.operate({ do: 'fill', target: mask, colour: [255, 255, 255] })).toEqual(nothing)
    await page.operate({ do: 'clear', target: mask })
    expect(await page.engine.operate({ do: 'clear', target: mask })).toEqual(nothing)
  })

  it('says from which px it was made, so that it cannot overwrite newer ones', async () => {
    const { page, pixels } = await masked()
    const late = page.engine.operate({ do: 'fill', target: pixels, colour })
    const early = await page.engine.operate({ do: 'clear', target: pixels })
    page.commit(early)
    const result = await late
    expect(() => page.commit(result)).toThrow(/changed in the meantime/)
  })

  it('is refused on a group, on a mask that is not there, and on a layer that is gone', async () => {
    const { page } = await masked()
    const other = page.addLayer(flat(10, 10, [1, 2, 3, 4]))
    await page.settle()
    for (const target of [
      { layer: 'layer-99', part: 'pixels' },
      { layer: other, part: 'mask' },
    ] as const) {
      for (const what of ['fill', 'clear'] as const) {
        const operation = { do: what, target, colour }
        await expect(page.engine.operate(operation)).rejects.toMatchObject({ code: 'bad-request' })
      }
    }
    await expect(page.engine.operate({ do: 'invert-mask', layer: other })).rejects.toThrow(/has no mask/)
  })
})
