/** How the moves of a mouse become the points of a stroke, in a real browser: each once, in their order, and before the next frame. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CanvasPage, openCanvasPage } from '../kit/canvas-page.ts'
import { noBrowser } from '../kit/studio-page.ts'

declare global {
  interface Window {
    /** Of each pointermove with a button down: where it was, and where the last point was that had been told before. */
    heldBack: { readonly x: number; readonly told: number }[]
  }
}

const points = Array.from({ length: 60 }, (_, i) => ({ x: 100 + 7 * i, y: 200 + 3 * (i % 9) }))

describe.skipIf(noBrowser)(`a stroke of the mouse${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, () => {
  let canvas: CanvasPage

  beforeAll(async () => {
    canvas = await openCanvasPage()
  })
  afterAll(() => canvas?.close())

  /**
   * Draws along the points.
   *
   * @param pace all moves at once, which the browser hands on in bundles, or one after the other
   * @returns the moves that were told while a button was down
   */
  async function draw(tool: 'brush' | 'select-lasso', pace: 'at once' | 'in turn') {
    const { page } = canvas
    await page.evaluate((tool) => {
      window.canvasPage.open({ tool })
      window.canvasPage.inputs.length = 0
      window.heldBack = []
    }, tool)
    const mouse = await page.context().newCDPSession(page)
    const send = (type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', { x, y }: { x: number; y: number }) =>
      mouse.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', buttons: type === 'mouseReleased' ? 0 : 1 })
    await send('mousePressed', { x: 90, y: 200 })
    if (pace === 'at once') await Promise.all(points.map((point) => send('mouseMoved', point)))
    else for (const point of points) await send('mouseMoved', point)
    await send('mouseReleased', points.at(-1)!)
    await mouse.detach()
    const inputs = await page.evaluate(() => window.canvasPage.inputs)
    return inputs.flatMap((input) =>
      input.type === 'pointermove' && input.pressed ? [{ x: input.x, y: input.y }] : [],
    )
  }

  test.each([
    ['brush', 'at once'],
    ['brush', 'in turn'],
    ['select-lasso', 'at once'],
  ] as const)('has each of its moves once, in their order: %s, %s', async (tool, pace) => {
    expect(await draw(tool, pace)).toEqual(points)
  })

  test('knows them before the browser tells of them with the next frame', async () => {
    await canvas.page.evaluate(() => {
      window.addEventListener(
        'pointermove',
        ({ buttons, clientX }) => {
          const last = window.canvasPage.inputs.findLast((input) => input.type === 'pointermove')
          if (buttons === 1) window.heldBack.push({ x: clientX, told: last?.type === 'pointermove' ? last.x : 0 })
        },
        { capture: true },
      )
    })
    await draw('brush', 'in turn')
    const held = await canvas.page.evaluate(() => window.heldBack)
    expect(held.length).toBeGreaterThan(1)
    for (const { x, told } of held) expect(told).toBe(x)
  })

  test('complains of nothing', () => {
    expect(canvas.complaints).toEqual([])
  })
})
