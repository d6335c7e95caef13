/**
 * Brush strokes as coverage, one byte a px. Dabs are set along the way of the pen at even distances and joined by maximum,
 * so that a stroke that crosses itself is nowhere denser than one dab: its opacity is laid over the whole, later.
 */
import { assert } from '../shared/base/assert.ts'
import { intersect, type Rect } from '../shared/geometry/rect.ts'
import { DabCache } from './brush-dab.ts'
import { tileParts, tileSide } from './tiles.ts'
import { union } from './union.ts'

export interface Brush {
  /** Diameter in px at full pressure, above 0. */
  readonly size: number
  /** 0 (soft from the centre on) to 1 (a disc). */
  readonly hardness: number
  /** From dab to dab, as a share of the dab's diameter; above 0. Steps are never shorter than half a px. */
  readonly spacing: number
  /** What the pen's pressure scales. */
  readonly pressure: { readonly size: boolean; readonly opacity: boolean }
}

export interface StrokePoint {
  /** In px of the surface; px i spans i to i + 1. */
  readonly x: number
  readonly y: number
  /** 0..1; a mouse has 1. */
  readonly pressure: number
}

const shortestStep = 0.5

/** A stroke while it is drawn. Memory: 64 KiB for every tile of 256 x 256 px that it touches. */
export class StrokeBuilder {
  readonly #brush: Brush
  readonly #clip: Rect
  readonly #dabs: DabCache
  readonly #tiles = new Map<string, Uint8Array>()
  #bounds: Rect | undefined
  #last: StrokePoint | undefined
  /** Px to go from `#last` to the next dab. */
  #untilNext = 0

  /** @param clip px outside of it take no coverage. */
  constructor(brush: Brush, clip: Rect) {
    assert(brush.size > 0 && brush.spacing > 0, 'a brush has a size and a spacing above 0')
    assert(brush.hardness >= 0 && brush.hardness <= 1, 'hardness lies between 0 and 1')
    this.#brush = brush
    this.#clip = clip
    this.#dabs = new DabCache(brush.hardness)
  }

  /** Around everything that has been touched so far. */
  get bounds(): Rect | undefined {
    return this.#bounds
  }

  /** Whether the stroke has been in a tile at all. */
  has(key: string): boolean {
    return this.#tiles.has(key)
  }

  /**
   * Goes straight on to the point. Returns a rectangle around all px that may have changed; undefined where none has.
   *
   * @param onDab is told the rectangle of each dab: a long slanted stretch changes far less than what is around it
   */
  add(point: StrokePoint, onDab?: (touched: Rect) => void): Rect | undefined {
    const from = this.#last ?? point
    const length = Math.hypot(point.x - from.x, point.y - from.y)
    let dirty: Rect | undefined
    let along = this.#untilNext
    while (along <= length) {
      const t = length === 0 ? 0 : along / length
      const pressure = mix(from.pressure, point.pressure, t)
      const touched = this.#stamp(mix(from.x, point.x, t), mix(from.y, point.y, t), pressure)
      if (touched !== undefined) {
        dirty = union(dirty, touched)
        onDab?.(touched)
      }
      along += Math.max(shortestStep, this.#brush.spacing * this.#diameter(pressure))
    }
    this.#untilNext = along - length
    this.#last = point
    if (dirty !== undefined) this.#bounds = union(this.#bounds, dirty)
    return dirty
  }

  /** Coverage of a rectangle, (height, width) bytes; 0 where the stroke has not been. */
  read(rect: Rect): Uint8Array {
    const coverage = new Uint8Array(rect.width * rect.height)
    for (const { key, part, offset } of tileParts(rect)) {
      const tile = this.#tiles.get(key)
      if (tile === undefined) continue
      for (let y = 0; y < part.height; y++) {
        const from = offset + y * tileSide
        coverage.set(tile.subarray(from, from + part.width), (part.y - rect.y + y) * rect.width + part.x - rect.x)
      }
    }
    return coverage
  }

  #diameter(pressure: number): number {
    return this.#brush.pressure.size ? this.#brush.size * pressure : this.#brush.size
  }

  #stamp(x: number, y: number, pressure: number): Rect | undefined {
    const diameter = this.#diameter(pressure)
    // A dab narrower than a px is a px wide and thinner instead.
    const strength = (this.#brush.pressure.opacity ? pressure : 1) * Math.min(1, diameter)
    if (strength <= 0) return undefined
    const { dab, left, top } = this.#dabs.at(Math.max(1, diameter), x, y)
    const touched = intersect(this.#clip, { x: left, y: top, width: dab.side, height: dab.side })
    if (touched === undefined) return undefined
    for (const { key, part, offset } of tileParts(touched)) {
      const tile = this.#tile(key)
      for (let row = 0; row < part.height; row++) {
        const from = (part.y - top + row) * dab.side + part.x - left
        raise(tile, offset + row * tileSide, dab.coverage, from, part.width, strength)
      }
    }
    return touched
  }

  #tile(key: string): Uint8Array {
    const known = this.#tiles.get(key)
    if (known !== undefined) return known
    const tile = new Uint8Array(tileSide * tileSide)
    this.#tiles.set(key, tile)
    return tile
  }
}

/** Each byte of the line becomes the larger of itself and the dab's. */
function raise(line: Uint8Array, at: number, dab: Uint8Array, from: number, count: number, strength: number): void {
  for (let i = 0; i < count; i++) {
    const value = (dab[from + i]! * strength + 0.5) | 0
    if (value > line[at + i]!) line[at + i] = value
  }
}

function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t
}
