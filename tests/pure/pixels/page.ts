/**
 * A window for the pixel engine, in memory: keeps the document and its tiles, answers what the engine asks for, and puts the
 * display together from its patches. Plus the straightforward way to compute what the engine should show.
 */
import { createHash } from 'node:crypto'
import {
  addRasterLayer,
  type DocumentStore,
  newDocument,
  renderTree,
  replaceSurfaces,
  type Surface,
} from '../../../src/document/index.ts'
import { compositeTree } from '../../../src/raster/composite-tree.ts'
import { readRect, tileParts, tileSide, writeRect } from '../../../src/raster/tiles.ts'
import { PixelEngine } from '../../../src/renderer/src/pixels/pixel-engine.ts'
import type { OperationResult, PixelOperation, PixelsEvent } from '../../../src/renderer/src/pixels/pixels-api.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import type { Rect, Size } from '../../../src/shared/geometry/rect.ts'

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** A tile of the display before anything came for it. */
const untouched = Uint8Array.from({ length: tileSide * tileSide * 4 }, (_, i) => (i % 4) + 1)

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export class TestPage {
  readonly store: DocumentStore
  readonly engine: PixelEngine
  /** What the program behind the window has stored. */
  readonly tiles = new Map<string, Uint8Array>()
  readonly events: PixelsEvent[] = []
  /** RGBA of each tile of the display, by 'level/column,row'; px that never came are 1, 2, 3, 4. */
  readonly display = new Map<string, Uint8Array>()
  /** Ids that are never answered, and those that fail. */
  readonly withheld = new Set<string>()
  readonly broken = new Set<string>()

  constructor(size: Size, budget?: number) {
    this.store = newDocument(size)
    this.engine = new PixelEngine({
      hash: async (bytes) => sha256(bytes),
      pause: turn,
      ...(budget === undefined ? {} : { budget }),
    })
    void this.engine.watch(null, { onEvent: (event) => this.#hear(event) })
  }

  /** Tells the engine the document as it is, and looks at all of it. */
  async open(level = 0): Promise<this> {
    await this.engine.open({ records: [...this.store.records.values()] })
    this.store.subscribe((diff) => void this.engine.change({ diff }))
    await this.look(level)
    return this
  }

  async look(level: number, rect: Rect = this.canvas): Promise<void> {
    await this.engine.view({ level, rect })
    await this.settle()
  }

  get canvas(): Rect {
    const { width, height } = this.store.canvas
    return { x: 0, y: 0, width, height }
  }

  /** Waits until the engine has nothing more to say. */
  async settle(): Promise<void> {
    for (let quiet = 0, count = this.events.length; quiet < 25; quiet++) {
      await turn()
      if (this.events.length !== count) quiet = 0
      count = this.events.length
    }
  }

  /** A surface whose tiles the window has. */
  surface(pixels: Pixels, x = 0, y = 0): Surface {
    const channels = pixels.channels === 1 ? 1 : 4
    const put = (bytes: Uint8Array): string => {
      const id = sha256(bytes)
      this.tiles.set(id, bytes)
      return id
    }
    return writeRect({ channels, tiles: {} }, pixels, { x, y }, this.get, put)
  }

  /** The same tile, over and over, from (0, 0) on. */
  flatSurface(colour: readonly number[], columns: number, rows: number): Surface {
    const channels = colour.length === 1 ? 1 : 4
    const tile = {
      width: tileSide,
      height: tileSide,
      channels,
      data: new Uint8Array(tileSide * tileSide * channels),
    } as const
    tile.data.forEach((_, i) => (tile.data[i] = colour[i % channels]!))
    const [id = ''] = Object.values(this.surface(tile).tiles)
    const keys = Array.from({ length: columns * rows }, (_, i) => `${i % columns},${Math.floor(i / columns)}`)
    return { channels, tiles: Object.fromEntries(keys.map((key) => [key, id])) }
  }

  readonly get = (id: string): Uint8Array => {
    const bytes = this.tiles.get(id)
    if (bytes === undefined) throw new Error(`the window has no tile ${id}`)
    return bytes
  }

  addLayer(pixels: Pixels, x = 0, y = 0): string {
    return addRasterLayer(this.store, { surface: this.surface(pixels, x, y), place: { parent: null } })
  }

  /** Carries out an operation and commits what came of it. */
  async operate(operation: PixelOperation): Promise<OperationResult> {
    const result = await this.engine.operate(operation)
    this.commit(result)
    await this.settle()
    return result
  }

  commit({ changes, picture }: OperationResult): void {
    replaceSurfaces(this.store, 'Step', changes, picture)
  }

  surfaceOf(layer: string): Surface {
    const record = this.store.get(layer)
    if (record === undefined || record.kind === 'canvas' || record.kind === 'group') throw new Error('no surface')
    return record.surface
  }

  maskOf(layer: string): Surface {
    const record = this.store.get(layer)
    if (record === undefined || record.kind === 'canvas' || record.mask === null) throw new Error('no mask')
    return record.mask.surface
  }

  pixelsOf(surface: Surface, rect: Rect = this.canvas): Pixels {
    return readRect(surface, rect, this.get)
  }

  /** The picture as the document says, at level 0. */
  truth(rect: Rect = this.canvas): Pixels {
    return compositeTree(renderTree(this.store.records, this.store.canvas).children, rect, this.get)
  }

  /** The picture as the display shows it. */
  shown(level = 0): Pixels {
    const width = Math.ceil(this.canvas.width / 2 ** level)
    const height = Math.ceil(this.canvas.height / 2 ** level)
    // A surface whose ids are the names of tiles of the display.
    const parts = [...tileParts({ x: 0, y: 0, width, height })]
    const tiles = Object.fromEntries(parts.map(({ key }) => [key, `${level}/${key}`]))
    const get = (id: string): Uint8Array => this.display.get(id) ?? untouched
    return readRect({ channels: 4, tiles }, { x: 0, y: 0, width, height }, get)
  }

  patches(from = 0): Extract<PixelsEvent, { type: 'patch' }>[] {
    return this.events.slice(from).flatMap((event) => (event.type === 'patch' ? [event] : []))
  }

  asked(from = 0): string[] {
    return this.events.slice(from).flatMap((event) => (event.type === 'need' ? event.ids : []))
  }

  #hear(event: PixelsEvent): void {
    this.events.push(event)
    if (event.type === 'need') void this.#answer(event.ids)
    if (event.type === 'made') for (const { id, bytes } of event.tiles) this.tiles.set(id, new Uint8Array(bytes))
    if (event.type === 'reset') this.display.clear()
    if (event.type !== 'patch') return
    const name = `${event.level}/${event.column},${event.row}`
    let tile = this.display.get(name)
    if (tile === undefined) {
      tile = new Uint8Array(untouched)
      this.display.set(name, tile)
    }
    for (let y = 0; y < event.height; y++) {
      const line = event.data.subarray(y * event.width * 4, (y + 1) * event.width * 4)
      tile.set(line, ((event.y + y) * tileSide + event.x) * 4)
    }
  }

  async #answer(ids: readonly string[]): Promise<void> {
    await turn()
    const failing = ids.filter((id) => this.broken.has(id))
    const coming = ids.filter((id) => !this.broken.has(id) && !this.withheld.has(id))
    // What comes over a wire is a copy.
    const tiles = coming.map((id) => ({ id, bytes: new Uint8Array(this.get(id)) }))
    if (tiles.length > 0) await this.engine.addTiles({ tiles })
    if (failing.length > 0) await this.engine.failTiles({ ids: failing, message: 'A tile is damaged.' })
  }
}

/** The largest difference of any byte. */
export function farthest(a: Pixels, b: Pixels): number {
  if (a.width !== b.width || a.height !== b.height || a.channels !== b.channels) throw new Error('unlike pictures')
  let most = 0
  for (let i = 0; i < a.data.length; i++) most = Math.max(most, Math.abs(a.data[i]! - b.data[i]!))
  return most
}

export const isSame = (a: Pixels, b: Pixels): boolean => Buffer.compare(a.data, b.data) === 0
