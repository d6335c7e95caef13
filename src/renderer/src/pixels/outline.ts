/** The outline of the selection for the window to walk its ants along, found at the finest level that takes no time to speak of. */
import type { Surface } from '../../../document/index.ts'
import { type Edge, selectionEdges } from '../../../raster/selection-edges.ts'
import { readRect, tileParts, tilesBounds } from '../../../raster/tiles.ts'
import { StudioError } from '../../../shared/contract/errors.ts'
import { intersect, type Rect, type Size } from '../../../shared/geometry/rect.ts'
import { sizeAt } from './scene.ts'
import type { Tiles } from './tiles.ts'

/** Px that are looked at: some 20 ms. */
const mostPx = 1 << 21
/** Runs that the window can draw at once; a selection of noise is shown coarser. */
const mostRuns = 20_000
const halfSelected = 128

export class Outline {
  readonly #tiles: Tiles
  readonly #tell: (runs: Float32Array) => void
  /** Undefined before anything was told. */
  #selection: Surface | null | undefined

  constructor(tiles: Tiles, tell: (runs: Float32Array) => void) {
    this.#tiles = tiles
    this.#tell = tell
  }

  /** The window has forgotten it. */
  reset(): void {
    this.#selection = undefined
  }

  /** Tells the outline where the selection is another one. */
  async follow(selection: Surface | null, canvas: Size): Promise<void> {
    if (this.#selection === selection) return
    this.#selection = selection
    if (selection === null) return this.#tell(new Float32Array())
    try {
      for (let level = this.#firstLevel(selection, canvas); ; level++) {
        const edges = await this.#edges(selection, canvas, level)
        if (this.#selection !== selection) return
        if (edges.length <= mostRuns || sizeAt(canvas, level).width === 1)
          return this.#tell(inCanvasPx(edges, canvas, level))
      }
    } catch (error) {
      // Tiles that will not come are told to whoever works with the selection.
      if (!(error instanceof StudioError)) throw error
    }
  }

  #firstLevel(selection: Surface, canvas: Size): number {
    const area = areaOf(selection, canvas)
    const px = area === undefined ? 1 : area.width * area.height
    return Math.max(0, Math.ceil(Math.log2(px / mostPx) / 2))
  }

  async #edges(selection: Surface, canvas: Size, level: number): Promise<Edge[]> {
    const surface = this.#tiles.at(selection, level)
    const area = areaOf(surface, sizeAt(canvas, level))
    if (area === undefined) return []
    const ids = [...tileParts(area)].flatMap(({ key }) => surface.tiles[key] ?? [])
    return this.#tiles.use(ids, () => {
      const edges = selectionEdges(readRect(surface, area, this.#tiles.get), halfSelected)
      return edges.map(({ x1, y1, x2, y2 }) => ({
        x1: x1 + area.x,
        y1: y1 + area.y,
        x2: x2 + area.x,
        y2: y2 + area.y,
      }))
    })
  }
}

/** Around the tiles of a selection, inside the canvas. */
function areaOf(surface: Surface, { width, height }: Size): Rect | undefined {
  const bounds = tilesBounds(surface)
  return bounds && intersect(bounds, { x: 0, y: 0, width, height })
}

function inCanvasPx(edges: readonly Edge[], { width, height }: Size, level: number): Float32Array {
  const scale = 2 ** level
  const runs = new Float32Array(edges.length * 4)
  for (const [i, { x1, y1, x2, y2 }] of edges.entries()) {
    runs[i * 4] = Math.min(width, x1 * scale)
    runs[i * 4 + 1] = Math.min(height, y1 * scale)
    runs[i * 4 + 2] = Math.min(width, x2 * scale)
    runs[i * 4 + 3] = Math.min(height, y2 * scale)
  }
  return runs
}
