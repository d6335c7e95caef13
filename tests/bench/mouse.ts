/** A mouse as Chromium gets it from the system: a report every 8 ms (125 a second), whether or not the page keeps up with it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { CDPSession, Page } from 'playwright-core'

export interface At {
  readonly x: number
  readonly y: number
}

/** Px of the page. */
export interface Box extends At {
  readonly width: number
  readonly height: number
}

/** Ms. */
const every = 8

export class Mouse {
  readonly #session: CDPSession

  private constructor(session: CDPSession) {
    this.#session = session
  }

  static async of(page: Page): Promise<Mouse> {
    return new Mouse(await page.context().newCDPSession(page))
  }

  /** Presses, goes along the points in real time, and releases; px of the page. */
  async draw(points: readonly At[]): Promise<void> {
    const [first, last] = [points[0], points.at(-1)]
    if (first === undefined || last === undefined) return
    await this.#send('mouseMoved', first, 0)
    await sleep(60)
    await this.#send('mousePressed', first, 1)
    const start = performance.now()
    const sent: Promise<void>[] = []
    for (const [i, point] of points.entries()) {
      const wait = start + i * every - performance.now()
      if (wait > 0) await sleep(wait)
      // Nobody waits for the page here: Chromium merges what it does not take in time, as it does with a real mouse.
      sent.push(this.#send('mouseMoved', point, 1))
    }
    await Promise.all(sent)
    await this.#send('mouseReleased', last, 0)
  }

  async #send(type: 'mouseMoved' | 'mousePressed' | 'mouseReleased', { x, y }: At, buttons: number): Promise<void> {
    const button = type === 'mouseMoved' && buttons === 0 ? 'none' : 'left'
    await this.#session.send('Input.dispatchMouseEvent', { type, x, y, button, buttons, clickCount: 1 })
  }
}

/** A stroke across a box of the page: a wave, so that it goes in all directions; 12 px from report to report, 1,500 px a second. */
export function wave(box: Box, count: number): At[] {
  const points: At[] = []
  let [x, phase] = [box.x, 0]
  while (points.length < count) {
    const y = box.y + box.height / 2 + (box.height / 2) * Math.sin(phase)
    points.push({ x, y })
    x += 11
    phase += 0.11
    // Back on another line.
    if (x > box.x + box.width) return points
  }
  return points
}
