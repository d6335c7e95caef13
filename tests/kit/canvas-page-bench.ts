/**
 * How long the canvas takes to draw in Debian's Chromium, without a graphics card, at 1280 x 800: run with node, prints JSON in ms.
 * `draw` is what the page's own code takes; `raster` adds what Chromium then takes to set the px, which reading one back awaits.
 */
import { openCanvasPage } from './canvas-page.ts'

const canvas = await openCanvasPage({ size: { width: 1280, height: 800 } })
const figures = await canvas.page.evaluate(async () => {
  const api = window.canvasPage
  const contexts = [...document.querySelectorAll('canvas')].map((canvas) => canvas.getContext('2d')!)
  const noKeys = { shift: false, alt: false, ctrl: false }
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  const settle = () => contexts.forEach((context) => context.getImageData(0, 0, 1, 1))
  const summary = (times: number[]) => {
    const sorted = times.sort((a, b) => a - b)
    const at = (share: number) => Number(sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(2))
    return { median: at(0.5), p95: at(0.95) }
  }
  const measure = async (run: (i: number) => void | Promise<void>) => {
    const [draw, raster]: [number[], number[]] = [[], []]
    for (let i = 0; i < 60; i++) {
      settle()
      await frame()
      await pause(7)
      const start = performance.now()
      await run(i)
      draw.push(performance.now() - start)
      settle()
      raster.push(performance.now() - start)
    }
    return { draw: summary(draw), raster: summary(raster) }
  }
  const open = async (zoom: number, alphas: readonly [number, number] = [255, 255]) => {
    api.open({ canvas: { width: 4096, height: 4096 }, tool: 'brush', alphas })
    const at = zoom < 0.2 ? { x: 260, y: 20 } : { x: -600 * zoom, y: -600 * zoom }
    api.setCamera(at.x, at.y, zoom)
    await pause(1500)
    return at
  }

  const found: Record<string, unknown> = {}
  const fit = 760 / 4096
  for (const [name, zoom] of Object.entries({ fit, '70 %': 0.7, '100 %': 1, '150 %': 1.5, '870 %': 8.7 })) {
    for (const [look, alphas] of Object.entries({ opaque: [255, 255], translucent: [255, 100] } as const)) {
      const { x, y } = await open(zoom, alphas)
      found[`all of 4096 x 4096 at ${name}, ${look}`] = await measure((i) => api.setCamera(x + (i % 2), y, zoom))
    }
  }
  for (const [name, zoom] of Object.entries({ fit, '100 %': 1 })) {
    await open(zoom)
    api.dispatch({ type: 'pointerdown', x: 400, y: 400, button: 'left', pressed: true, pressure: 1, modifiers: noKeys })
    const data = new Uint8ClampedArray(96 * 96 * 4).fill(200)
    const place = zoom < 1 ? { level: 2, column: 1, row: 1 } : { level: 0, column: 4, row: 4 }
    found[`a patch of 96 x 96 px in a stroke at ${name}`] = await measure(async (i) => {
      api.emit({ type: 'patch', ...place, x: 20 + i, y: 50, width: 96, height: 96, data })
      await Promise.resolve()
    })
    api.dispatch({ type: 'pointercancel', x: 0, y: 0, button: 'left', pressed: false, pressure: 1, modifiers: noKeys })
  }
  await open(1)
  found['the circle of the brush and the frame'] = await measure(async (i) => {
    const at = { clientX: 300 + i, clientY: 300, button: -1, pointerType: 'mouse', isPrimary: true, bubbles: true }
    document.querySelector('[role=application]')!.dispatchEvent(new PointerEvent('pointermove', at))
    api.setTool('brush')
  })
  // Some 50,000 runs all over the picture.
  let state = 1
  const random = (below: number) => {
    state = (state * 16807) % 2147483647
    return state % below
  }
  const runs = Array.from({ length: 50_000 }, (_, i) => {
    const [x, y, length] = [random(4000), random(4000), 1 + random(8)]
    return i % 2 === 0 ? [x, y, x + length, y] : [x, y, x, y + length]
  })
  const outline = Float32Array.from(runs.flat())
  for (const [name, zoom] of Object.entries({ fit, '100 %': 1 })) {
    await open(zoom)
    found[`50,000 runs of ants at ${name}`] = await measure(() => api.emit({ type: 'outline', runs: outline }))
  }
  return found
})
await canvas.close()
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)
