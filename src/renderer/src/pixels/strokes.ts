/**
 * Live strokes from begin to end. Points are taken in as they come and drawn together in the next turn, each tile where it
 * changed. The end computes the exact stroke; until that is done, what comes after it waits, in its order.
 */
import type { StrokePoint } from '../../../editor/index.ts'
import { StudioError } from '../../../shared/contract/errors.ts'
import type { Display } from './display.ts'
import { LiveStroke } from './live-stroke.ts'
import type { Mirror } from './mirror.ts'
import { type Job, nothing } from './operations/job.ts'
import { stroke } from './operations/paint.ts'
import type { OperationResult, StrokeStart } from './pixels-api.ts'
import { type LevelScene, type Scenes, sceneNeeds } from './scene.ts'
import type { Tiles } from './tiles.ts'

export interface StrokeLinks {
  readonly mirror: Mirror
  readonly tiles: Tiles
  readonly scenes: Scenes
  readonly display: Display
  readonly pause: () => Promise<void>
  readonly run: (work: (job: Job) => Promise<OperationResult>) => Promise<OperationResult>
  /** The live stroke is another one, or its px have become the document's. */
  readonly onChange: () => void
}

export class Strokes {
  readonly #links: StrokeLinks
  #live: LiveStroke | null = null
  /** Calls are carried out in their order; the end of a stroke takes a while. */
  #line: Promise<unknown> = Promise.resolve()
  /** Ends that have been asked for and are not done. */
  #endings = 0
  #isShowing = false

  constructor(links: StrokeLinks) {
    this.#links = links
  }

  get live(): LiveStroke | null {
    return this.#live
  }

  /** Resolves when all that was asked for so far is done. */
  async settled(): Promise<void> {
    await this.#line
  }

  /** @throws StudioError (rejects) 'bad-request' where the target cannot be painted on */
  begin(start: StrokeStart): Promise<void> {
    const isNext = this.#endings > 0
    return this.#inLine(() => {
      // The one before was answered long ago, and no change has told of it: it was refused.
      if (!isNext && this.#links.mirror.expectNothing()) this.#links.onChange()
      this.#take(null)
      this.#take(this.#newLive(start))
    })
  }

  extend(points: readonly StrokePoint[]): Promise<void> {
    return this.#inLine(() => {
      this.#live?.extend(points)
      this.show()
    })
  }

  end(keep: boolean): Promise<OperationResult> {
    this.#endings += 1
    return this.#inLine(async () => {
      const live = this.#live
      try {
        return live === null || !keep ? nothing : await this.#finish(live)
      } finally {
        this.#endings -= 1
        this.#take(null)
      }
    })
  }

  /** The document is another one: a stroke goes on over what its layer is now. */
  follow(): void {
    const live = this.#live
    if (live === null || this.#endings > 0) return
    const { now } = this.#links.mirror
    const place = now.find(live.start.target)
    if (place === undefined) return this.#take(null)
    const { canvas, selection, place: before } = live.base
    const isSame =
      place.surface === before.surface &&
      now.canvas.selection === selection &&
      now.canvas.width === canvas.width &&
      now.canvas.height === canvas.height
    if (isSame) return
    const again = this.#newLive(live.start)
    again.extend(live.points)
    this.#take(again)
    this.show()
  }

  /** Draws what was added, in the next turn. */
  show(): void {
    if (this.#isShowing || this.#live === null) return
    this.#isShowing = true
    void this.#links.pause().then(() => {
      this.#isShowing = false
      this.#showNow()
    })
  }

  #newLive(start: StrokeStart): LiveStroke {
    const { mirror, tiles } = this.#links
    const { canvas } = mirror.now
    return new LiveStroke(
      start,
      { place: mirror.now.placeOf(start.target), selection: canvas.selection, canvas },
      tiles,
    )
  }

  #inLine<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#line.then(work)
    this.#line = turn.catch(() => undefined)
    return turn
  }

  #take(live: LiveStroke | null): void {
    if (live === this.#live) return
    this.#live = live
    this.#links.onChange()
  }

  async #finish(live: LiveStroke): Promise<OperationResult> {
    const { mirror, run } = this.#links
    const { place, selection } = live.base
    const result = await run((job) => stroke(job, live.start, live.points, place, selection, live.exact))
    const [change] = result.changes
    const surface = place.field === 'mask' ? change?.mask : change?.surface
    if (surface !== undefined) this.#handOver(live, () => mirror.expect(place, surface))
    return result
  }

  /** What the stroke has left is the document's from now on, and on screen already: at level 0 byte for byte. */
  #handOver(live: LiveStroke, expect: () => boolean): void {
    const { display, scenes } = this.#links
    const before = scenes.at(display.level)
    const dirty = new Set(live.dirtyKeys(before.level))
    const shown = live.paintedKeys(before.level).filter((key) => !dirty.has(key) && display.isCurrent(before, key))
    const isExpected = expect()
    this.#take(null)
    if (!isExpected) return
    const after = scenes.at(display.level)
    for (const key of shown) display.markCurrent(after, key, after.level === 0 ? 'exactly' : 'nearly')
  }

  #showNow(): void {
    const live = this.#live
    const { display, scenes, tiles } = this.#links
    if (live === null) return
    const scene = scenes.at(display.level)
    for (const key of live.dirtyKeys(scene.level)) {
      if (!display.shows(scene, key)) continue
      const needs = sceneNeeds(scene, key)
      if (tiles.areHere(needs)) this.#showTile(scene, live, key)
      else void this.#fetchAndShow(scene, live, key, needs)
    }
  }

  async #fetchAndShow(scene: LevelScene, live: LiveStroke, key: string, needs: Iterable<string>): Promise<void> {
    const { display, scenes, tiles } = this.#links
    try {
      await tiles.use(needs, () => {
        if (this.#live === live && scenes.at(display.level) === scene) this.#showTile(scene, live, key)
      })
    } catch (error) {
      // The end of the stroke will say that it cannot be kept.
      if (!(error instanceof StudioError)) throw error
    }
  }

  #showTile(scene: LevelScene, live: LiveStroke, key: string): void {
    const { display } = this.#links
    const isCurrent = display.isCurrent(scene, key)
    const parts = live.paint(scene.level, key)
    // What was not on screen yet comes as a whole.
    if (!isCurrent) return display.refresh()
    for (const part of parts) display.send(scene, key, part)
    display.markCurrent(scene, key)
  }
}
