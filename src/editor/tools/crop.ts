/**
 * Crops: a rectangle is drawn, then moved or reshaped by its handles (Shift keeps the ratio), and waits for Enter or Esc. It
 * may reach past the canvas. A lost window ends only the drag; another tool drops the rectangle.
 */
import { add, contains, type Point, rounded, subtract } from '../../shared/geometry/point.ts'
import type { Rect } from '../../shared/geometry/rect.ts'
import { type Handle, handleAt, handleOf, reshaped } from '../handles.ts'
import { applyHint, cancelHint, type Hint } from '../hints.ts'
import type { View } from '../session.ts'
import { canvasPoint, isApply, isCancel, isDiscard, isFollowed, type Step, type Tool, to } from './tool.ts'

interface Drag {
  readonly name: 'drawing' | 'moving' | 'resizing'
  /** The rectangle now and at the press; null before the press that draws the first one. */
  readonly rect: Rect
  readonly before: Rect | null
  readonly begin: Rect
  readonly start: Point
  readonly at: Point
  readonly handle: Handle
}

type State = { readonly name: 'idle' } | { readonly name: 'pending'; readonly rect: Rect } | Drag

const idle: State = { name: 'idle' }
const dragHints: readonly Hint[] = [{ key: 'Shift', does: 'keep-ratio' }, cancelHint]
const bottomRight: Handle = { x: 1, y: 1 }

export const crop: Tool<State> = {
  id: 'crop',
  idle,
  step(state, event, view) {
    if (isDiscard(event) || event.type === 'leave') return to<State>(idle)
    if (state.name === 'idle' || state.name === 'pending') {
      if (event.type === 'pointerdown') return to<State>(grabbed(state, canvasPoint(event, view), view))
      return state.name === 'pending' && isApply(event) ? applied(state.rect) : to(state)
    }
    if (isCancel(event)) return to<State>(pending(state.before))
    if (isApply(event)) return applied(state.rect)
    if (event.type === 'blur') return to<State>(pending(state.rect))
    if (!isFollowed(event)) return to<State>(state)
    const next = dragged(state, 'key' in event ? state.at : canvasPoint(event, view), event.modifiers.shift)
    // A press that draws nothing leaves what was there.
    const empty = next.rect.width === 0 || next.rect.height === 0
    return to<State>(event.type === 'pointerup' ? pending(empty ? next.before : next.rect) : next)
  },
  preview: (state) => (state.name === 'idle' ? null : { type: 'crop', rect: state.rect }),
  hints: ({ name }) => (name === 'idle' ? [] : name === 'pending' ? [applyHint, cancelHint] : dragHints),
}

function pending(rect: Rect | null): State {
  return rect === null || rect.width === 0 || rect.height === 0 ? idle : { name: 'pending', rect }
}

function applied(rect: Rect): Step<State> {
  return rect.width === 0 || rect.height === 0 ? to<State>(idle) : to<State>(idle, { type: 'crop', rect })
}

function grabbed(state: Exclude<State, Drag>, start: Point, view: View): Drag {
  const before = state.name === 'pending' ? state.rect : null
  if (before !== null) {
    const handle = handleAt(start, view.camera.zoom, (handle) => handleOf(before, handle))
    const held = { rect: before, before, begin: before, start, at: start }
    if (handle) return { ...held, name: 'resizing', handle }
    if (contains(before, start)) return { ...held, name: 'moving', handle: bottomRight }
  }
  const begin = { ...rounded(start), width: 0, height: 0 }
  return { name: 'drawing', rect: begin, before, begin, start, at: start, handle: bottomRight }
}

function dragged(state: Drag, at: Point, keepRatio: boolean): Drag {
  const { name, begin, start, handle } = state
  const by = subtract(at, start)
  switch (name) {
    case 'moving':
      return { ...state, at, rect: { ...begin, ...rounded(add(begin, by)) } }
    case 'drawing': {
      // A ratio to keep: of a rectangle that is being drawn, a square's.
      const side = Math.max(Math.abs(by.x), Math.abs(by.y))
      const square = { x: start.x + (by.x < 0 ? -side : side), y: start.y + (by.y < 0 ? -side : side) }
      return { ...state, at, rect: reshaped(begin, handle, keepRatio ? square : at, false) }
    }
    case 'resizing':
      return { ...state, at, rect: reshaped(begin, handle, add(handleOf(begin, handle), by), keepRatio) }
  }
}
