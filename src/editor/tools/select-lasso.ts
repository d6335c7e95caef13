/**
 * Selects what a free line goes around; Shift or Alt at the press choose the mode, Space carries the line along. A click, or
 * a line with no inside, deselects. Esc, another tool and a lost window drop the line.
 */
import { add, type Point, subtract } from '../../shared/geometry/point.ts'
import type { SelectionMode } from '../commands.ts'
import { cancelHint, type Hint, modeHints } from '../hints.ts'
import { selectionMode } from './selection-mode.ts'
import { canvasPoint, isCancel, isInterruption, type Tool, to } from './tool.ts'

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'dragging'; readonly mode: SelectionMode; readonly points: readonly Point[] }

const idle: State = { name: 'idle' }
const dragHints: readonly Hint[] = [{ key: 'Space', does: 'move-start' }, cancelHint]

export const selectLasso: Tool<State> = {
  id: 'select-lasso',
  idle,
  step(state, event, view) {
    if (state.name === 'idle') {
      if (event.type !== 'pointerdown') return to(state)
      const mode = selectionMode(event.modifiers, 'replace')
      return to<State>({ name: 'dragging', mode, points: [canvasPoint(event, view)] })
    }
    if (isCancel(event) || isInterruption(event)) return to<State>(idle)
    if (event.type !== 'pointermove' && event.type !== 'pointerup') return to(state)
    const at = canvasPoint(event, view)
    const last = state.points.at(-1)!
    const moved = subtract(at, last)
    const still = moved.x === 0 && moved.y === 0
    const points = still
      ? state.points
      : view.space
        ? state.points.map((point) => add(point, moved))
        : [...state.points, at]
    if (event.type === 'pointermove') return still ? to(state) : to<State>({ ...state, points })
    if (points.length < 3) return state.mode === 'replace' ? to<State>(idle, { type: 'deselect' }) : to<State>(idle)
    return to<State>(idle, { type: 'select', shape: { kind: 'lasso', points }, mode: state.mode })
  },
  preview(state) {
    if (state.name === 'idle') return null
    return { type: 'selection', shape: { kind: 'lasso', points: state.points }, mode: state.mode }
  },
  hints: ({ name }) => (name === 'idle' ? modeHints : dragHints),
}
