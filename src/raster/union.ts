/** The smallest rectangle around two; what is not there yet adds nothing. */
import type { Rect } from '../shared/geometry/rect.ts'

export function union(a: Rect | undefined, b: Rect): Rect {
  if (a === undefined) return b
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  const right = Math.max(a.x + a.width, b.x + b.width)
  const bottom = Math.max(a.y + a.height, b.y + b.height)
  return { x, y, width: right - x, height: bottom - y }
}
