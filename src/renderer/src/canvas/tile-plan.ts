/**
 * Which tiles are drawn for a part of the picture. Where a tile of the level on screen has not arrived yet, finer or coarser
 * ones that are still there stand in, so that zooming never flashes blank. Plans only: no canvas here.
 */
import type { Rect, Size } from '../../../shared/geometry/rect.ts'
import { displayTile, tileArea } from './screen.ts'

export interface TileRef {
  readonly level: number
  readonly column: number
  readonly row: number
}

/** What is known of a tile: all of it, some of its px, or nothing. */
export type Presence = 'whole' | 'part' | 'none'

export interface Piece {
  /** In canvas px. */
  readonly area: Rect
  /** The tile that shows it; null = nothing is known of this part. */
  readonly tile: TileRef | null
  /** True where a piece before it in the plan has drawn this area already. */
  readonly isOver: boolean
}

type Look = (tile: TileRef) => Presence

/** Four times four times four tiles for one: looking deeper costs more than it shows. */
const finerLevels = 3

/** The pieces that cover `area` (canvas px), in the order in which they are to be drawn. */
export function planPieces(level: number, area: Rect, canvas: Size, look: Look): Piece[] {
  const side = displayTile * 2 ** level
  const pieces: Piece[] = []
  for (let row = Math.floor(area.y / side); row * side < area.y + area.height; row++) {
    for (let column = Math.floor(area.x / side); column * side < area.x + area.width; column++) {
      pieces.push(...planTile({ level, column, row }, canvas, look))
    }
  }
  return pieces
}

function planTile(tile: TileRef, canvas: Size, look: Look): Piece[] {
  const area = tileArea(tile.level, tile.column, tile.row, canvas)
  if (area === undefined) return []
  const presence = look(tile)
  if (presence === 'whole') return [{ area, tile, isOver: false }]
  const below = standIns(tile, area, canvas, look)
  return presence === 'none' ? below : [...below, { area, tile, isOver: true }]
}

function standIns(tile: TileRef, area: Rect, canvas: Size, look: Look): Piece[] {
  const finer = finerPieces(tile, finerLevels, canvas, look)
  if (finer.isComplete) return [...finer.pieces]
  const coarser = ancestor(tile, canvas, look)
  if (coarser !== undefined) return [{ area, tile: coarser, isOver: false }]
  return [{ area, tile: null, isOver: false }, ...finer.pieces.map((piece) => ({ ...piece, isOver: true }))]
}

interface Finer {
  /** Is all of the tile covered? */
  readonly isComplete: boolean
  readonly pieces: readonly Piece[]
}

function finerPieces(tile: TileRef, depth: number, canvas: Size, look: Look): Finer {
  const pieces: Piece[] = []
  let isComplete = depth > 0 && tile.level > 0
  if (!isComplete) return { isComplete, pieces }
  for (const child of childrenOf(tile)) {
    const area = tileArea(child.level, child.column, child.row, canvas)
    if (area === undefined) continue
    if (look(child) === 'whole') pieces.push({ area, tile: child, isOver: false })
    else {
      const finer = finerPieces(child, depth - 1, canvas, look)
      pieces.push(...finer.pieces)
      isComplete &&= finer.isComplete
    }
  }
  return { isComplete, pieces }
}

function ancestor(tile: TileRef, { width, height }: Size, look: Look): TileRef | undefined {
  const sides = Math.max(width, height) / displayTile
  let { level, column, row } = tile
  while (2 ** level < sides) {
    level++
    column = Math.floor(column / 2)
    row = Math.floor(row / 2)
    if (look({ level, column, row }) === 'whole') return { level, column, row }
  }
  return undefined
}

function childrenOf({ level, column, row }: TileRef): TileRef[] {
  const [left, top] = [column * 2, row * 2]
  return [
    { level: level - 1, column: left, row: top },
    { level: level - 1, column: left + 1, row: top },
    { level: level - 1, column: left, row: top + 1 },
    { level: level - 1, column: left + 1, row: top + 1 },
  ]
}
