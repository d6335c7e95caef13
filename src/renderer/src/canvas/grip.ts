/**
 * What a press at a place would take hold of: a handle of the box that waits there, its inside, or what is around it. Asks the
 * same question as the tools do, for the cursor alone; a box is its four corners, clockwise from the picture's top left.
 */
import { type Handle, handleAt } from '../../../editor/handles.ts'
import type { Preview } from '../../../editor/index.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import type { Rect } from '../../../shared/geometry/rect.ts'

export type Corners = readonly Point[]

export type Grip =
  /** `angle`: where it points to, radians clockwise from the right. */
  { readonly on: 'handle'; readonly angle: number } | { readonly on: 'inside' } | { readonly on: 'outside' }

export const handlePlaces: readonly Handle[] = [-1, 0, 1].flatMap((y) =>
  [-1, 0, 1].flatMap((x) => (x === 0 && y === 0 ? [] : [{ x, y } as Handle])),
)

export function cornersOf({ x, y, width, height }: Rect): Corners {
  return [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ]
}

/** The box with handles among what is unfinished, in canvas px. */
export function boxOf(previews: readonly Preview[]): Corners | null {
  for (const preview of previews) {
    if (preview.type === 'transform') return preview.corners
    if (preview.type === 'crop' || preview.type === 'frame') return cornersOf(preview.rect)
  }
  return null
}

export function handlePlace([topLeft, topRight, bottomRight, bottomLeft]: Corners, { x, y }: Handle): Point {
  const [u, v] = [(x + 1) / 2, (y + 1) / 2]
  const mix = (axis: 'x' | 'y') => {
    const [a, b, c, d] = [topLeft![axis], topRight![axis], bottomRight![axis], bottomLeft![axis]]
    return (a * (1 - u) + b * u) * (1 - v) + (d * (1 - u) + c * u) * v
  }
  return { x: mix('x'), y: mix('y') }
}

/** @param point in canvas px */
export function gripAt(corners: Corners, zoom: number, point: Point): Grip {
  const handle = handleAt(point, zoom, (place) => handlePlace(corners, place))
  if (handle !== undefined) return { on: 'handle', angle: angleOf(corners, handle) }
  return { on: isInside(corners, point) ? 'inside' : 'outside' }
}

/** Along the box's own axes, each counted as one: a corner of a long thin box still points across it. */
function angleOf(corners: Corners, { x, y }: Handle): number {
  const [topLeft, topRight, , bottomLeft] = corners
  const across = unit(topLeft!, topRight!)
  const down = unit(topLeft!, bottomLeft!)
  return Math.atan2(x * across.y + y * down.y, x * across.x + y * down.x)
}

function unit(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  return { x: (to.x - from.x) / length, y: (to.y - from.y) / length }
}

/** On the same side of all four edges, or on one. */
function isInside(corners: Corners, point: Point): boolean {
  const sides = corners.map((from, i) => {
    const to = corners[(i + 1) % corners.length]!
    return (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x)
  })
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0)
}
