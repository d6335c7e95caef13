/**
 * Keeps the window's display as the document is: draws the tiles of the view that have changed since they were last sent, those
 * in the middle first, one at a time, so that strokes and newer views come in between.
 */
import { tileParts, tileRect, tileSide } from '../../../raster/tiles.ts'
import { StudioError } from '../../../shared/contract/errors.ts'
import { intersect, type Rect } from '../../../shared/geometry/rect.ts'
import { compose } from './compose.ts'
import { shrunkRect } from './lifted.ts'
import type { DisplayPatch, ViewRequest } from './pixels-api.ts'
import { type LevelScene, type Scenes, sceneNeeds, sceneSignature } from './scene.ts'
import type { Tiles } from './tiles.ts'

/** The window keeps more than so many tiles that were on screen; what left it longer ago is sent again. */
const keptByWindow = 400
/** While a tile is drawn, those of so many after it are asked for. */
const lookahead = 2

export interface DisplayLinks {
  readonly tiles: Tiles
  readonly scenes: Scenes
  readonly pause: () => Promise<void>
  readonly emit: (patch: DisplayPatch) => void
  /** Everything in the view is on its way. */
  readonly onShown: () => void
}

export class Display {
  readonly #links: DisplayLinks
  #view: ViewRequest | null = null
  /** Keys of the tiles in the view, those in the middle first. */
  #keys: readonly string[] = []
  /** What each tile showed when it was last sent, by level and key; the ones used last come last. */
  readonly #sent = new Map<string, string>()
  /** Tiles that could not be drawn because a tile of the document did not come. */
  readonly #failed = new Set<string>()
  readonly #rough = new Set<string>()
  #running: Promise<void> = Promise.resolve()
  /** Counts whatever may have changed a tile. */
  #epoch = 0
  #isRunning = false
  #isClosed = false

  constructor(links: DisplayLinks) {
    this.#links = links
  }

  get level(): number {
    return this.#view?.level ?? 0
  }

  /** Is a tile in the view? */
  shows(scene: LevelScene, key: string): boolean {
    const visible = this.#view === null ? undefined : visibleRect(this.#view, scene)
    return visible !== undefined && intersect(visible, tileRect(key)) !== undefined
  }

  setView(view: ViewRequest): void {
    this.#view = view
    this.#links.tiles.cache.favourite = view.level
    this.refresh()
  }

  /** Whatever was drawn so far is of another picture. */
  reset(): void {
    this.#sent.clear()
    this.#rough.clear()
    this.refresh()
  }

