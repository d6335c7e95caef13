/**
 * Paints a selection. A plain stroke adds, since a painted selection is made of many strokes; Alt (or Ctrl) at the press
 * subtracts, Shift+Alt intersects. Esc drops the stroke; another tool or a lost window keeps it.
 */
import type { SelectionMode, SelectionShape, StrokePoint } from '../commands.ts'
import { cancelHint, type Hint } from '../hints.ts'
import type { View } from '../session.ts'
import { selectionMode } from './selection-mode.ts'
import { continueStroke, strokePoint } from './strokes.ts'
import { type Tool, to } from './tool.ts'

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'painting'; readonly mode: SelectionMode; readonly points: readonly StrokePoint[] }

const idle: State = { name: 'idle' }
const idleHints: readonly Hint[] = [
  { key: 'Alt', does: 'subtract' },
  { key: 'Shift+Alt', does: 'intersect' },
  { key: '[ ]', does: 'brush-size' },
]

export const selectBrush: Tool<State> = {
  id: 'select-brush',
  idle,
  step(state, event, view) {
    if (state.name === 'idle') {
      if (event.type !== 'pointerdown') return to(state)
      const mode = selectionMode(event.modifiers, event.modifiers.ctrl ? 'subtract' : 'add')
      return to<State>({ name: 'painting', mode, points: [strokePoint(event, view)] })
    }
    const change = continueStroke(state.points, event, view)
    switch (change.is) {
      case 'same':
        return to(state)
      case 'longer':
        return to<State>({ ...state, points: change.points })
      case 'dropped':
        return to<State>(idle)
      case 'done':
        return to<State>(idle, { type: 'select', shape: shapeOf(change.points, view), mode: state.mode })
    }
  },
  preview(state, view) {
    if (state.name === 'idle') return null
    return { type: 'selection', shape: shapeOf(state.points, view), mode: state.mode }
  },
  hints: ({ name }) => (name === 'idle' ? idleHints : [cancelHint]),
}

function shapeOf(points: readonly StrokePoint[], view: View): SelectionShape {
  return { kind: 'brush', points, brush: view.brushes['select-brush'] }
}
