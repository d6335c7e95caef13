/**
 * The page's side of measuring, put into the page before its own scripts: hears the pointer before the canvas does, what goes to
 * the pixel worker and what comes from it, each draw of the canvas, and long tasks. It copies no px.
 *
 * How a move is paired with the draw that first shows it: the move's dab covers a px that no dab before it has touched (a probe,
 * ahead of the pen on its way). Patches of the display that come from the worker are looked at in the order in which the page gets
 * them; the first one whose px at the probe differs from what was there shows the dab. The canvas paints a patch when it comes
 * and marks each draw that has patches in it ('paella:painted'): the first mark after the patch came is the draw that shows it.
 */
import type { Page } from 'playwright-core'

/** Times are those of performance.now() in the page, in ms. */
export interface Move {
  /** event.timeStamp. */
  readonly stamp: number
  /** When the page's first listener heard of it: browsers hold moves back for the next frame. */
  readonly heard: number
  /** Moves that came with it. */
  readonly parts: number
  /** When the patch that shows it came; null until then. */
  arrived: number | null
}

/** A draw of patches, and the frame in whose callbacks it was made; null between frames: then the next frame carries it. */
export interface Painted {
  readonly at: number
  readonly frame: number | null
}

export interface LongTask {
  readonly start: number
  readonly duration: number
}

interface Probe {
  readonly move: Move
  readonly x: number
  readonly y: number
}

interface Patch {
  readonly level: number
  readonly column: number
  readonly row: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray
}

/** What tests and the bench read, as `window.meter`. */
export interface Meter {
  /** Of the first dab of each stroke, which the worker draws when it is ready for the stroke. */
  readonly presses: Move[]
  readonly moves: Move[]
  /** Moves that went too short a way for a px of their own. */
  skipped: number
  readonly painted: Painted[]
  /** When frames began, while a stroke is measured. */
  readonly frames: number[]
  readonly longTasks: LongTask[]
  /** When everything of the view was on its way, with the count of changes that it showed. */
  readonly shown: { readonly at: number; readonly changes: number }[]
  /** Of the last view that was asked for: 0 = at 100 % or nearer. */
  level: number
  /** Calls of open and change to the worker so far. */
  changes: number
  /** When the last key went down. */
  keyAt: number
  /** When the last click came. */
  clickAt: number
  /** Probes of this brush (diameter in canvas px) from now on; 0 = none. */
  brush: number
}

declare global {
  interface Window {
    meter: Meter
  }
}

export async function installMeter(page: Page): Promise<void> {
  await page.addInitScript(meterInPage)
  await page.reload()
}

