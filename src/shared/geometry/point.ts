/** Points and vectors of the plane; x to the right, y down, angles in radians clockwise on screen. */
import type { Rect } from './rect.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export const add = (a: Point, b: Point): Point => ({ x: a.x + b.x, y: a.y + b.y })
export const subtract = (a: Point, b: Point): Point => ({ x: a.x - b.x, y: a.y - b.y })
export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)

/** `vector` turned about the origin. */
export function rotate({ x, y }: Point, radians: number): Point {
  const cos = Math.cos(radians)
  const sin = Math.sin(radians)
  return { x: x * cos - y * sin, y: x * sin + y * cos }
}

/** The nearest whole px; never -0, so that equal points compare equal. */
export const rounded = ({ x, y }: Point): Point => ({ x: Math.round(x) + 0, y: Math.round(y) + 0 })

/** The longer of its two parts alone: what a drag is while it is locked to an axis. */
export const alongAxis = ({ x, y }: Point): Point => (Math.abs(x) >= Math.abs(y) ? { x, y: 0 } : { x: 0, y })

/** The rectangle with these two corners, its sides put on whole px. */
export function rectBetween(a: Point, b: Point): Rect {
  const from = rounded({ x: Math.min(a.x, b.x), y: Math.min(a.y, b.y) })
  const to = rounded({ x: Math.max(a.x, b.x), y: Math.max(a.y, b.y) })
  return { ...from, width: to.x - from.x, height: to.y - from.y }
}

/** Its edges count as inside. */
export const contains = (rect: Rect, { x, y }: Point): boolean =>
  x >= rect.x && y >= rect.y && x <= rect.x + rect.width && y <= rect.y + rect.height
