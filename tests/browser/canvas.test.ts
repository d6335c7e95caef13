/** The canvas alone in a real browser: what its px show, what a person's doing becomes, and what it asks for. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CanvasPage, openCanvasPage } from '../kit/canvas-page.ts'
import type { PageOptions } from '../kit/canvas-page-entry.ts'
import { noBrowser } from '../kit/studio-page.ts'

type Px = readonly [number, number, number, number]
const [pictureLayer, antsLayer, overlayLayer] = [0, 1, 2] as const

describe.skipIf(noBrowser)(`the canvas${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, () => {
  let canvas: CanvasPage

  beforeAll(async () => {
    canvas = await openCanvasPage()
  })
  afterAll(() => canvas?.close())
  beforeEach(() => canvas.page.mouse.move(790, 590))

  /** A document with its picture shown, at a camera. */
  async function open(options: PageOptions, camera: readonly [x: number, y: number, zoom: number] = [0, 0, 1]) {
    await canvas.page.evaluate(
      async ([options, camera]) => {
        window.canvasPage.open(options)
        window.canvasPage.setCamera(...camera)
        for (let i = 0; i < 4; i++) await new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 10))
      },
      [options, camera] as const,
    )
  }

  /** Px of one of the canvases, as they are after the next frame. */
  function px(layer: number, ...points: readonly (readonly [number, number])[]): Promise<Px[]> {
    return canvas.page.evaluate(
      async ([layer, points]) => {
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
        const context = document.querySelectorAll('canvas')[layer]?.getContext('2d')
        return points.map(([x, y]) => [...context!.getImageData(x, y, 1, 1).data] as unknown as Px)
      },
      [layer, points] as const,
    )
  }

  const colours = (...points: readonly (readonly [number, number])[]): Promise<Px[]> =>
    canvas.page.evaluate((points) => points.map(([x, y]) => window.canvasPage.colourOf(x, y) as unknown as Px), points)

  const inputs = () => canvas.page.evaluate(() => window.canvasPage.inputs)
  const views = () => canvas.page.evaluate(() => window.canvasPage.views)

  test.each([
    [1, -100, -30],
    [0.37, 20, 15],
    [8, -700, -1200],
    [2.5, -700, -333],
  ])('shows each px of the picture where it belongs at zoom %d', async (zoom, x, y) => {
    await open({ frame: { x: 0, y: 0, width: 1, height: 1 } }, [x, y, zoom])
    // The middles of blocks, which no smoothing reaches.
    const middles = [0, 1, 2, 3, 4, 5].map((i) => [32 + 64 * (i * 2 + 1), 32 + 64 * (i + 2)] as const)
    const seen = middles
      .map(([cx, cy]) => ({
        at: [Math.floor(cx * zoom + x) + 3, Math.floor(cy * zoom + y) + 3] as const,
        of: [cx, cy] as const,
      }))
      .filter(({ at: [sx, sy] }) => sx >= 0 && sy >= 0 && sx < 800 && sy < 600)
    expect(seen.length).toBeGreaterThan(0)
    expect(await px(pictureLayer, ...seen.map(({ at }) => at))).toEqual(await colours(...seen.map(({ of }) => of)))
  })

  test('has no seam between tiles and none between px, at any zoom', async () => {
    for (const zoom of [0.3, 0.37, 0.77, 1.3, 2.7, 5.1]) {
      await open({ canvas: { width: 900, height: 900 } }, [3.3, 5.7, zoom])
      const lets = await canvas.page.evaluate((zoom) => {
        const context = document.querySelector('canvas')!.getContext('2d')!
        const side = Math.floor(Math.min(590, 890 * zoom))
        const { data } = context.getImageData(8, 8, side, side)
        return data.filter((value, i) => i % 4 === 3 && value !== 255).length
      }, zoom)
      expect(lets, `zoom ${zoom}`).toBe(0)
    }
  })

  test('is sharp from 200 % on and shows the borders of px from 800 % on', async () => {
    await open({}, [0, 0, 4])
    expect(await px(pictureLayer, [255, 100], [256, 100])).toEqual(await colours([63, 25], [64, 25]))
    await open({}, [0, 0, 8])
    const [border, inside] = await px(pictureLayer, [80, 85], [84, 85])
    expect([inside]).toEqual(await colours([10, 10]))
    expect(border).not.toEqual(inside)
  })

  test('shows the checkerboard where the picture lets light through, and no more of it after a second patch', async () => {
    await open({ alphas: [255, 128], checkerboard: 'light' })
    const [first, second, opaque] = await px(pictureLayer, [66, 10], [74, 10], [10, 10])
    const [[r]] = (await colours([66, 10])) as [Px]
    // The squares are 8 px wide: grey here, white there, and half of each comes through.
    expect(Math.abs(first![0] - (r * 128 + 220 * 127) / 255)).toBeLessThan(2)
    expect(Math.abs(second![0] - (r * 128 + 255 * 127) / 255)).toBeLessThan(2)
    expect([opaque]).toEqual(await colours([10, 10]))
    await canvas.page.evaluate(() =>
      window.canvasPage.sendTiles({ level: 0, rect: { x: 0, y: 0, width: 256, height: 256 } }),
    )
    expect(await px(pictureLayer, [66, 10], [74, 10])).toEqual([first, second])
  })

  test('shows nothing beside the picture but its shadow', async () => {
    await open({}, [300, 200, 0.37])
    const [far, near] = await px(pictureLayer, [100, 100], [295, 300])
    expect(far).toEqual([0, 0, 0, 0])
    expect(near?.[3]).toBeGreaterThan(0)
  })

  test('asks for what is visible, in whole tiles, and only when that changes', async () => {
    await open({ canvas: { width: 3000, height: 2000 } }, [-300, 0, 1])
    expect((await views()).at(-1)).toEqual({ level: 0, rect: { x: 256, y: 0, width: 1024, height: 768 } })
    const before = (await views()).length
    await canvas.page.evaluate(() => window.canvasPage.setCamera(-310, -5, 1))
    await px(pictureLayer)
    expect(await views()).toHaveLength(before)
    await canvas.page.evaluate(() => window.canvasPage.setCamera(0, 0, 0.2))
    await px(pictureLayer)
    expect((await views()).slice(before)).toEqual([{ level: 2, rect: { x: 0, y: 0, width: 3000, height: 2000 } }])
  })

  test('goes on showing what it has while another level is on its way', async () => {
    await open({ canvas: { width: 2000, height: 1200 } }, [0, 0, 0.4])
    const points = [
      [100, 100],
      [300, 200],
    ] as const
    const before = await px(pictureLayer, ...points)
    const shown = await canvas.page.evaluate(async (points) => {
      window.canvasPage.setCamera(0, 0, 1)
      // In the very same task: nothing of level 0 can have arrived.
      const context = document.querySelector('canvas')!.getContext('2d')!
      return points.map(([x, y]) => [...context.getImageData(x * 2.5, y * 2.5, 1, 1).data])
    }, points)
    expect(shown).toEqual(before)
    await open({ canvas: { width: 2000, height: 1200 } }, [0, 0, 1])
    const back = await canvas.page.evaluate(() => {
      window.canvasPage.setCamera(0, 0, 0.4)
      return [...document.querySelector('canvas')!.getContext('2d')!.getImageData(100, 100, 1, 1).data]
    })
    expect(back).toEqual(before[0])
  })

  test('draws the patches of a stroke within the task that brings them, and tells when', async () => {
    await open({ tool: 'brush' })
    await canvas.page.mouse.move(100, 100)
    await canvas.page.mouse.down()
    const drawn = await canvas.page.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      const marks: number[] = []
      new PerformanceObserver((list) => marks.push(...list.getEntries().map(({ startTime }) => startTime))).observe({
        type: 'mark',
      })
      const before = window.canvasPage.painted.length
      const data = new Uint8ClampedArray(20 * 20 * 4).fill(255)
      const began = performance.now()
      window.canvasPage.emit({ type: 'patch', level: 0, column: 0, row: 0, x: 90, y: 90, width: 20, height: 20, data })
      await Promise.resolve()
      const context = document.querySelector('canvas')!.getContext('2d')!
      const pixel = [...context.getImageData(100, 100, 1, 1).data]
      const beside = [...context.getImageData(111, 111, 1, 1).data]
      await new Promise((resolve) => setTimeout(resolve, 30))
      return { pixel, beside, painted: window.canvasPage.painted.slice(before), marks, began }
    })
    await canvas.page.mouse.up()
    expect(drawn.pixel).toEqual([255, 255, 255, 255])
    expect([drawn.beside]).toEqual(await colours([111, 111]))
    expect(drawn.painted).toHaveLength(1)
    expect(drawn.painted[0]).toBeGreaterThanOrEqual(drawn.began)
    expect(drawn.marks).toHaveLength(1)
  })

  test('looks after a patch as if everything were drawn anew, at any zoom', async () => {
    for (const zoom of [0.3, 0.77, 1, 1.37, 9.1]) {
      await open({ alphas: [255, 90] }, [7, 3, zoom])
      const { changed, farthest } = await canvas.page.evaluate(async (zoom) => {
        const frames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
        const read = () => document.querySelector('canvas')!.getContext('2d')!.getImageData(0, 0, 800, 600).data
        const level = zoom < 0.5 ? 1 : 0
        const before = read()
        for (const x of [20, 45, 60]) {
          const data = new Uint8ClampedArray(21 * 17 * 4).fill(40 + x)
          window.canvasPage.emit({ type: 'patch', level, column: 0, row: 0, x, y: 30, width: 21, height: 17, data })
        }
        await frames()
        const patched = read()
        window.canvasPage.setCamera(9, 3, zoom)
        window.canvasPage.setCamera(7, 3, zoom)
        await frames()
        const anew = read()
        return {
          changed: patched.filter((value, i) => value !== before[i]).length,
          farthest: anew.reduce((most, value, i) => Math.max(most, Math.abs(value - patched[i]!)), 0),
        }
      }, zoom)
      expect(changed, `zoom ${zoom}`).toBeGreaterThan(1000)
      // Chromium smooths in sixteenths, and rounds them by where it begins.
      expect(farthest, `zoom ${zoom}`).toBeLessThanOrEqual(zoom < 1 ? 16 : 0)
    }
  })

  test('tells a press, a drag and a release, with what lies between two frames', async () => {
    await open({ tool: 'brush' })
    await canvas.page.keyboard.down('Shift')
    await canvas.page.mouse.move(50, 60)
    await canvas.page.mouse.down()
    await canvas.page.mouse.move(80, 90, { steps: 3 })
    await canvas.page.mouse.up()
    await canvas.page.keyboard.up('Shift')
    const told = (await inputs()).filter((input) => 'pressed' in input)
    const modifiers = { shift: true, alt: false, ctrl: false }
    expect(told.slice(-5)).toMatchObject([
      { type: 'pointerdown', x: 50, y: 60, button: 'left', pressed: true, pressure: 1, modifiers },
      { type: 'pointermove', x: 60, y: 70, pressed: true },
      { type: 'pointermove', x: 70, y: 80, pressed: true },
      { type: 'pointermove', x: 80, y: 90, pressed: true },
      { type: 'pointerup', x: 80, y: 90, button: 'left', pressed: false, modifiers },
    ])
  })

  test('tells every point of a pen between two frames, with its pressure', async () => {
    await open({ tool: 'brush' })
    const told = await canvas.page.evaluate(() => {
      const element = document.querySelector('[role=application]')!
      const pen = { bubbles: true, pointerType: 'pen', isPrimary: true, pointerId: 1 }
      const at = (x: number, pressure: number) => ({
        ...pen,
        clientX: x,
        clientY: 10,
        buttons: 1,
        button: -1,
        pressure,
      })
      const coalescedEvents = [
        new PointerEvent('pointermove', at(10.5, 0.25)),
        new PointerEvent('pointermove', at(11.25, 0.5)),
      ]
      element.dispatchEvent(new PointerEvent('pointermove', { ...at(11.25, 0.5), coalescedEvents }))
      return window.canvasPage.inputs.slice(-2)
    })
    expect(told).toMatchObject([
      { type: 'pointermove', x: 10.5, pressure: 0.25 },
      { type: 'pointermove', x: 11.25, pressure: 0.5 },
    ])
  })

  test('follows a drag out of the window', async () => {
    await open({ tool: 'hand' })
    await canvas.page.mouse.move(50, 60)
    await canvas.page.mouse.down()
    await canvas.page.mouse.move(-40, 300)
    expect((await inputs()).at(-1)).toMatchObject({ type: 'pointermove', x: -40, y: 300, pressed: true })
    await canvas.page.mouse.up()
    expect(await canvas.page.evaluate(() => window.canvasPage.path())).toBe('hand.idle')
  })

  test('knows a wheel with Control from two fingers, and keeps the page from zooming', async () => {
    await open({})
    await canvas.page.mouse.move(200, 100)
    await canvas.page.keyboard.down('Control')
    await canvas.page.mouse.wheel(0, 100)
    await canvas.page.keyboard.up('Control')
    await expect
      .poll(async () => (await inputs()).at(-1))
      .toMatchObject({ type: 'wheel', pinch: false, deltaY: 100, x: 200, y: 100 })
    const prevented = await canvas.page.evaluate(() => {
      const event = new WheelEvent('wheel', { deltaY: -20, ctrlKey: true, bubbles: true, cancelable: true })
      return !document.querySelector('[role=application]')!.dispatchEvent(event)
    })
    expect(prevented).toBe(true)
    expect((await inputs()).at(-1)).toMatchObject({ type: 'wheel', pinch: true, modifiers: { ctrl: false } })
  })

  test('takes the focus with a press, without a ring, and shows a ring to the keyboard', async () => {
    await open({})
    const outline = () =>
      canvas.page.evaluate(() => {
        const element = document.querySelector<HTMLElement>('[role=application]')!
        return {
          has: document.activeElement === element,
          style: getComputedStyle(element).outlineStyle,
          label: element.ariaLabel,
        }
      })
    await canvas.page.mouse.click(100, 100)
    expect(await outline()).toEqual({ has: true, style: 'none', label: 'Canvas' })
    await canvas.page.evaluate(() => document.querySelector<HTMLElement>('[role=application]')!.blur())
    await canvas.page.keyboard.press('Tab')
    expect(await outline()).toEqual({ has: true, style: 'solid', label: 'Canvas' })
  })

  test('asks for a menu at the right button, but not where that resized the brush', async () => {
    const menus = () => canvas.page.evaluate(() => window.canvasPage.menus)
    await open({ tool: 'brush' })
    await canvas.page.mouse.click(120, 130, { button: 'right' })
    expect(await menus()).toEqual([{ x: 120, y: 130 }])
    await canvas.page.keyboard.down('Alt')
    await canvas.page.mouse.click(120, 130, { button: 'right' })
    await canvas.page.keyboard.up('Alt')
    expect(await menus()).toHaveLength(1)
  })

  test('places dropped files as bytes, and by path where the shell knows it', async () => {
    await open({})
    await canvas.page.evaluate(async () => {
      const drop = (name: string) => {
        const dataTransfer = new DataTransfer()
        dataTransfer.items.add(new File([Uint8Array.of(1, 2, 3)], name))
        document
          .querySelector('[role=application]')!
          .dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
      }
      drop('a.png')
      Object.assign(window, { paella: { pathOf: (file: File) => `/pictures/${file.name}` } })
      drop('b.png')
      Object.assign(window, { paella: undefined })
      await new Promise((resolve) => setTimeout(resolve, 20))
    })
    const placed = await canvas.page.evaluate(() =>
      window.canvasPage.placed.map((source) =>
        source.kind === 'bytes' ? { ...source, bytes: [...source.bytes] } : source,
      ),
    )
    expect(placed).toHaveLength(2)
    expect(placed).toContainEqual({ kind: 'bytes', name: 'a.png', bytes: [1, 2, 3] })
    expect(placed).toContainEqual({ kind: 'path', path: '/pictures/b.png' })
  })

  test('shows the frame always, its handles with its own tool, and darkens the rest then', async () => {
    const frame = { x: 100, y: 100, width: 200, height: 150 }
    await open({ tool: 'move', frame })
    const [line, , outside] = await px(overlayLayer, [200, 100], [101, 101], [500, 400])
    expect(line).toEqual([242, 163, 60, 255])
    expect(outside).toEqual([0, 0, 0, 0])
    await open({ tool: 'frame', frame })
    const [handle, inside, shade] = await px(overlayLayer, [100, 100], [200, 150], [500, 400])
    expect(handle).toEqual([255, 255, 255, 255])
    expect(inside).toEqual([0, 0, 0, 0])
    expect(shade?.[3]).toBeGreaterThan(40)
  })

  test('has a cursor for each place: handles, inside, outside, the brush', async () => {
    const cursor = async (x: number, y: number) => {
      await canvas.page.mouse.move(x, y)
      await px(overlayLayer)
      return canvas.page.evaluate(() => document.querySelector<HTMLElement>('[role=application]')!.style.cursor)
    }
    await open({ tool: 'frame', frame: { x: 100, y: 100, width: 200, height: 150 } })
    expect(await cursor(100, 100)).toBe('nwse-resize')
    expect(await cursor(300, 175)).toBe('ew-resize')
    expect(await cursor(200, 175)).toBe('move')
    expect(await cursor(400, 400)).toBe('crosshair')
    await open({ tool: 'brush' })
    expect(await cursor(200, 200)).toBe('none')
    const [ring] = await px(overlayLayer, [220, 200])
    expect(ring?.[3]).toBeGreaterThan(100)
    await canvas.page.evaluate(() =>
      document
        .querySelector('[role=application]')!
        .dispatchEvent(new PointerEvent('pointerleave', { isPrimary: true })),
    )
    expect(await px(overlayLayer, [220, 200])).toEqual([[0, 0, 0, 0]])
  })

  test('has ants around the selection, that walk, and go with it', async () => {
    await open({})
    await canvas.page.evaluate(() => {
      const runs = [10, 10, 60, 10, 60, 40, 10, 40, 10, 40, 10, 10, 60, 10, 60, 40]
      window.canvasPage.emit({ type: 'outline', runs: Float32Array.from(runs) })
    })
    const row = () =>
      canvas.page.evaluate((layer) => {
        const { data } = document.querySelectorAll('canvas')[layer]!.getContext('2d')!.getImageData(12, 10, 16, 1)
        return data.filter((_, i) => i % 4 === 0).join(' ')
      }, antsLayer)
    const first = await row()
    expect(new Set(first.split(' '))).toEqual(new Set(['0', '255']))
    await expect.poll(row).not.toBe(first)
    await canvas.page.evaluate(() => window.canvasPage.setCamera(100, 0, 1))
    const [moved, left] = await px(antsLayer, [110, 20], [10, 20])
    expect([moved?.[3], left?.[3]]).toEqual([255, 0])
    await canvas.page.evaluate(() => window.canvasPage.emit({ type: 'outline', runs: new Float32Array() }))
    expect(await px(antsLayer, [110, 20])).toEqual([[0, 0, 0, 0]])
  })

  test('lays what the model is drawing over its part of the picture and beyond it, and takes it away', async () => {
    await open({ tool: 'move' })
    const show = (isShown: boolean) =>
      canvas.page.evaluate((isShown) => {
        const pixels = { width: 1, height: 1, channels: 3, data: Uint8Array.of(9, 8, 7) } as const
        // An extension reaches past the picture, which is 1000 px wide.
        window.canvasPage.draw(isShown ? { pixels, rect: { x: 900, y: 300, width: 300, height: 100 } } : null)
        window.canvasPage.setCamera(-400, 0, 1)
      }, isShown)
    await show(true)
    const [over, beside] = await px(overlayLayer, [550, 350], [650, 350])
    expect([over, beside]).toEqual([
      [9, 8, 7, 255],
      [9, 8, 7, 255],
    ])
    await show(false)
    expect(await px(overlayLayer, [550, 350])).toEqual([[0, 0, 0, 0]])
  })

  test('shows a picture as it was after its window had another size', async () => {
    await open({}, [0, 0, 1])
    await canvas.page.setViewportSize({ width: 640, height: 480 })
    await expect.poll(() => canvas.page.evaluate(() => document.querySelector('canvas')!.width)).toBe(640)
    expect(await px(pictureLayer, [600, 400])).toEqual(await colours([600, 400]))
    await canvas.page.setViewportSize({ width: 800, height: 600 })
    await expect.poll(() => canvas.page.evaluate(() => document.querySelector('canvas')!.width)).toBe(800)
    expect(await px(pictureLayer, [790, 590])).toEqual(await colours([790, 590]))
  })

  test('shows what it showed, taken out of the page and put there again, though nothing is sent twice', async () => {
    await canvas.page.evaluate(() => {
      window.canvasPage.open({ answersViews: false })
      window.canvasPage.sendTiles({ level: 0, rect: { x: 0, y: 0, width: 1000, height: 700 } })
      window.canvasPage.emit({ type: 'outline', runs: Float32Array.from([20, 30, 60, 30]) })
      window.canvasPage.remount()
    })
    await expect.poll(() => canvas.page.evaluate(() => document.querySelector('canvas')?.width)).toBe(800)
    expect(await canvas.page.locator('canvas').count()).toBe(3)
    expect(await px(pictureLayer, [300, 300])).toEqual(await colours([300, 300]))
    expect((await px(antsLayer, [30, 30], [30, 20])).map(([, , , alpha]) => alpha)).toEqual([255, 0])
  })

  test('complains of nothing', () => {
    expect(canvas.complaints).toEqual([])
  })
})

