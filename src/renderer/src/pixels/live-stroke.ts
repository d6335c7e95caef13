/**
 * A stroke while it is drawn, at the level that is on screen: its dabs are set as the points come, and the tiles that it has
 * been in are painted afresh from the layer's own px where something was added. Another level draws it anew from its points.
 */
import type { Surface } from '../../../document/index.ts'
import type { StrokePoint } from '../../../editor/index.ts'
import { StrokeBuilder } from '../../../raster/stroke.ts'
import { readRect, type TileSurface, tileParts, tileRect, tileSide } from '../../../raster/tiles.ts'
import type { Rect, Size } from '../../../shared/geometry/rect.ts'
import { brushAt, paintOf, paintOver } from './brush-paint.ts'
import { DirtyArea } from './dirty-area.ts'
import type { Overrides } from './level-tree.ts'
import { type Live, liveName } from './live.ts'
import { newTile } from './minting.ts'
import type { Place } from './mirror.ts'
import type { StrokeStart } from './pixels-api.ts'
import { sizeAt } from './scene.ts'
import type { Tiles } from './tiles.ts'

/** The stroke at one level. */
interface Drawn {
  readonly level: number
  readonly builder: StrokeBuilder
  readonly base: TileSurface
  readonly selection: TileSurface | null
  /** The base, with the stroke's tiles in the place of those that it has been in. */
  readonly surface: { readonly channels: 1 | 4; readonly tiles: Record<string, string> }
  readonly dirty: Map<string, DirtyArea>
}

/** What a stroke is painted on. */
export interface StrokeBase {
  readonly place: Place
  readonly selection: Surface | null
  readonly canvas: Size
}

export class LiveStroke implements Live {
  readonly start: StrokeStart
  readonly #base: StrokeBase
  readonly #tiles: Tiles
  readonly #points: StrokePoint[] = []
  #drawn: Drawn | undefined
  /** Its own tiles by name. */
  #bytes = new Map<string, Uint8Array>()

  constructor(start: StrokeStart, base: StrokeBase, tiles: Tiles) {
    this.start = start
    this.#base = base
    this.#tiles = tiles
  }

  get base(): StrokeBase {
    return this.#base
  }

  get points(): readonly StrokePoint[] {
    return this.#points
  }

  extend(points: readonly StrokePoint[]): void {
    for (const point of points) {
      this.#points.push(point)
      if (this.#drawn !== undefined) addPoint(this.#drawn, point)
    }
  }

  overrides(level: number): Overrides {
    const { layer, field } = this.#base.place
    return new Map([[layer.id, { [field]: this.#at(level).surface }]])
  }

  isExact(level: number): boolean {
    return level === 0
  }

  /** A tile is named when it is painted: until then it shows what it showed before. */
  touch(): void {}

  *needs(level: number, key: string): Generator<string> {
    const { base, selection } = this.#at(level)
    const own = base.tiles[key]
    const selected = selection?.tiles[key]
    if (own !== undefined) yield own
    if (selected !== undefined) yield selected
  }

  settle(level: number, key: string): void {
    this.paint(level, key)
  }

  owns(id: string): boolean {
    return this.#bytes.has(id)
  }

  get(id: string): Uint8Array | undefined {
    return this.#bytes.get(id)
  }

  /** Keys of the tiles that show the stroke. */
  paintedKeys(level: number): string[] {
    const { tiles } = this.#at(level).surface
    return Object.keys(tiles).filter((key) => this.owns(tiles[key] ?? ''))
  }

  /** Keys of the tiles that have to be painted, and then to be shown. */
  dirtyKeys(level: number): string[] {
    return [...this.#at(level).dirty].filter(([, area]) => !area.isEmpty).map(([key]) => key)
  }

  /** Brings the stroke's own px of a tile up to date. @returns where they may have changed, in px of the level */
  paint(level: number, key: string): Rect[] {
    const drawn = this.#at(level)
    const { surface, selection } = drawn
    const parts = drawn.dirty.get(key)?.take() ?? []
    if (parts.length === 0 || (selection !== null && selection.tiles[key] === undefined)) return []
    let name = surface.tiles[key] ?? ''
    let bytes = this.#bytes.get(name)
    if (bytes === undefined) {
      bytes = this.#copyOf(drawn.base, key)
      name = surface.tiles[key] = liveName()
      this.#bytes.set(name, bytes)
    }
    for (const part of parts) this.#paintPart(drawn, bytes, tileRect(key), part)
    return parts
  }

  #copyOf({ tiles, channels }: TileSurface, key: string): Uint8Array {
    const id = tiles[key]
    return id === undefined ? newTile(channels) : new Uint8Array(this.#tiles.get(id))
  }

  #paintPart({ base, builder, selection }: Drawn, bytes: Uint8Array, tile: Rect, part: Rect): void {
    const before = readRect(base, part, this.#tiles.get)
    const selected = selection === null ? undefined : readRect(selection, part, this.#tiles.get).data
    const { data } = paintOver(before, builder.read(part), paintOf(this.start), selected)
    const { channels } = base
    const line = part.width * channels
    for (let y = 0; y < part.height; y++) {
      const at = ((part.y - tile.y + y) * tileSide + part.x - tile.x) * channels
      bytes.set(data.subarray(y * line, (y + 1) * line), at)
    }
  }

  #at(level: number): Drawn {
    if (this.#drawn?.level === level) return this.#drawn
    const { place, selection, canvas } = this.#base
    const base = this.#tiles.at(place.surface, level)
    this.#bytes = new Map()
    const drawn: Drawn = {
      level,
      builder: new StrokeBuilder(brushAt(this.start, level), { x: 0, y: 0, ...sizeAt(canvas, level) }),
      base,
      selection: selection && this.#tiles.at(selection, level),
      surface: { channels: base.channels, tiles: { ...base.tiles } },
      dirty: new Map(),
    }
    for (const point of this.#points) addPoint(drawn, point)
    this.#drawn = drawn
    return drawn
  }

  /** The exact stroke, where it is on screen at level 0: its dabs need not be set once more. */
  get exact(): StrokeBuilder | undefined {
    return this.#drawn?.level === 0 ? this.#drawn.builder : undefined
  }
}

function addPoint(drawn: Drawn, { x, y, pressure }: StrokePoint): void {
  const scale = 2 ** drawn.level
  drawn.builder.add({ x: x / scale, y: y / scale, pressure }, (touched) => {
    for (const { key, part } of tileParts(touched)) dirtyIn(drawn, key).add(part)
  })
}

function dirtyIn({ dirty }: Drawn, key: string): DirtyArea {
  let area = dirty.get(key)
  if (area === undefined) dirty.set(key, (area = new DirtyArea(tileRect(key))))
  return area
}
