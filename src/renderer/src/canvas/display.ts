/**
 * What has arrived of the display: its tiles and the outline of the selection. It lives as long as the host, not as the stage that
 * draws it: the worker sends nothing twice, so a stage that is mounted anew has to find what there was.
 */
import type { Rect } from '../../../shared/geometry/rect.ts'
import type { DisplayEvent } from '../pixels/pixels-api.ts'
import type { CanvasHost } from '../studio/canvas-host.ts'
import { TileBoard } from './tile-board.ts'

/** What looks different now: a part of the picture (canvas px), all of it, or the outline. */
export type DisplayChange = { readonly is: 'part'; readonly area: Rect } | { readonly is: 'all' | 'outline' }

export class Display {
  readonly board = new TileBoard()
  readonly #listeners = new Set<(change: DisplayChange) => void>()
  #runs: Float32Array = new Float32Array()

  constructor(host: Pick<CanvasHost, 'onDisplay'>) {
    host.onDisplay((event) => this.#hear(event))
  }

  /** x1, y1, x2, y2 in canvas px; empty where nothing is selected. */
  get runs(): Float32Array {
    return this.#runs
  }

  /** Returns what ends it. */
  listen(listener: (change: DisplayChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** There is no document any more. */
  clear(): void {
    this.#hear({ type: 'reset', canvas: { width: 0, height: 0 } })
  }

  #hear(event: DisplayEvent): void {
    switch (event.type) {
      case 'patch': {
        const area = this.board.put(event)
        if (area !== undefined) this.#tell({ is: 'part', area })
        return
      }
      case 'reset':
        this.board.reset(event.canvas.width > 0 ? event.canvas : null)
        this.#runs = new Float32Array()
        return this.#tell({ is: 'all' })
      case 'outline':
        this.#runs = event.runs
        return this.#tell({ is: 'outline' })
      case 'shown':
    }
  }

  #tell(change: DisplayChange): void {
    for (const listener of this.#listeners) listener(change)
  }
}

const displays = new WeakMap<object, Display>()

/** The one of a host. To be called before its first document is opened: what was told earlier is not heard. */
export function displayOf(host: Pick<CanvasHost, 'onDisplay'>): Display {
  const known = displays.get(host)
  if (known !== undefined) return known
  const display = new Display(host)
  displays.set(host, display)
  return display
}
