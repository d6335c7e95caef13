/**
 * Rectangle and ellipse selections, by their bounding box. Shift or Alt at the press choose the mode; Shift pressed (again)
 * during the drag makes the sides equal, and Space carries the whole box along. A click without a drag deselects. Esc,
 * another tool and a lost window drop the box.
 */
import { add, distance, type Point, rectBetween, subtract } from '../../shared/geometry/point.ts'
import type { Rect } from '../../shared/geometry/rect.ts'
import type { SelectionMode } from '../commands.ts'
import { cancelHint, type Hint, modeHints } from '../hints.ts'
import type { View } from '../session.ts'
import { selectionMode } from './selection-mode.ts'
import {
  canvasPoint,
  dragThreshold,
  isCancel,
  isInterruption,
  isFollowed,
  type Tool,
  type ToolEvent,
  to,
} from './tool.ts'

interface Gesture {
  readonly name: 'pointing' | 'dragging'
  readonly mode: SelectionMode
  readonly start: Point
  readonly at: Point
  /** Has Shift been up since the press? Until then it only means the mode. */
  readonly shiftFree: boolean
  readonly square: boolean
}

export type ShapeState = { readonly name: 'idle' } | Gesture

const idle: ShapeState = { name: 'idle' }
const dragHints: readonly Hint[] = [
  { key: 'Shift', does: 'constrain' },
  { key: 'Space', does: 'move-start' },
  cancelHint,
]

export function selectShapeTool(
  id: 'select-rectangle' | 'select-ellipse',
  kind: 'rectangle' | 'ellipse',
): Tool<ShapeState> {
  return {
    id,
    idle,
    step(state, event, view) {
      if (state.name === 'idle') {
        if (event.type !== 'pointerdown') return to(state)
        const start = canvasPoint(event, view)
        const mode = selectionMode(event.modifiers, 'replace')
        const shiftFree = !event.modifiers.shift
        return to<ShapeState>({ name: 'pointing', mode, start, at: start, shiftFree, square: false })
      }
      if (isCancel(event) || isInterruption(event)) return to<ShapeState>(idle)
      const next = followed(withShift(state, event), event, view)
      if (event.type !== 'pointerup') return to<ShapeState>(next)
      if (next.name === 'pointing') {
        return next.mode === 'replace' ? to<ShapeState>(idle, { type: 'deselect' }) : to<ShapeState>(idle)
      }
      const rect = boxOf(next)
      if (rect.width === 0 || rect.height === 0) return to<ShapeState>(idle)
      return to<ShapeState>(idle, { type: 'select', shape: { kind, rect }, mode: next.mode })
    },
    preview(state) {
      if (state.name !== 'dragging') return null
      return { type: 'selection', shape: { kind, rect: boxOf(state) }, mode: state.mode }
    },
    hints: ({ name }) => (name === 'idle' ? modeHints : dragHints),
  }
}

function withShift(state: Gesture, event: ToolEvent): Gesture {
  if (!isFollowed(event)) return state
  const { shift } = event.modifiers
  const shiftFree = state.shiftFree || !shift
  const square = shiftFree && shift
  return shiftFree === state.shiftFree && square === state.square ? state : { ...state, shiftFree, square }
}

function followed(state: Gesture, event: ToolEvent, view: View): Gesture {
  if (event.type !== 'pointermove' && event.type !== 'pointerup') return state
  const at = canvasPoint(event, view)
  const start = view.space ? add(state.start, subtract(at, state.at)) : state.start
  const far = distance(at, start) * view.camera.zoom >= dragThreshold
  return { ...state, name: far ? 'dragging' : state.name, start, at }
}

function boxOf({ start, at, square }: Gesture): Rect {
  if (!square) return rectBetween(start, at)
  const side = Math.max(Math.abs(at.x - start.x), Math.abs(at.y - start.y))
  const signed = (from: number, to: number) => from + (to < from ? -side : side)
  const rect = rectBetween(start, { x: signed(start.x, at.x), y: signed(start.y, at.y) })
  // Rounding two fractions may leave the sides a px apart.
  const equal = Math.min(rect.width, rect.height)
  return { ...rect, width: equal, height: equal }
}
