/** Questions about what the picture shows that are answered with yes or no, and masks and surfaces from elsewhere. */
import { describe, expect, it } from 'vitest'
import { addRasterLayer, setBlendMode, setLayerMask, setOpacity, setVisible } from '../../../src/document/index.ts'
import { crop } from '../../../src/raster/turn.ts'
import { isSame, TestPage } from './page.ts'
import { flat, noise, opaque, picture } from './scenes.ts'

const size = { width: 600, height: 400 }
const whole = { x: 0, y: 0, ...size }

describe('a rectangle', () => {
  it('has content where more than one colour shows in it', async () => {
    const page = new TestPage(size)
    addRasterLayer(page.store, { surface: page.surface(flat(600, 400, [255, 255, 255, 255])) })
    const dot = addRasterLayer(page.store, { surface: page.surface(flat(1, 1, [0, 0, 0, 255]), 520, 300) })
    await page.open()
    const has = (rect: typeof whole) => page.engine.hasContent({ rect })
    expect(await has(whole)).toBe(true)
    expect(await has({ x: 500, y: 290, width: 50, height: 50 })).toBe(true)
    // A bare background.
    expect(await has({ x: 0, y: 0, width: 500, height: 400 })).toBe(false)
    // What lies beyond the canvas is not looked at.
    expect(await has({ x: -500, y: -300, width: 700, height: 500 })).toBe(false)
    expect(await has({ x: 2000, y: 0, width: 50, height: 50 })).toBe(false)
    setVisible(page.store, dot, false)
    expect(await has(whole)).toBe(false)
  })

  it('has none where all is transparent, whatever colours that hides', async () => {
    const page = new TestPage(size)
    const hidden = picture(3, 300, 300)
    const clear = { ...hidden, data: hidden.data.map((value, i) => (i % 4 === 3 ? 0 : value)) }
    addRasterLayer(page.store, { surface: page.surface(clear) })
    await page.open()
    expect(await page.engine.hasContent({ rect: whole })).toBe(false)
  })

  it('that is large is looked at from afar, and what lies in it is seen', async () => {
    const page = new TestPage({ width: 5000, height: 3000 })
    addRasterLayer(page.store, { surface: page.flatSurface([255, 255, 255, 255], 20, 12) })
    const blot = addRasterLayer(page.store, { surface: page.surface(flat(40, 40, [0, 0, 0, 255]), 4300, 2600) })
    await page.open(3)
    const rect = { x: 1, y: 1, width: 4998, height: 2998 }
    expect(await page.engine.hasContent({ rect })).toBe(true)
    setVisible(page.store, blot, false)
    expect(await page.engine.hasContent({ rect })).toBe(false)
  })

  it('shows a layer as long as nothing hides, changes or shines through it there', async () => {
    const page = new TestPage(size)
    const below = addRasterLayer(page.store, { surface: page.surface(opaque(1, 600, 400)) })
    const layer = addRasterLayer(page.store, { surface: page.surface(opaque(2, 300, 280), 100, 50) })
    const above = addRasterLayer(page.store, { surface: page.surface(opaque(3, 40, 40), 380, 300) })
    await page.open()
    const rect = { x: 100, y: 50, width: 300, height: 280 }
    const shows = (part = rect) => page.engine.shows({ layer, rect: part })
    expect(await shows()).toBe(false)
    expect(await shows({ ...rect, width: 280 })).toBe(true)
    setVisible(page.store, above, false)
    expect(await shows()).toBe(true)
    expect(await page.engine.shows({ layer: below, rect })).toBe(false)
    setOpacity(page.store, layer, 0.99)
    expect(await shows()).toBe(false)
    setOpacity(page.store, layer, 1)
    setBlendMode(page.store, layer, 'multiply')
    expect(await shows()).toBe(false)
    setBlendMode(page.store, layer, 'normal')
    setLayerMask(page.store, layer, { surface: page.surface(noise(4, 300, 280), 100, 50), enabled: true })
    expect(await shows()).toBe(false)
  })

  it('shows a masked layer whose px beside the mask are those below it', async () => {
    const page = new TestPage(size)
    const picture = opaque(5, 600, 400)
    addRasterLayer(page.store, { surface: page.surface(picture) })
    const rect = { x: 200, y: 100, width: 200, height: 200 }
    const filled = crop(picture, rect)
    const mask = flat(200, 200, [0])
    for (let y = 80; y < 120; y++) {
      mask.data.fill(255, y * 200 + 80, y * 200 + 120)
      filled.data.fill(77, (y * 200 + 80) * 4, (y * 200 + 120) * 4)
      for (let x = 80; x < 120; x++) filled.data[(y * 200 + x) * 4 + 3] = 255
    }
    const layer = addRasterLayer(page.store, {
      surface: page.surface(filled, 200, 100),
      mask: page.surface(mask, 200, 100),
    })
    await page.open()
    expect(await page.engine.shows({ layer, rect })).toBe(true)
    expect(await page.engine.shows({ layer, rect: { ...rect, x: 199 } })).toBe(false)
  })
})

it('a mask from elsewhere becomes the surface of a layer’s mask, where it is put', async () => {
  const page = new TestPage(size)
  await page.open()
  const mask = noise(6, 300, 270)
  const { surface } = await page.engine.operate({ do: 'place-mask', mask, at: { x: -20, y: 30.4 } })
  expect(surface?.channels).toBe(1)
  expect(isSame(page.pixelsOf(surface!, { x: -20, y: 30, width: 300, height: 270 }), mask)).toBe(true)
  expect(page.pixelsOf(surface!, { x: 280, y: 30, width: 20, height: 270 }).data.every((value) => value === 0)).toBe(
    true,
  )
})

it('a surface that no layer shows is read as it is', async () => {
  const page = new TestPage(size)
  const pixels = picture(7, 280, 270)
  const surface = page.surface(pixels)
  await page.open()
  const rect = { x: 10, y: 20, width: 290, height: 250 }
  expect(isSame(await page.engine.read({ what: 'surface', surface, rect }), crop(pixels, rect))).toBe(true)
})
