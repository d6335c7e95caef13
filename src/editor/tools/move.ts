/**
 * Moves the active layer by whole px: dragged (Shift locks to an axis), or nudged by arrow keys (1 px, Shift 10).
 * Esc takes the drag back; another tool or a lost window keeps it where it is.
 */
import { alongAxis, type Point, rounded, subtract } from '../../shared/geometry/point.ts'
import type { Target } from '../commands.ts'
import { cancelHint, nudgeHint } from '../hints.ts'
import { canvasPoint, isCancel, isInterruption, isFollowed, nudgeOf, type Step, type Tool, to } from './tool.ts'
import { paintableTarget, refusal } from './target.ts'

type State =
  | { readonly name: 'idle' }
  | {
      readonly name: 'dragging'
      readonly target: Target
      readonly start: Point
      readonly at: Point
      readonly locked: boolean
    }
type Dragging = Extract<State, { name: 'dragging' }>

const idle: State = { name: 'idle' }

export const move: Tool<State> = {
  id: 'move',
  idle,
  step(state, event, view) {
    if (state.name === 'idle') {
      const nudge = nudgeOf(event)
      if (nudge === undefined && event.type !== 'pointerdown') return to(state)
      const target = paintableTarget(view)
      if (target === null) return to(state, refusal(view))
      if (nudge !== undefined) return to(state, { type: 'translate', target, dx: nudge.x, dy: nudge.y })
      if (event.type !== 'pointerdown') return to(state)
      const start = canvasPoint(event, view)
      return to<State>({ name: 'dragging', target, start, at: start, locked: event.modifiers.shift })
    }
    if (isCancel(event)) return to<State>(idle)
    if (isInterruption(event)) return dropped(state)
    if (!isFollowed(event)) return to<State>(state)
    const at = 'key' in event ? state.at : canvasPoint(event, view)
    const next = { ...state, at, locked: event.modifiers.shift }
    return event.type === 'pointerup' ? dropped(next) : to<State>(next)
  },
  preview(state) {
    if (state.name === 'idle') return null
    const { x, y } = offset(state)
    return { type: 'translate', target: state.target, dx: x, dy: y }
  },
  hints: ({ name }) => (name === 'idle' ? [nudgeHint] : [{ key: 'Shift', does: 'axis-lock' }, cancelHint]),
}

function offset({ start, at, locked }: Dragging): Point {
  const moved = subtract(at, start)
  return rounded(locked ? alongAxis(moved) : moved)
}

function dropped(state: Dragging): Step<State> {
  const { x, y } = offset(state)
  if (x === 0 && y === 0) return to<State>(idle)
  return to<State>(idle, { type: 'translate', target: state.target, dx: x, dy: y })
}
