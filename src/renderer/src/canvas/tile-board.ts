/**
 * The tiles of the display that have arrived, each on a canvas of its own that can be drawn at any size. Patches are painted
 * into them as they come. At most 256 MiB are kept: what was not drawn for longest makes room, and its canvas is used again.
 */
import { assert } from '../../../shared/base/assert.ts'
import { intersect, type Rect, type Size } from '../../../shared/geometry/rect.ts'
import type { DisplayPatch } from '../pixels/pixels-api.ts'
import { displayTile } from './screen.ts'
import type { Presence, TileRef } from './tile-plan.ts'

interface Tile {
  readonly context: OffscreenCanvasRenderingContext2D
  isWhole: boolean
  /** True where no px lets anything through: there is nothing to draw beneath it. */
  isOpaque: boolean
  lastDrawn: number
}

const bytesPerTile = displayTile * displayTile * 4
const defaultBudget = 256 << 20

export class TileBoard {
  readonly #most: number
  readonly #tiles = new Map<number, Tile>()
  #canvas: Size | null = null
  #clock = 0

  constructor(budget = defaultBudget) {
    this.#most = Math.max(1, Math.floor(budget / bytesPerTile))
  }

  /** Size of the picture that the tiles are of; null before anything is known of one. */
  get canvas(): Size | null {
    return this.#canvas
  }

  get size(): number {
    return this.#tiles.size
  }

  /** Forgets all tiles. */
  reset(canvas: Size | null): void {
    this.#canvas = canvas
    this.#tiles.clear()
  }

  /** Paints a patch into its tile. Returns the part of the canvas that looks different now. */
  put(patch: DisplayPatch): Rect | undefined {
    const { level, column, row, x, y, width, height, data } = patch
    if (this.#canvas === null || width <= 0 || height <= 0) return undefined
    const scale = 2 ** level
    const isAll =
      x === 0 &&
      y === 0 &&
      width >= extent(this.#canvas.width, column, scale) &&
      height >= extent(this.#canvas.height, row, scale)
    const tile = this.#tileFor(patch)
    tile.context.putImageData(new ImageData(data, width, height), x, y)
    tile.isOpaque = (isAll || tile.isOpaque) && isOpaque(data)
    tile.isWhole ||= isAll
    const left = (column * displayTile + x) * scale
    const top = (row * displayTile + y) * scale
    const changed = { x: left, y: top, width: width * scale, height: height * scale }
    return intersect(changed, { x: 0, y: 0, ...this.#canvas })
  }

  presence(tile: TileRef): Presence {
    const kept = this.#tiles.get(keyOf(tile))
    return kept === undefined ? 'none' : kept.isWhole ? 'whole' : 'part'
  }

  /**
   * To be drawn now. Undefined where nothing of it has arrived.
   *
   * @param isStandIn it is drawn in place of another one and does not count as used: the worker sends tiles that were on screen
   * again only after 400 others, and those it counts have to outlive those it does not know of
   */
  take(ref: TileRef, isStandIn = false): { readonly image: OffscreenCanvas; readonly isOpaque: boolean } | undefined {
    const tile = this.#tiles.get(keyOf(ref))
    if (tile === undefined) return undefined
    if (!isStandIn) tile.lastDrawn = ++this.#clock
    return { image: tile.context.canvas, isOpaque: tile.isOpaque }
  }

  #tileFor(ref: TileRef): Tile {
    const key = keyOf(ref)
    const known = this.#tiles.get(key)
    if (known !== undefined) return known
    const context = this.#tiles.size < this.#most ? newTileContext() : this.#dropOldest()
    const tile = { context, isWhole: false, isOpaque: false, lastDrawn: ++this.#clock }
    this.#tiles.set(key, tile)
    return tile
  }

  #dropOldest(): OffscreenCanvasRenderingContext2D {
    let [oldest] = this.#tiles
    for (const entry of this.#tiles) if (entry[1].lastDrawn < (oldest?.[1].lastDrawn ?? 0)) oldest = entry
    if (oldest === undefined) return newTileContext()
    const [key, { context }] = oldest
    this.#tiles.delete(key)
    context.clearRect(0, 0, displayTile, displayTile)
    return context
  }
}

/** A canvas has at most 128 tiles a side, and 8 levels. */
function keyOf({ level, column, row }: TileRef): number {
  return (level << 20) | (row << 10) | column
}

/** How many px of a tile lie on the canvas, along one side. */
function extent(length: number, index: number, scale: number): number {
  return Math.min(displayTile, Math.ceil(length / scale) - index * displayTile)
}

function newTileContext(): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(displayTile, displayTile).getContext('2d')
  assert(context, 'a canvas has a 2d context')
  return context
}

/** Costs 40 microseconds for a whole tile. */
function isOpaque(data: Uint8ClampedArray): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false
  return true
}
