/** A studio that is measured: opened on a folder whose list of recent files names a document, with the meter in its page. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { openStudio, type StudioPage } from '../kit/studio-page.ts'
import { installMeter, type LongTask, type Move } from './meter.ts'
import { type At, type Box, Mouse, wave } from './mouse.ts'

export type { Box } from './mouse.ts'

const loopDelay = fileURLToPath(new URL('loop-delay.mjs', import.meta.url))

export interface Stroke {
  /** From the event's timeStamp to the end of the draw that shows its dab, in ms. */
  readonly moves: readonly number[]
  /** From the press to its dab. */
  readonly press: readonly number[]
  /** Until the frame begins that carries the draw: nothing is on the screen before. */
  readonly framed: readonly number[]
  /** The moves' time in parts: until the page heard of them, until the patch came, until it was drawn. */
  readonly heard: readonly number[]
  readonly arrived: readonly number[]
  readonly drawn: readonly number[]
  /** Moves that never showed; a fault of the studio, or of the meter. */
  readonly lost: number
  readonly skipped: number
}

export interface LoopDelay {
  readonly thread: 'main' | 'backstage'
  readonly median: number
  readonly p99: number
  readonly max: number
}

export class Session {
  readonly studio: StudioPage
  readonly #mouse: Mouse
  readonly #folder: string

  private constructor(studio: StudioPage, mouse: Mouse, folder: string) {
    this.studio = studio
    this.#mouse = mouse
    this.#folder = folder
  }

  static async start(folder: string, documents: readonly string[]): Promise<Session> {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(join(folder, 'data'), { recursive: true })
    const recent = documents.map((path) => ({ path, openedAt: Date.now() }))
    writeFileSync(join(folder, 'data', 'recent.json'), JSON.stringify({ format: 1, value: recent }))
    const before = process.env['NODE_OPTIONS']
    process.env['NODE_OPTIONS'] = `${before ?? ''} --import ${loopDelay}`
    process.env['PAELLA_LOOP_DELAY'] = join(folder, 'loop-delay')
    const studio = await openStudio(folder, { width: 1440, height: 900 })
    if (before === undefined) delete process.env['NODE_OPTIONS']
    else process.env['NODE_OPTIONS'] = before
    await installMeter(studio.page)
    await stopWatchingNetwork(studio.page)
    await studio.driver.ready()
    return new Session(studio, await Mouse.of(studio.page), folder)
  }