  /** Something may look different now. */
  refresh(): void {
    this.#epoch += 1
    if (!this.#isRunning) this.#running = this.#run()
  }

  /** Resolves when nothing waits to be drawn. */
  async settled(): Promise<void> {
    await this.#running
  }

  /** Tiles have come, perhaps ones that would not come before. */
  retry(): void {
    if (this.#failed.size === 0) return
    for (const name of this.#failed) this.#sent.delete(name)
    this.#failed.clear()
    this.refresh()
  }

  close(): void {
    this.#isClosed = true
  }

  /** Does the window show a tile of the view as the scene has it? */
  isCurrent(scene: LevelScene, key: string): boolean {
    return this.#sent.get(nameOf(scene, key)) === sceneSignature(scene, key)
  }

  /**
   * The window shows it from now on.
   *
   * @param how 'nearly' where what it shows is a rounding away: it is drawn once more when there is nothing else to do
   */
  markCurrent(scene: LevelScene, key: string, how: 'exactly' | 'nearly' = 'exactly'): void {
    const name = nameOf(scene, key)
    this.#sent.delete(name)
    this.#sent.set(name, sceneSignature(scene, key))
    if (how === 'nearly') this.#rough.add(name)
    else this.#rough.delete(name)
  }

  /** Draws a part of a tile, all of whose tiles are in memory, and sends it. */
  send(scene: LevelScene, key: string, part: Rect): void {
    const { level, width, height } = scene
    const rect = intersect(part, { x: 0, y: 0, width, height })
    if (rect === undefined || this.#isClosed) return
    const { tiles, emit } = this.#links
    const tile = tileRect(key)
    emit({
      type: 'patch',
      level,
      column: tile.x / tileSide,
      row: tile.y / tileSide,
      x: rect.x - tile.x,
      y: rect.y - tile.y,
      width: rect.width,
      height: rect.height,
      data: compose(scene, key, rect, tiles.get),
    })
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    try {
      // What is asked for in one go is done in one go.
      await this.#links.pause()
      await this.#drawAll()
    } finally {
      this.#isRunning = false
    }
    if (!this.#isClosed && this.#view !== null) this.#links.onShown()
  }

  /** Goes round and round through the tiles of the view until all of them are as they should be. */
  async #drawAll(): Promise<void> {
    let epoch = -1
    let at = 0
    let current = 0
    while (!this.#isClosed && this.#view !== null) {
      const scene = this.#scene()
      if (epoch !== this.#epoch) {
        epoch = this.#epoch
        current = 0
        if (this.#lookAround(this.#view, scene)) at = 0
      }
      while (current < this.#keys.length && this.isCurrent(scene, this.#keyAt(at))) {
        at++
        current++
      }
      if (current < this.#keys.length) {
        this.#prefetch(scene, at + 1)
        await this.#draw(scene, this.#keyAt(at))
      } else {
        const rough = this.#keys.find((key) => this.#rough.has(nameOf(scene, key)))
        // While a person is at it, nothing may be in the way.
        if (rough === undefined || scene.live !== null) return
        await this.#draw(scene, rough)
      }
      await this.#links.pause()
    }
  }

  #keyAt(at: number): string {
    return this.#keys[at % this.#keys.length] ?? ''
  }

  #prefetch(scene: LevelScene, from: number): void {
    for (let at = from; at < from + lookahead; at++) {
      const key = this.#keyAt(at)
      if (!this.isCurrent(scene, key)) this.#links.tiles.prefetch(sceneNeeds(scene, key))
    }
  }

  /** @returns whether other tiles are in view than before */
  #lookAround(view: ViewRequest, scene: LevelScene): boolean {
    const keys = keysAround(view, scene)
    const isSame = keys.length === this.#keys.length && keys.every((key, i) => key === this.#keys[i])
    this.#keys = keys
    this.#forgetOld()
    return !isSame
  }

  #scene(): LevelScene {
    return this.#links.scenes.at(this.level)
  }

  async #draw(scene: LevelScene, key: string): Promise<void> {
    try {
      await this.#links.tiles.use(sceneNeeds(scene, key), () => {
        // While it waited for tiles, the scene may have become another one: then it has its turn again.
        if (scene !== this.#scene()) return
        const wanted = sceneNeeds(scene, key)
        if (!this.#links.tiles.areHere(wanted)) return
        scene.live?.settle(scene.level, key)
        this.send(scene, key, tileRect(key))
        this.markCurrent(scene, key)
      })
    } catch (error) {
      if (!(error instanceof StudioError)) throw error
      // A tile that will not come: whoever reads or changes px is told, the display goes on with the others.
      this.markCurrent(scene, key)
      this.#failed.add(nameOf(scene, key))
    }
  }

  /** What is in the view counts as used. */
  #forgetOld(): void {
    for (const key of this.#keys) {
      const name = nameOf({ level: this.level }, key)
      const sent = this.#sent.get(name)
      if (sent === undefined) continue
      this.#sent.delete(name)
      this.#sent.set(name, sent)
    }
    const most = Math.max(keptByWindow, this.#keys.length)
    for (const name of this.#sent.keys()) {
      if (this.#sent.size <= most) break
      this.#sent.delete(name)
    }
  }
}

const nameOf = ({ level }: Pick<LevelScene, 'level'>, key: string): string => `${level}/${key}`

/** What of the canvas is in a view, in px of its level. */
function visibleRect({ rect, level }: ViewRequest, { width, height }: LevelScene): Rect | undefined {
  return intersect(shrunkRect(rect, 2 ** level), { x: 0, y: 0, width, height })
}

/** The tiles in a view, those nearest to its middle first. */
function keysAround(view: ViewRequest, scene: LevelScene): string[] {
  const visible = visibleRect(view, scene)
  if (visible === undefined) return []
  const { x, y, width, height } = shrunkRect(view.rect, 2 ** view.level)
  const distance = (tile: Rect): number =>
    Math.hypot(tile.x + tileSide / 2 - x - width / 2, tile.y + tileSide / 2 - y - height / 2)
  return [...tileParts(visible)]
    .map(({ key }) => ({ key, distance: distance(tileRect(key)) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ key }) => key)
}
