/**
 * Free transform of the active layer: drag inside moves, handles scale, outside turns; arrow keys nudge. It waits for Enter
 * (applied as one edit) or Esc (as if nothing had been). A lost window ends only the drag; another tool or target applies.
 */
import { add, alongAxis, type Point, subtract } from '../../shared/geometry/point.ts'
import type { Rect } from '../../shared/geometry/rect.ts'
import type { Target } from '../commands.ts'
import { type Handle, handleAt } from '../handles.ts'
import { applyHint, cancelHint, type Hint, nudgeHint } from '../hints.ts'
import type { Modifiers } from '../input.ts'
import type { View } from '../session.ts'
import {
  cornersOf,
  handlePoint,
  identityOf,
  isIdentity,
  isInside,
  matrixOf,
  scaled,
  type TransformNumbers,
  turned,
  withNumbers,
} from '../transform-box.ts'
import { paintableTarget, refusal } from './target.ts'
import { canvasPoint, isApply, isCancel, isDiscard, isFollowed, nudgeOf, type Step, type Tool, to } from './tool.ts'

interface Edit {
  readonly target: Target
  readonly bounds: Rect
  readonly numbers: TransformNumbers
}

interface Drag extends Edit {
  readonly name: 'moving' | 'scaling' | 'rotating'
  /** The numbers and the pointer at the press, and the pointer now. */
  readonly begin: TransformNumbers
  readonly start: Point
  readonly at: Point
  readonly handle: Handle
}

type State = { readonly name: 'idle' } | (Edit & { readonly name: 'pending' }) | Drag

const idle: State = { name: 'idle' }
const inside: Handle = { x: 0, y: 0 }
const waitHints: readonly Hint[] = [nudgeHint, applyHint, cancelHint]
const hints: Readonly<Record<State['name'], readonly Hint[]>> = {
  idle: [nudgeHint],
  pending: waitHints,
  moving: [{ key: 'Shift', does: 'axis-lock' }, cancelHint],
  scaling: [{ key: 'Shift', does: 'keep-ratio' }, { key: 'Alt', does: 'from-centre' }, cancelHint],
  rotating: [{ key: 'Shift', does: 'rotate-steps' }, cancelHint],
}

export const transform: Tool<State> = {
  id: 'transform',
  idle,
  step(state, event, view) {
    if (state.name === 'moving' || state.name === 'scaling' || state.name === 'rotating') {
      if (isCancel(event)) return isDiscard(event) ? to<State>(idle) : to<State>(pending(state, state.begin))
      if (isApply(event) || event.type === 'leave') return applied(state)
      if (event.type === 'blur') return to<State>(pending(state, state.numbers))
      if (!isFollowed(event)) return to<State>(state)
      const next = dragged(state, 'key' in event ? state.at : canvasPoint(event, view), event.modifiers)
      return to<State>(event.type === 'pointerup' ? pending(next, next.numbers) : next)
    }
    if (state.name === 'pending') {
      if (isDiscard(event)) return to<State>(idle)
      if (isApply(event) || event.type === 'leave') return applied(state)
    }
    const nudge = nudgeOf(event)
    if (nudge === undefined && event.type !== 'pointerdown' && event.type !== 'numbers') return to(state)
    const edit = state.name === 'pending' ? state : begun(view)
    if (edit === null) return to(state, refusal(view))
    const { bounds, numbers } = edit
    if (nudge !== undefined) return to<State>(pending(edit, { ...numbers, ...add(numbers, nudge) }))
    if (event.type === 'numbers') return to<State>(pending(edit, withNumbers(bounds, numbers, event.transform)))
    return event.type === 'pointerdown' ? to<State>(grabbed(edit, canvasPoint(event, view), view)) : to(state)
  },
  preview(state, view) {
    const edit = state.name === 'idle' ? begun(view) : state
    if (edit === null) return null
    const { target, bounds, numbers } = edit
    return {
      type: 'transform',
      target,
      numbers,
      matrix: matrixOf(bounds, numbers),
      corners: cornersOf(bounds, numbers),
    }
  },
  hints: ({ name }) => hints[name],
}

/** The box around the target as it stands; null where there is nothing to transform. */
function begun(view: View): Edit | null {
  const target = paintableTarget(view)
  const bounds = view.target?.bounds
  if (target === null || !bounds || bounds.width === 0 || bounds.height === 0) return null
  return { target, bounds, numbers: identityOf(bounds) }
}

/** An edit that changes nothing is no edit, and waits for nothing. */
function pending({ target, bounds }: Edit, numbers: TransformNumbers): State {
  return isIdentity(bounds, numbers) ? idle : { name: 'pending', target, bounds, numbers }
}

function applied({ target, bounds, numbers }: Edit): Step<State> {
  if (isIdentity(bounds, numbers)) return to<State>(idle)
  return to<State>(idle, { type: 'transform', target, matrix: matrixOf(bounds, numbers), numbers })
}

function grabbed({ target, bounds, numbers }: Edit, start: Point, view: View): Drag {
  const handle = handleAt(start, view.camera.zoom, (handle) => handlePoint(bounds, numbers, handle))
  const name = handle ? 'scaling' : isInside(bounds, numbers, start) ? 'moving' : 'rotating'
  return { name, target, bounds, numbers, begin: numbers, start, at: start, handle: handle ?? inside }
}

function dragged(state: Drag, at: Point, { shift, alt }: Modifiers): Drag {
  const { name, bounds, begin, start, handle } = state
  const by = subtract(at, start)
  switch (name) {
    case 'moving':
      return { ...state, at, numbers: { ...begin, ...add(begin, shift ? alongAxis(by) : by) } }
    case 'rotating':
      return { ...state, at, numbers: turned(begin, start, at, shift ? 15 : 0) }
    case 'scaling': {
      // By how far the pointer went, not to where it is: a handle gripped beside its middle does not jump.
      const to = add(handlePoint(bounds, begin, handle), by)
      return { ...state, at, numbers: scaled(bounds, begin, handle, to, { keepRatio: shift, fromCentre: alt }) }
    }
  }
}