  async end(): Promise<void> {
    await this.studio.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** Clicks the document in the list of recent ones. @returns ms from the click until all of the view is drawn */
  async open(path: string): Promise<number> {
    await this.studio.page.getByRole('button', { name: basename(path) }).click()
    return await this.#untilShown('clickAt')
  }

  /** Presses a key. @returns ms until the view shows what it did */
  async timed(keys: string): Promise<number> {
    await this.studio.driver.canvas().focus()
    await sleep(100)
    const before = await this.studio.page.evaluate(() => window.meter.changes)
    await this.studio.page.keyboard.press(keys)
    return await this.#untilShown('keyAt', before + 1)
  }

  /** Shows the picture at another zoom, and waits until all of it is there. */
  async zoom(keys: string): Promise<void> {
    await this.studio.driver.key(keys)
    await this.still()
  }

  /** Waits until the worker has nothing to draw and no work goes on. */
  async still(): Promise<void> {
    await this.studio.driver.settled()
    let before = -1
    for (;;) {
      const now = await this.studio.page.evaluate(() => window.meter.shown.length + window.meter.painted.length)
      if (now === before) return
      before = now
      await sleep(500)
    }
  }

  /** @returns ms until the notice that it is saved stands there */
  async save(): Promise<number> {
    const { page } = this.studio
    await this.studio.driver.canvas().focus()
    await page.keyboard.press('Control+s')
    const notice = page
      .getByRole('status')
      .filter({ hasText: /Saved / })
      .first()
    const end = await page.evaluate(async () => {
      while (![...document.querySelectorAll('[role=status]')].some((found) => found.textContent?.includes('Saved ')))
        await new Promise((resolve) => requestAnimationFrame(resolve))
      return performance.now() - window.meter.keyAt
    })
    await notice.getByRole('button', { name: 'Dismiss' }).click()
    await this.studio.driver.settled()
    return end
  }

  async chooseBrush(size: number): Promise<void> {
    const { page, driver } = this.studio
    await driver.key('b')
    const field = page.getByRole('spinbutton', { name: 'Size', exact: true })
    await field.fill(String(size))
    await field.press('Enter')
    // A colour that no layer has.
    await driver.key('d')
    await driver.canvas().focus()
  }

  /** Names, topmost first. */
  async layers(): Promise<string[]> {
    return (await this.studio.driver.layers()).map((name) => name.split('\n')[0] ?? '')
  }

  async choose(layer: string): Promise<void> {
    const tree = this.studio.page.getByRole('tree', { name: 'Layers' })
    await tree.getByRole('treeitem', { name: layer }).first().click()
    await this.still()
  }

  async longTasks(): Promise<LongTask[]> {
    return await this.studio.page.evaluate(() => window.meter.longTasks)
  }

  /** Where on the page the picture lies and nothing is over it. */
  async clearBox(): Promise<Box> {
    const box = await this.studio.driver.canvas().boundingBox()
    if (box === null) throw new Error('the canvas is not there')
    const side = Math.min(box.width - 80, box.height - 220)
    // The whole picture fits into a square; nearer it is all around.
    const isFit = await this.studio.page.evaluate(() => window.meter.level > 0)
    const width = isFit ? side : box.width - 80
    return { x: box.x + (box.width - width) / 2, y: box.y + 60, width, height: side }
  }

  /**
   * Draws a stroke with the mouse and looks when each of its moves was on screen.
   *
   * @param patience ms to wait for the last of them at most; waits until nothing is drawn any more unless told
   */
  async stroke(points: readonly At[], brush: number, patience?: number): Promise<Stroke> {
    const { page } = this.studio
    await page.evaluate((size) => {
      window.meter.brush = size
      window.meter.moves.length = 0
      window.meter.presses.length = 0
      window.meter.skipped = 0
      window.meter.painted.length = 0
      window.meter.frames.length = 0
    }, brush)
    await this.#mouse.draw(points)
    if (patience === undefined) await this.still()
    else {
      const all = () => window.meter.moves.every(({ arrived }) => arrived !== null)
      await page.waitForFunction(all, null, { timeout: patience, polling: 50 }).catch(() => undefined)
    }
    const { moves, presses, skipped, painted, frames } = await page.evaluate(() => {
      window.meter.brush = 0
      const { moves, presses, skipped, painted, frames } = window.meter
      return { moves, presses, skipped, painted, frames }
    })
    const shownOf = ({ arrived, ...move }: Move) => {
      const draw = painted.find(({ at }) => arrived !== null && at >= arrived)
      if (arrived === null || draw === undefined) return []
      const framed = draw.frame ?? frames.find((time) => time >= draw.at) ?? Number.NaN
      return [{ ...move, arrived, drawn: draw.at, framed }]
    }
    const shown = moves.flatMap(shownOf)
    return {
      moves: shown.map(({ drawn, stamp }) => drawn - stamp),
      framed: shown.flatMap(({ framed, stamp }) => (Number.isNaN(framed) ? [] : [framed - stamp])),
      press: presses.flatMap(shownOf).map(({ drawn, stamp }) => drawn - stamp),
      heard: moves.map(({ heard, stamp }) => heard - stamp),
      arrived: shown.map(({ arrived, heard }) => arrived - heard),
      drawn: shown.map(({ drawn, arrived }) => drawn - arrived),
      lost: moves.length - shown.length,
      skipped,
    }
  }

  /** What the threads of the studio's process were late by since this was asked last. */
  async loopDelays(): Promise<LoopDelay[]> {
    const file = join(this.#folder, 'loop-delay')
    rmSync(file, { force: true })
    process.kill(this.studio.pid, 'SIGUSR2')
    for (let tries = 0; tries < 100; tries++) {
      await sleep(50)
      const lines = linesOf(file)
      if (lines.length >= 2) return lines.map((line) => JSON.parse(line) as LoopDelay)
    }
    throw new Error('the studio does not tell of its delays')
  }

  /** @param changes as many calls of open and change have to be shown */
  async #untilShown(since: 'clickAt' | 'keyAt', changes = 1): Promise<number> {
    const { page } = this.studio
    await page.waitForFunction(
      ({ since, changes }) => {
        const { shown, painted, [since]: start } = window.meter
        const found = shown.find((event) => event.at >= start && event.changes >= changes)
        return found !== undefined && painted.some(({ at }) => at >= start) && found.changes >= window.meter.changes
      },
      { since, changes },
      { timeout: 180_000, polling: 20 },
    )
    return await page.evaluate(
      ({ since, changes }) => {
        const { shown, painted, [since]: start } = window.meter
        const found = shown.find(
          (event) => event.at >= start && event.changes >= Math.max(changes, window.meter.changes),
        )
        const end = found?.at ?? 0
        // The last patches are drawn with the next frame.
        return (
          (painted.find(({ at }) => at >= end) ?? painted.findLast(({ at }) => at <= end) ?? { at: end }).at - start
        )
      },
      { since, changes },
    )
  }
}

/** Strokes across a box, each on a band of its own, so that none meets another. */
export function bands(box: Box, count: number): At[][] {
  const height = box.height / count
  return Array.from({ length: count }, (_, i) =>
    wave({ x: box.x, y: box.y + i * height + height * 0.2, width: box.width, height: height * 0.4 }, 120),
  )
}

interface PlaywrightInside {
  readonly _connection: {
    toImpl(page: unknown): {
      readonly delegate: {
        readonly _mainFrameSession: { readonly _client: { send(method: string): Promise<unknown> } }
      }
    }
  }
}

/**
 * Playwright has Chromium tell it of every message of a WebSocket, in base64: opening a large document took three times as long.
 * There is no option against it, so its own session is told to stop; it needs it for pages that load, and ours is loaded.
 */
async function stopWatchingNetwork(page: Page): Promise<void> {
  const { delegate } = (page as unknown as PlaywrightInside)._connection.toImpl(page)
  await delegate._mainFrameSession._client.send('Network.disable')
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n')
  } catch {
    return []
  }
}
