/**
 * The part of a tile that has to be drawn again, as a grid of small squares: a long slanted stretch of a stroke touches few of
 * them, where a rectangle around it would be most of the tile.
 */
import { tileSide } from '../../../raster/tiles.ts'
import { union } from '../../../raster/union.ts'
import { intersect, type Rect } from '../../../shared/geometry/rect.ts'

const square = 32
const count = tileSide / square

export class DirtyArea {
  readonly #tile: Rect
  readonly #squares = new Uint8Array(count * count)
  #bounds: Rect | undefined

  /** @param tile what the tile spans; all rectangles are in the same px */
  constructor(tile: Rect) {
    this.#tile = tile
  }

  get isEmpty(): boolean {
    return this.#bounds === undefined
  }

  /** What lies outside of the tile does not count. */
  add(rect: Rect): void {
    const part = intersect(rect, this.#tile)
    if (part === undefined) return
    this.#bounds = union(this.#bounds, part)
    const x = part.x - this.#tile.x
    const y = part.y - this.#tile.y
    for (let row = Math.floor(y / square); row * square < y + part.height; row++) {
      for (let column = Math.floor(x / square); column * square < x + part.width; column++) {
        this.#squares[row * count + column] = 1
      }
    }
  }

  /** Rectangles that do not overlap and hold everything added since the last time. */
  take(): Rect[] {
    const bounds = this.#bounds
    if (bounds === undefined) return []
    const found: Rect[] = []
    let above: Rect[] = []
    for (let row = 0; row < count; row++) {
      const runs = this.#runs(row)
      const isSame =
        runs.length === above.length && runs.every((run, i) => run.x === above[i]?.x && run.width === above[i]?.width)
      if (isSame) above = above.map((rect) => ({ ...rect, height: rect.height + square }))
      else {
        found.push(...above)
        above = runs
      }
    }
    found.push(...above)
    this.#squares.fill(0)
    this.#bounds = undefined
    return found.flatMap((rect) => intersect(rect, bounds) ?? [])
  }

  #runs(row: number): Rect[] {
    const runs: Rect[] = []
    const { x, y } = this.#tile
    for (let column = 0; column < count; column++) {
      if (this.#squares[row * count + column] === 0) continue
      const start = column
      while (column + 1 < count && this.#squares[row * count + column + 1] === 1) column++
      const width = (column + 1 - start) * square
      runs.push({ x: x + start * square, y: y + row * square, width, height: square })
    }
    return runs
  }
}
