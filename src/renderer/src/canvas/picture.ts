/**
 * Draws the picture: its tiles, the checkerboard where it lets light through, its shadow on the pasteboard, and from 800 % on
 * the borders of its px. In device px, wholly or only what has changed.
 */
import { intersect, type Rect } from '../../../shared/geometry/rect.ts'
import { type Checkerboard, checkerboards } from './checkerboard.ts'
import { isSame } from './same.ts'
import { deviceEdge, deviceRect, deviceSize, displayTile, levelOf, type Screen, visibleRect } from './screen.ts'
import type { TileBoard } from './tile-board.ts'
import { type Piece, planPieces, type TileRef } from './tile-plan.ts'

type Context = CanvasRenderingContext2D

export interface PictureLook {
  readonly checkerboard: 'light' | 'dark'
  /** CSS colour of the line around the picture. */
  readonly line: string
}

/** From here on px show their edges and are not smoothed; in device px a canvas px. */
const sharpFrom = 2
/** CSS px a canvas px from which on the borders of px are drawn. */
const gridFrom = 8

/** CSS px; `reach`: beyond it there is none. */
const shadow = { colour: 'rgb(0 0 0 / 45%)', blur: 18, down: 3, reach: 32 } as const

/** Everything, on whatever was there before. */
export function drawPicture(context: Context, screen: Screen, board: TileBoard, look: PictureLook): void {
  const { width, height } = deviceSize(screen)
  context.clearRect(0, 0, width, height)
  if (board.canvas === null) return
  const visible = visibleRect(screen, board.canvas)
  drawSurroundings(context, screen, deviceRect(screen, { x: 0, y: 0, ...board.canvas }), look)
  if (visible === undefined) return
  drawTiles(context, screen, board, visible, look)
  drawPixelBorders(context, screen, visible)
}

/** Only what shows a part of the canvas; the screen must be as it was when everything was drawn. */
export function drawPart(context: Context, screen: Screen, board: TileBoard, part: Rect, look: PictureLook): void {
  if (board.canvas === null) return
  // Smoothing mixes a px with its neighbours.
  const reach = 2 ** levelOf(screen)
  const widened = {
    x: part.x - reach,
    y: part.y - reach,
    width: part.width + 2 * reach,
    height: part.height + 2 * reach,
  }
  const visible = visibleRect(screen, board.canvas)
  const area = visible && intersect(visible, widened)
  if (area === undefined) return
  const { x, y, width, height } = deviceRect(screen, area)
  context.save()
  context.beginPath()
  context.rect(x, y, width, height)
  context.clip()
  drawTiles(context, screen, board, area, look)
  drawPixelBorders(context, screen, area)
  context.restore()
}

/** The tiles that show `area` (canvas px), each to its own borders. */
export function drawTiles(context: Context, screen: Screen, board: TileBoard, area: Rect, look: PictureLook): void {
  if (board.canvas === null) return
  const checkers = checkerboards(look.checkerboard, screen.ratio)
  const level = levelOf(screen)
  for (const piece of planPieces(level, area, board.canvas, (tile) => board.presence(tile))) {
    const tile = piece.tile && board.take(piece.tile, piece.tile.level !== level)
    drawPiece(context, screen, piece, tile ?? null, checkers)
  }
}

function drawPiece(
  context: Context,
  screen: Screen,
  piece: Piece,
  tile: ReturnType<TileBoard['take']> | null,
  checkers: Checkerboard,
): void {
  const { x, y, width, height } = deviceRect(screen, piece.area)
  if (width <= 0 || height <= 0) return
  if (!tile || piece.tile === null) {
    context.fillStyle = checkers.blank
    context.fillRect(x, y, width, height)
    return
  }
  if (!tile.isOpaque && !piece.isOver) {
    context.fillStyle = checkers.pattern(context, deviceEdge(screen, 'x', 0), deviceEdge(screen, 'y', 0))
    context.fillRect(x, y, width, height)
  }
  const from = sourceOf(piece.tile, piece.area)
  const scale = screen.camera.zoom * screen.ratio
  const isExact = width === from.width && height === from.height
  context.imageSmoothingEnabled = !isExact && (scale < sharpFrom || piece.tile.level > 0)
  context.drawImage(tile.image, from.x, from.y, from.width, from.height, x, y, width, height)
}

/** Where in the tile a part of the canvas lies, in px of its level. */
function sourceOf({ level, column, row }: TileRef, { x, y, width, height }: Rect): Rect {
  const scale = 2 ** level
  return {
    x: x / scale - column * displayTile,
    y: y / scale - row * displayTile,
    width: width / scale,
    height: height / scale,
  }
}

/**
 * A shadow and a line around the picture, which then covers all but what is outside of it. The shadow of what is far larger than
 * the screen would cost ten times all the rest: only sides that can be seen are where they are.
 */
function drawSurroundings(context: Context, screen: Screen, picture: Rect, look: PictureLook): void {
  const { ratio } = screen
  const line = Math.max(1, Math.round(ratio))
  const margin = Math.ceil(shadow.reach * ratio)
  const { width, height } = deviceSize(screen)
  const nearby = { x: -margin, y: -margin, width: width + 2 * margin, height: height + 2 * margin }
  const seen = intersect(nearby, picture)
  if (seen === undefined || isSame(seen, nearby)) return
  context.save()
  context.shadowColor = shadow.colour
  context.shadowBlur = shadow.blur * ratio
  context.shadowOffsetY = shadow.down * ratio
  context.fillStyle = look.line
  context.fillRect(seen.x - line, seen.y - line, seen.width + 2 * line, seen.height + 2 * line)
  context.restore()
}

function drawPixelBorders(context: Context, screen: Screen, area: Rect): void {
  if (screen.camera.zoom < gridFrom) return
  const { x, y, width, height } = deviceRect(screen, area)
  const line = Math.max(1, Math.floor(screen.ratio))
  context.fillStyle = 'rgb(128 128 128 / 38%)'
  for (let at = area.x; at <= area.x + area.width; at++) {
    context.fillRect(deviceEdge(screen, 'x', at), y, line, height)
  }
  for (let at = area.y; at <= area.y + area.height; at++) {
    context.fillRect(x, deviceEdge(screen, 'y', at), width, line)
  }
}