describe.skipIf(noBrowser)('on a screen with two device px a CSS px, in light, with less motion', () => {
  let canvas: CanvasPage

  beforeAll(async () => {
    canvas = await openCanvasPage({ ratio: 2, colorScheme: 'light', reducedMotion: 'reduce' })
  })
  afterAll(() => canvas?.close())

  test('the canvas has a px for each of the device, shows exact px at 100 %, and keeps its ants still', async () => {
    const seen = await canvas.page.evaluate(async () => {
      const api = window.canvasPage
      api.open({ tool: 'move', frame: { x: 100, y: 100, width: 200, height: 150 } })
      api.setCamera(0, 0, 1)
      api.emit({ type: 'outline', runs: Float32Array.from([10, 10, 60, 10]) })
      const canvases = [...document.querySelectorAll('canvas')]
      const read = (layer: number, x: number, y: number, width: number) => [
        ...canvases[layer]!.getContext('2d')!.getImageData(x, y, width, 1).data,
      ]
      await new Promise((resolve) => setTimeout(resolve, 100))
      const ants = read(1, 20, 20, 40)
      await new Promise((resolve) => setTimeout(resolve, 300))
      return {
        size: canvases.map(({ width, height, style }) => [width, height, style.width, style.height]),
        px: [read(0, 127, 40, 1), read(0, 128, 40, 1)],
        expected: [api.colourOf(63, 20), api.colourOf(64, 20)],
        views: api.views,
        line: read(2, 400, 200, 1),
        isStill: ants.join() === read(1, 20, 20, 40).join() && ants.includes(255),
      }
    })
    expect(seen.size).toEqual(Array.from({ length: 3 }, () => [1600, 1200, '800px', '600px']))
    expect(seen.px).toEqual(seen.expected)
    expect(seen.views.at(-1)?.level).toBe(0)
    expect(seen.line).toEqual([180, 99, 10, 255])
    expect(seen.isStill).toBe(true)
  })
})
