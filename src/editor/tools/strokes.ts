/**
 * Collecting the points of a stroke, for every tool that paints. Esc and a pointer taken away drop the stroke; another tool
 * or a lost window keeps what was painted so far.
 */
import type { Point } from '../../shared/geometry/point.ts'
import type { StrokePoint } from '../commands.ts'
import type { PointerInput } from '../input.ts'
import type { View } from '../session.ts'
import { canvasPoint, isCancel, isInterruption, type ToolEvent } from './tool.ts'

export function strokePoint(event: PointerInput, view: View): StrokePoint {
  return { ...canvasPoint(event, view), pressure: event.pressure }
}

/** What an event means to a stroke: more points, its end (kept or dropped), or nothing. */
type StrokeChange =
  | { readonly is: 'longer' | 'done'; readonly points: readonly StrokePoint[] }
  | { readonly is: 'dropped' | 'same' }

/** Costs a copy of the points so far: a few microseconds for the longest strokes. */
export function continueStroke(points: readonly StrokePoint[], event: ToolEvent, view: View): StrokeChange {
  if (isCancel(event)) return { is: 'dropped' }
  if (isInterruption(event)) return { is: 'done', points }
  if (event.type !== 'pointermove' && event.type !== 'pointerup') return { is: 'same' }
  const next = strokePoint(event, view)
  // Pens send pressure 0 with the lift; the last true pressure ends the stroke.
  const pressure = event.type === 'pointerup' ? (points.at(-1)?.pressure ?? next.pressure) : next.pressure
  const added = isAt(points.at(-1), next) ? points : [...points, { ...next, pressure }]
  if (event.type === 'pointerup') return { is: 'done', points: added }
  return added === points ? { is: 'same' } : { is: 'longer', points: added }
}

function isAt(point: Point | undefined, next: Point): boolean {
  return point !== undefined && point.x === next.x && point.y === next.y
}
