/** What the canvas shows of generating in a real browser: zones, staged pictures, the slider that compares, doubt and mixing. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CanvasPage, openCanvasPage } from '../kit/canvas-page.ts'
import type { PageOptions } from '../kit/canvas-page-entry.ts'
import { noBrowser } from '../kit/studio-page.ts'

type Px = readonly [number, number, number, number]
const overlayLayer = 2
const frame = { x: 64, y: 64, width: 128, height: 128 }
const nothing: Px = [0, 0, 0, 0]

describe.skipIf(noBrowser)(`generating on the canvas${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, () => {
  let canvas: CanvasPage

  beforeAll(async () => {
    canvas = await openCanvasPage()
  })
  afterAll(() => canvas?.close())
  beforeEach(() => canvas.page.mouse.move(790, 590))

  async function open(options: PageOptions = {}, camera: readonly [number, number, number] = [0, 0, 1]) {
    await canvas.page.evaluate(
      ([options, camera]) => {
        window.canvasPage.open(options)
        window.canvasPage.setCamera(...camera)
      },
      [{ frame: { ...frame, x: 900 }, ...options }, camera] as const,
    )
  }

  /** Px above the picture, after the next frame. */
  function px(...points: readonly (readonly [number, number])[]): Promise<Px[]> {
    return canvas.page.evaluate(
      async ([layer, points]) => {
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
        const context = document.querySelectorAll('canvas')[layer]?.getContext('2d')
        return points.map(([x, y]) => [...context!.getImageData(x, y, 1, 1).data] as unknown as Px)
      },
      [overlayLayer, points] as const,
    )
  }

  /** Cells of 4 px over the frame; meant are those of columns 8 to 23. */
  const showZones = (feather = 0) =>
    canvas.page.evaluate(
      ([area, feather]) => {
        const cells = Uint8Array.from({ length: 32 * 32 }, (_, i) => (i % 32 >= 8 && i % 32 < 24 ? 255 : 0))
        const zones = { area, columns: 32, rows: 32, cells, mask: area, feather }
        window.canvasPage.set({ generation: { zones } })
      },
      [frame, feather] as const,
    )

  /** A staged picture of one colour in place of the frame. */
  const stage = (changes: { readonly compare?: number; readonly mixWith?: number; readonly doubt?: boolean } = {}) =>
    canvas.page.evaluate(
      ([rect, { compare = null, mixWith = null, doubt = false }]) => {
        const pixels = { width: 1, height: 1, channels: 3, data: Uint8Array.of(9, 200, 7) } as const
        const picture = { id: 'a', seed: 1, rect, pixels, pictureId: null, unchanged: null, cells: 1 }
        window.canvasPage.set({
          staging: {
            verb: 'fill',
            prompt: '',
            pictures: [{ ...picture, steps: { taken: 1, of: 1 } }],
            expected: 1,
            shown: 1,
            compare,
            step: null,
            steps: 0,
            confidence: null,
            mixWith,
            layer: null,
          },
        })
        // Of two cells the right one is doubtful.
        const doubtful = doubt ? { area: rect, columns: 2, rows: 1, cells: Uint8Array.of(0, 255) } : null
        window.canvasPage.draw({ pixels, rect, doubtful })
      },
      [frame, changes] as const,
    )

  describe('before a run', () => {
    test('cells that are drawn anew have a tint, those around them have none', async () => {
      await open({ tool: 'move' })
      await showZones()
      const [before, inside, after] = await px([80, 128], [128, 128], [176, 128])
      expect([before, after]).toEqual([nothing, nothing])
      expect(inside?.[3]).toBeGreaterThan(50)
    })

    test('while colours are worked on there is a line around them alone', async () => {
      await open({ tool: 'brush' })
      await showZones()
      const [border, inside] = await px([96, 128], [128, 128])
      expect(border?.[3]).toBeGreaterThan(200)
      expect(inside).toEqual(nothing)
    })

    test('the line shows on any picture: its middle is light and its sides are dark', async () => {
      await open({ tool: 'brush' })
      await showZones()
      const [side, middle, other] = await px([95, 128], [96, 128], [97, 128])
      const light = (px: Px | undefined) => (px === undefined ? 0 : px[0] + px[1] + px[2])
      expect(light(middle)).toBeGreaterThan(light(side) + 200)
      expect(light(middle)).toBeGreaterThan(light(other) + 200)
      expect([side?.[3], other?.[3]].every((alpha) => (alpha ?? 0) > 100)).toBe(true)
    })

    test('cells at the edge that are blended look different from those that are new to the full', async () => {
      await open({ tool: 'move' })
      await showZones(12)
      const [blended, full] = await px([101, 130], [128, 130])
      expect(blended).not.toEqual(full)
    })

    test('near enough, cells have lines between them', async () => {
      await open({ tool: 'move' }, [-800, -800, 10])
      await showZones()
      // Cells of 40 px: their borders lie at 80 + 40 n.
      const [line, cell] = await px([360, 270], [380, 270])
      expect(line).not.toEqual(cell)
    })

    test('all of it goes while a run goes on and while results wait', async () => {
      await open({ tool: 'move' })
      await showZones()
      await canvas.page.evaluate(() =>
        window.canvasPage.set({ generation: { running: { text: '', share: 0, secondsLeft: null, stopping: false } } }),
      )
      expect(await px([128, 128], [96, 128])).toEqual([nothing, nothing])
    })
  })

  describe('a staged picture', () => {
    test('hides the picture where its mask is strong, and there alone', async () => {
      await open({ tool: 'move' })
      await canvas.page.evaluate((rect) => {
        const pixels = { width: 2, height: 1, channels: 3, data: Uint8Array.of(9, 8, 7, 9, 8, 7) } as const
        const mask = { width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 255) } as const
        window.canvasPage.draw({ pixels, rect, mask })
      }, frame)
      expect(await px([70, 128], [186, 128])).toEqual([nothing, [9, 8, 7, 255]])
    })

    test('that is large is shown whole, and only the last one of several', async () => {
      await open({ tool: 'move' })
      await canvas.page.evaluate((rect) => {
        for (const colour of [50, 90]) {
          const data = new Uint8Array(2048 * 2048 * 3).fill(colour)
          window.canvasPage.draw({ pixels: { width: 2048, height: 2048, channels: 3, data }, rect })
        }
      }, frame)
      await expect
        .poll(() => px([70, 70], [186, 186]))
        .toEqual([
          [90, 90, 90, 255],
          [90, 90, 90, 255],
        ])
    })

    test('ends at the slider that compares it with the original', async () => {
      await open({ tool: 'move' })
      await stage({ compare: 0.5 })
      expect(await px([100, 100], [160, 100])).toEqual([nothing, [9, 200, 7, 255]])
    })

    test('its slider is dragged, and moved with the arrow keys', async () => {
      await open({ tool: 'move' })
      await stage({ compare: 0.5 })
      const slider = canvas.page.getByRole('slider', { name: 'Border between original and result' })
      const box = await slider.boundingBox()
      // The canvas page has no style sheet: only where the slider begins is sure.
      await canvas.page.mouse.move(box!.x + 0.5, 128)
      await slider.dispatchEvent('pointerdown', {
        clientX: 128,
        clientY: 128,
        button: 0,
        pointerId: 1,
        isPrimary: true,
      })
      await slider.dispatchEvent('pointermove', { clientX: 160, clientY: 128, pointerId: 1, isPrimary: true })
      await slider.dispatchEvent('pointerup', { clientX: 160, clientY: 128, pointerId: 1, isPrimary: true })
      const compare = () => canvas.page.evaluate(() => window.canvasPage.staging()?.compare)
      expect(await compare()).toBeCloseTo(0.75)
      await slider.press('ArrowLeft')
      expect(await compare()).toBeCloseTo(0.73)
      await slider.press('Shift+ArrowRight')
      expect(await compare()).toBeCloseTo(0.83)
      await slider.press('Home')
      expect(await compare()).toBe(0)
      await slider.press('End')
      expect(await slider.getAttribute('aria-valuetext')).toBe('100 % original')
      // Nothing of it came to the editor.
      expect(
        await canvas.page.evaluate(() => window.canvasPage.inputs.filter(({ type }) => type === 'keydown')),
      ).toEqual([])
    })

    test('doubtful cells are marked, right of the slider alone', async () => {
      await open({ tool: 'move' })
      await stage({ doubt: true })
      const [sure, doubtful] = await px([80, 100], [176, 100])
      expect(sure).toEqual([9, 200, 7, 255])
      expect(doubtful?.[0]).toBeGreaterThan(100)
      await stage({ doubt: true, compare: 1 })
      expect(await px([176, 100])).toEqual([nothing])
    })

    test('another is painted over it with the pointer, which the editor hears nothing of', async () => {
      await open({ tool: 'move' })
      await stage({ mixWith: 2 })
      await canvas.page.mouse.move(100, 100)
      await canvas.page.mouse.down()
      await canvas.page.mouse.move(120, 110, { steps: 4 })
      await canvas.page.mouse.up()
      const mixed = await canvas.page.evaluate(() => window.canvasPage.mixed)
      expect(mixed[0]?.points).toEqual([{ x: 100, y: 100 }])
      expect(mixed.at(-1)?.points.at(-1)).toEqual({ x: 120, y: 110 })
      // Without a gap: each part begins where the one before ended.
      for (const [i, { points }] of mixed.entries()) if (i > 0) expect(points[0]).toEqual(mixed[i - 1]?.points.at(-1))
      const types = await canvas.page.evaluate(() => window.canvasPage.inputs.map(({ type }) => type))
      expect(types).not.toContain('pointerdown')
      await stage()
      await canvas.page.mouse.down()
      await canvas.page.mouse.up()
      expect(await canvas.page.evaluate(() => window.canvasPage.inputs.map(({ type }) => type))).toContain(
        'pointerdown',
      )
    })
  })

  test('nothing was complained of', () => {
    expect(canvas.complaints).toEqual([])
  })
})
