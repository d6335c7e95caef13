/** The handles of a rectangle: which one lies under the pointer, and what dragging it makes of the rectangle. */
import { distance, type Point, rectBetween } from '../shared/geometry/point.ts'
import type { Rect } from '../shared/geometry/rect.ts'

/** A place on a box by the signs of its two axes: (-1, -1) the top left corner, (1, 0) the right edge, (0, 0) the inside. */
export interface Handle {
  readonly x: -1 | 0 | 1
  readonly y: -1 | 0 | 1
}

/** Screen px from a handle within which it is meant. */
const reach = 8

/** Corners first: they win where handles of a small box lie close together. */
const handles: readonly Handle[] = [
  { x: -1, y: -1 },
  { x: 1, y: -1 },
  { x: 1, y: 1 },
  { x: -1, y: 1 },
  { x: 0, y: -1 },
  { x: 1, y: 0 },
  { x: 0, y: 1 },
  { x: -1, y: 0 },
]

/** The handle at `point`, of those that `place` puts on the canvas; zoom turns canvas px into screen px. */
export function handleAt(point: Point, zoom: number, place: (handle: Handle) => Point): Handle | undefined {
  return handles.find((handle) => distance(place(handle), point) * zoom <= reach)
}

export function handleOf(rect: Rect, handle: Handle): Point {
  return { x: rect.x + (rect.width * (handle.x + 1)) / 2, y: rect.y + (rect.height * (handle.y + 1)) / 2 }
}

/** `rect` after `handle` was dragged to `to`, in whole px; the opposite side stays and may be crossed. */
export function reshaped(rect: Rect, handle: Handle, to: Point, keepRatio: boolean): Rect {
  const fixed = { x: handle.x < 0 ? rect.x + rect.width : rect.x, y: handle.y < 0 ? rect.y + rect.height : rect.y }
  let x = handle.x === 0 ? rect.x + rect.width : to.x
  let y = handle.y === 0 ? rect.y + rect.height : to.y
  if (keepRatio && rect.width > 0 && rect.height > 0) {
    const across = Math.abs(x - fixed.x) / rect.width
    const down = Math.abs(y - fixed.y) / rect.height
    const factor = handle.x === 0 ? down : handle.y === 0 ? across : Math.max(across, down)
    x = fixed.x + towards(x, fixed.x, handle.x) * rect.width * factor
    y = fixed.y + towards(y, fixed.y, handle.y) * rect.height * factor
  }
  return rectBetween(fixed, { x, y })
}

/** The side of the fixed point on which a dragged one lies; on it exactly, the handle's own side. */
function towards(value: number, fixed: number, side: Handle['x']): -1 | 1 {
  if (value !== fixed) return value < fixed ? -1 : 1
  return side < 0 ? -1 : 1
}