/** Runs in the page: nothing from outside of it can be used. */
function meterInPage(): void {
  const meter: Meter = {
    presses: [],
    moves: [],
    skipped: 0,
    painted: [],
    frames: [],
    longTasks: [],
    shown: [],
    level: 0,
    changes: 0,
    keyAt: 0,
    clickAt: 0,
    brush: 0,
  }
  window.meter = meter

  // A mark is heard when it is made, not later with others: what runs in a frame's callbacks is carried by that very frame.
  let frameNow: number | null = null
  const mark = performance.mark.bind(performance)
  performance.mark = (name, options) => {
    if (name === 'paella:painted') meter.painted.push({ at: performance.now(), frame: frameNow })
    return mark(name, options)
  }
  const request = window.requestAnimationFrame.bind(window)
  window.requestAnimationFrame = (callback) =>
    request((time) => {
      frameNow = time
      callback(time)
      frameNow = null
    })
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) meter.longTasks.push({ start: startTime, duration })
  }).observe({ type: 'longtask', buffered: true })

  window.addEventListener('keydown', (event) => (meter.keyAt = event.timeStamp), { capture: true })
  window.addEventListener('click', (event) => (meter.clickAt = event.timeStamp), { capture: true })

  interface Point {
    readonly x: number
    readonly y: number
  }
  /** The event that is being handled: points that go to the worker meanwhile are its. */
  let current: Move | null = null
  /** Events of a stroke that the worker is not ready for, the press first: their points go to it together, later. */
  const early: Move[] = []
  /** The way of the pen, as far as it was told to the worker. */
  let last: Point | null = null
  const probes: Probe[] = []
  const noteOf = (event: PointerEvent): Move => ({
    stamp: event.timeStamp,
    heard: performance.now(),
    parts: Math.max(1, event.getCoalescedEvents().length),
    arrived: null,
  })
  const watch = (move: Move, point: Point): void => {
    const before = last
    last = point
    if (before === null) {
      meter.presses.push(move)
      probes.push({ move, x: point.x, y: point.y })
      return
    }
    const [dx, dy] = [point.x - before.x, point.y - before.y]
    const length = Math.hypot(dx, dy)
    const radius = meter.brush / 2
    // Dabs stand a tenth of a diameter apart, so the last one is up to that far behind the point. The dabs before reach a
    // radius ahead of where the move began; beyond them, and well inside of the new one, is a px that only this move covers.
    const ahead = Math.max(0.3 * radius, radius - length + 2)
    if (ahead + 0.2 * radius > 0.9 * radius) {
      meter.skipped += 1
      return
    }
    meter.moves.push(move)
    probes.push({ move, x: point.x + (dx / length) * ahead, y: point.y + (dy / length) * ahead })
  }
  const hearPoints = (points: readonly Point[]): void => {
    let told = 0
    isBegun = true
    for (const move of early.splice(0)) {
      const point = points[Math.min(points.length, told + move.parts) - 1]
      told += move.parts
      if (point !== undefined) watch(move, point)
    }
    reached = points.at(-1) ?? reached
  }
  /** The worker takes points of the stroke. */
  let isBegun = false
  /** The last point that was told while an event is handled. */
  let reached: Point | null = null
  const begin = (event: Event): void => {
    if (!(event instanceof PointerEvent) || meter.brush === 0 || event.buttons === 0) return
    current = noteOf(event)
    reached = null
    if (event.type !== 'pointerdown') return
    last = null
    isBegun = false
  }
  const finish = (): void => {
    const move = current
    current = null
    if (move === null) return
    if (reached !== null) watch(move, reached)
    // A move that was told already brings no point of its own.
    else if (!isBegun) early.push(move)
  }
  const frame = (time: number): void => {
    if (meter.brush === 0) return
    meter.frames.push(time)
    requestAnimationFrame(frame)
  }
  window.addEventListener('pointerdown', () => requestAnimationFrame(frame), { capture: true })
  for (const type of ['pointerdown', 'pointerrawupdate', 'pointermove'] as const) {
    window.addEventListener(type, begin, { capture: true })
    // The canvas listens below the window, so it is done when the event comes back up.
    window.addEventListener(type, finish)
  }
  window.addEventListener('pointerup', () => early.splice(0), { capture: true })

  /** Patches of each tile, the newest last, back to one that is the whole tile. They are the page's own and stay as they are. */
  const tiles = new Map<string, Patch[]>()
  const nameOf = ({ level, column, row }: Patch): string => `${level}/${column},${row}`
  const pxOf = (patch: Patch, x: number, y: number): number[] | undefined => {
    const [px, py] = [x - patch.column * 256 - patch.x, y - patch.row * 256 - patch.y]
    if (px < 0 || py < 0 || px >= patch.width || py >= patch.height) return undefined
    const at = (py * patch.width + px) * 4
    return [...patch.data.subarray(at, at + 4)]
  }
  const hearPatch = (patch: Patch): void => {
    const name = nameOf(patch)
    const before = tiles.get(name) ?? []
    for (let i = probes.length - 1; i >= 0; i--) {
      const { move, x, y } = probes[i]!
      const scale = 2 ** patch.level
      const [px, py] = [Math.floor(x / scale), Math.floor(y / scale)]
      const now = pxOf(patch, px, py)
      if (now === undefined) continue
      const old = before.findLast((known) => pxOf(known, px, py) !== undefined)
      const was = old && pxOf(old, px, py)
      // A px that is drawn again may be a rounding away from what it was.
      if (was === undefined || now.every((value, c) => Math.abs(value - was[c]!) < 6)) continue
      move.arrived = performance.now()
      probes.splice(i, 1)
    }
    const isWhole = patch.width === 256 && patch.height === 256
    tiles.set(name, isWhole ? [patch] : [...before, patch])
  }

  window.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      // Before the page's own listener.
      this.addEventListener('message', ({ data }: MessageEvent<{ readonly event?: { readonly type: string } }>) => {
        const { event } = data
        if (event?.type === 'patch') hearPatch(event as unknown as Patch)
        else if (event?.type === 'shown') {
          const { changes } = event as unknown as { readonly changes: number }
          meter.shown.push({ at: performance.now(), changes })
        } else if (event?.type === 'reset') tiles.clear()
      })
    }

    override postMessage(data: unknown, more?: StructuredSerializeOptions | Transferable[]): void {
      const message = data as { readonly method?: string; readonly argument?: unknown }
      if (message.method === 'open' || message.method === 'change') meter.changes += 1
      if (message.method === 'view') meter.level = (message.argument as { readonly level: number }).level
      if (message.method === 'extendStroke' && meter.brush > 0)
        hearPoints((message.argument as { readonly points: readonly Point[] }).points)
      super.postMessage(data, more as Transferable[])
    }
  }
}
