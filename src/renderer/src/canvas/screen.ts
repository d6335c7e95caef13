/**
 * From canvas px to the px of the device, and what of the picture is on screen. A border of canvas px always lands on a border
 * of device px, rounded in one place: what lies side by side on the canvas shares that border on screen, at every zoom.
 */
import type { Camera } from '../../../editor/index.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import { clamp, intersect, type Rect, type Size } from '../../../shared/geometry/rect.ts'
import type { ViewRequest } from '../pixels/pixels-api.ts'

/** Side of a tile of the display, in px of its level. */
export const displayTile = 256

export interface Screen {
  readonly camera: Camera
  /** CSS px. */
  readonly viewport: Size
  /** Device px a CSS px. */
  readonly ratio: number
}

/**
 * Where a border of canvas px lies in device px, whole. Borders of tiles are rounded on their own, those within a tile as the
 * browser rounds them when it draws the tile between its borders.
 */
export function deviceEdge(screen: Screen, axis: 'x' | 'y', at: number): number {
  const first = Math.floor(at / displayTile) * displayTile
  const from = tileEdge(screen, axis, first)
  if (at === first) return from
  const to = tileEdge(screen, axis, first + displayTile)
  return Math.round(from + ((at - first) * (to - from)) / displayTile) + 0
}

function tileEdge({ camera, ratio }: Screen, axis: 'x' | 'y', at: number): number {
  return Math.round((at * camera.zoom + camera[axis]) * ratio) + 0
}

/** In device px, whole; empty where the rectangle is thinner than half of one. */
export function deviceRect(screen: Screen, { x, y, width, height }: Rect): Rect {
  const left = deviceEdge(screen, 'x', x)
  const top = deviceEdge(screen, 'y', y)
  return {
    x: left,
    y: top,
    width: deviceEdge(screen, 'x', x + width) - left,
    height: deviceEdge(screen, 'y', y + height) - top,
  }
}

export function deviceSize({ viewport, ratio }: Pick<Screen, 'viewport' | 'ratio'>): Size {
  // A hair more, so that a size that was cut to whole device px is not cut by another one.
  return {
    width: Math.floor(viewport.width * ratio + 1e-6),
    height: Math.floor(viewport.height * ratio + 1e-6),
  }
}

/** The level whose px are between half a device px and a whole one; 0 where the picture is shown at 100 % or nearer. */
export function levelOf({ camera, ratio }: Pick<Screen, 'camera' | 'ratio'>): number {
  // Zooms come out of divisions: a hair below 1/2 is 1/2.
  return Math.max(0, Math.floor(Math.log2(1 / (camera.zoom * ratio)) + 1e-6))
}

/** The part of the canvas that is on screen, in whole px; undefined where none of it is. */
export function visibleRect({ camera, viewport }: Screen, canvas: Size): Rect | undefined {
  const left = clamp(Math.floor(-camera.x / camera.zoom), 0, canvas.width)
  const top = clamp(Math.floor(-camera.y / camera.zoom), 0, canvas.height)
  const right = clamp(Math.ceil((viewport.width - camera.x) / camera.zoom), 0, canvas.width)
  const bottom = clamp(Math.ceil((viewport.height - camera.y) / camera.zoom), 0, canvas.height)
  const rect = { x: left, y: top, width: right - left, height: bottom - top }
  return rect.width > 0 && rect.height > 0 ? rect : undefined
}

/** What to ask for: the visible part, widened to whole tiles, so that a small pan asks for nothing new. */
export function viewRequest(screen: Screen, canvas: Size): ViewRequest | undefined {
  const visible = visibleRect(screen, canvas)
  if (visible === undefined) return undefined
  const level = levelOf(screen)
  const side = displayTile * 2 ** level
  const x = Math.floor(visible.x / side) * side
  const y = Math.floor(visible.y / side) * side
  const width = Math.min(canvas.width, Math.ceil((visible.x + visible.width) / side) * side) - x
  const height = Math.min(canvas.height, Math.ceil((visible.y + visible.height) / side) * side) - y
  return { level, rect: { x, y, width, height } }
}

/** The part of the canvas that a tile shows; undefined for a tile beside the canvas. */
export function tileArea(level: number, column: number, row: number, canvas: Size): Rect | undefined {
  const side = displayTile * 2 ** level
  return intersect({ x: column * side, y: row * side, width: side, height: side }, { x: 0, y: 0, ...canvas })
}

/** A point of the canvas in CSS px of the viewport, on a border of device px. */
export function screenPoint(screen: Screen, { x, y }: Point): Point {
  return { x: deviceEdge(screen, 'x', x) / screen.ratio, y: deviceEdge(screen, 'y', y) / screen.ratio }
}
