/** Everything that belongs to one open document; another document is another workspace. */
import type { DocumentDiff, DocumentRecord } from '../../../document/index.ts'
import type { Target } from '../../../editor/index.ts'
import type { Affine } from '../../../shared/geometry/affine.ts'
import { Display } from './display.ts'
import { hasInverse } from './lifted.ts'
import { LiveTransform } from './live-transform.ts'
import { type Hash, Minting } from './minting.ts'
import { Mirror } from './mirror.ts'
import type { Job } from './operations/job.ts'
import { placesOf } from './operations/move.ts'
import { Outline } from './outline.ts'
import type { PixelsEvent } from './pixels-api.ts'
import type { Reader } from './reads.ts'
import { Scenes } from './scene.ts'
import { Strokes } from './strokes.ts'
import { Tiles } from './tiles.ts'

export interface WorkspaceLinks {
  readonly emit: (event: PixelsEvent) => void
  readonly hash: Hash
  readonly pause: () => Promise<void>
  /** Of tiles in memory, in bytes. */
  readonly budget: number
  /** How many changes have been told since the worker began. */
  readonly changes: () => number
}

export class Workspace {
  readonly display: Display
  readonly strokes: Strokes
  readonly #links: WorkspaceLinks
  readonly #mirror: Mirror
  readonly #tiles: Tiles
  readonly #scenes: Scenes
  readonly #outline: Outline
  #transform: LiveTransform | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #idle: Promise<unknown> = Promise.resolve()
  #isClosed = false

  constructor(records: readonly DocumentRecord[], links: WorkspaceLinks) {
    const { budget, pause } = links
    this.#links = links
    this.#mirror = new Mirror(records)
    this.#tiles = new Tiles({ budget, pause, ask: (ids) => this.#emit({ type: 'need', ids }) })
    this.#scenes = new Scenes(this.#mirror, this.#tiles)
    this.#outline = new Outline(this.#tiles, (runs) => this.#emit({ type: 'outline', runs }))
    this.display = new Display({
      tiles: this.#tiles,
      scenes: this.#scenes,
      pause,
      emit: (patch) => this.#emit(patch),
      onShown: () => this.#emit({ type: 'shown', changes: links.changes() }),
    })
    this.strokes = new Strokes({
      mirror: this.#mirror,
      tiles: this.#tiles,
      scenes: this.#scenes,
      display: this.display,
      pause,
      run: (work) => this.#run(work),
      onChange: () => this.#look(),
    })
    this.#reset()
  }

  /** What reads see: the document as it is now. */
  get reader(): Reader {
    return { document: this.#mirror.now, tiles: this.#tiles, pause: this.#links.pause }
  }

  change(diff: DocumentDiff): void {
    const { width, height } = this.#mirror.now.canvas
    this.#mirror.change(diff)
    const { canvas } = this.#mirror.now
    if (canvas.width !== width || canvas.height !== height) this.#reset()
    this.#dropStaleTransform()
    this.strokes.follow()
    this.#look()
    void this.#outline.follow(canvas.selection, canvas)
  }

  addTiles(tiles: readonly { readonly id: string; readonly bytes: Uint8Array }[]): void {
    for (const { id, bytes } of tiles) this.#tiles.cache.add(id, bytes)
    this.display.retry()
  }

  failTiles(ids: readonly string[], message: string): void {
    for (const id of ids) this.#tiles.cache.fail(id, message)
  }

  overlay(show: Target | 'selection' | null): void {
    this.#scenes.overlay = show
    this.display.refresh()
  }

  /** A map that nothing can be seen under changes nothing: the one before stays. */
  previewTransform(request: { readonly target: Target; readonly matrix: Affine } | null): void {
    if (request === null) this.#transform = null
    else if (hasInverse(request.matrix)) {
      const { now } = this.#mirror
      const places = placesOf(now, request.target)
      const before = this.#transform
      const isSame =
        before !== null &&
        before.places.length === places.length &&
        places.every(({ surface }, i) => surface === before.places[i]?.surface)
      if (isSame) {
        before.setMap(request.matrix)
        return this.display.refresh()
      }
      this.#transform = new LiveTransform(places, now.canvas.selection, request.matrix, this.#tiles)
    }
    this.#look()
  }

  /** One operation after the other, each after the strokes that ended before it. */
  operate<T>(work: (job: Job) => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => {
      await this.strokes.settled()
      return this.#run(work)
    })
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  /** One after the other, each when nothing waits to be drawn: what nobody is waiting for must not be in the way. */
  whenIdle<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    const turn = this.#idle.then(async () => {
      await this.display.settled()
      return work(this.reader)
    })
    this.#idle = turn.catch(() => undefined)
    return turn
  }

  close(): void {
    this.#isClosed = true
    this.display.close()
    this.#tiles.cache.close()
  }

  async #run<T>(work: (job: Job) => Promise<T>): Promise<T> {
    const { hash, pause } = this.#links
    const minting = new Minting(this.#tiles.cache, hash, (tiles) => this.#emit({ type: 'made', tiles }))
    const result = await work({ document: this.#mirror.now, tiles: this.#tiles, minting, pause })
    await minting.finish()
    return result
  }

  /** Nothing that was shown so far is right. */
  #reset(): void {
    const { canvas } = this.#mirror.now
    this.#emit({ type: 'reset', canvas: { width: canvas.width, height: canvas.height } })
    this.display.reset()
    this.#outline.reset()
    void this.#outline.follow(canvas.selection, canvas)
  }

  /** Something is drawn in another way now. */
  #look(): void {
    this.#scenes.live = this.strokes.live ?? this.#transform
    this.display.refresh()
  }

  /** What was moved has arrived, or is another picture by now. */
  #dropStaleTransform(): void {
    const transform = this.#transform
    if (transform === null) return
    const { now } = this.#mirror
    const isStale =
      now.canvas.selection !== transform.selection ||
      transform.places.some(({ layer, field, surface }) => {
        const place = now.find({ layer: layer.id, part: field === 'mask' ? 'mask' : 'pixels' })
        return place?.surface !== surface
      })
    if (isStale) this.#transform = null
  }

  #emit(event: PixelsEvent): void {
    if (!this.#isClosed) this.#links.emit(event)
  }
}
