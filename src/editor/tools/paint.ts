/**
 * Brush and eraser share everything but what they leave behind. Shift at the press draws a straight line from the end of the
 * last stroke on the same layer; pressed later it does nothing.
 */
import type { StrokePoint, Target } from '../commands.ts'
import { cancelHint, type Hint } from '../hints.ts'
import { continueStroke, strokePoint } from './strokes.ts'
import { paintableTarget, refusal } from './target.ts'
import { type Tool, to } from './tool.ts'

interface LastPoint {
  readonly target: Target
  readonly point: StrokePoint
}

export type PaintState =
  | { readonly name: 'idle'; readonly last: LastPoint | null }
  | {
      readonly name: 'painting'
      readonly last: LastPoint | null
      readonly target: Target
      readonly points: readonly StrokePoint[]
    }

const idleHints: readonly Hint[] = [
  { key: 'Shift', does: 'straight-line' },
  { key: 'Alt', does: 'pick' },
  { key: '[ ]', does: 'brush-size' },
]

export function paintTool(id: 'brush' | 'eraser', paint: 'colour' | 'erase'): Tool<PaintState> {
  return {
    id,
    idle: { name: 'idle', last: null },
    step(state, event, view) {
      if (state.name === 'idle') {
        if (event.type !== 'pointerdown') return to(state)
        const target = paintableTarget(view)
        if (target === null) return to(state, refusal(view))
        const point = strokePoint(event, view)
        const before = event.modifiers.shift && isSame(state.last?.target, target) ? state.last : null
        const points = before === null ? [point] : [before.point, point]
        return to<PaintState>({ name: 'painting', last: state.last, target, points })
      }
      const change = continueStroke(state.points, event, view)
      switch (change.is) {
        case 'same':
          return to(state)
        case 'longer':
          return to<PaintState>({ ...state, points: change.points })
        case 'dropped':
          return to<PaintState>({ name: 'idle', last: state.last })
        case 'done': {
          const { target } = state
          const { points } = change
          const last = { target, point: points.at(-1)! }
          const { brushes, colours } = view
          return to<PaintState>(
            { name: 'idle', last },
            { type: 'stroke', target, paint, points, brush: brushes[id], colour: colours.foreground },
          )
        }
      }
    },
    preview(state, view) {
      if (state.name === 'idle') return null
      return { type: 'stroke', tool: id, points: state.points, brush: view.brushes[id] }
    },
    hints: ({ name }) => (name === 'idle' ? idleHints : [cancelHint]),
  }
}

function isSame(a: Target | undefined, b: Target): boolean {
  return a !== undefined && a.layer === b.layer && a.part === b.part
}
