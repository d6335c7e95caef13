/**
 * The generation frame: dragged inside it moves on the grid (Alt: freely, by whole px), its handles change its sides in the
 * model's multiples, and a drag outside draws it anew. Arrow keys move it by a step of the grid, Shift by eight. Esc takes a
 * drag back; another tool or a lost window keeps it.
 */
import { add, contains, distance, type Point, subtract } from '../../shared/geometry/point.ts'
import type { Rect } from '../../shared/geometry/rect.ts'
import { snapPosition, snapSides } from '../frame-snap.ts'
import { type Handle, handleAt, handleOf, reshaped } from '../handles.ts'
import { cancelHint, nudgeHint } from '../hints.ts'
import type { View } from '../session.ts'
import {
  canvasPoint,
  dragThreshold,
  isCancel,
  isInterruption,
  isFollowed,
  nudgeOf,
  type Step,
  type Tool,
  to,
} from './tool.ts'

interface Drag {
  readonly name: 'pointing' | 'moving' | 'resizing'
  /** The frame at the press, and now. */
  readonly begin: Rect
  readonly rect: Rect
  readonly start: Point
  readonly at: Point
  readonly handle: Handle | null
}

type State = { readonly name: 'idle' } | Drag

const idle: State = { name: 'idle' }

export const frame: Tool<State> = {
  id: 'frame',
  idle,
  step(state, event, view) {
    if (state.name === 'idle') {
      const nudge = nudgeOf(event, 8)
      if (nudge !== undefined) {
        const { grid } = view.frameRule
        const moved = { x: view.frame.x + nudge.x * grid, y: view.frame.y + nudge.y * grid }
        return to(state, { type: 'setFrame', frame: snapPosition({ ...view.frame, ...moved }, view.frameRule, false) })
      }
      return event.type === 'pointerdown' ? to<State>(grabbed(canvasPoint(event, view), view)) : to(state)
    }
    if (isCancel(event)) return to<State>(idle)
    if (isInterruption(event)) return dropped(state, view)
    if (!isFollowed(event)) return to<State>(state)
    const next = dragged(state, 'key' in event ? state.at : canvasPoint(event, view), event.modifiers.alt, view)
    return event.type === 'pointerup' ? dropped(next, view) : to<State>(next)
  },
  preview: (state, view) => ({ type: 'frame', rect: state.name === 'idle' ? view.frame : state.rect }),
  hints: ({ name }) => (name === 'idle' ? [nudgeHint] : [{ key: 'Alt', does: 'free' }, cancelHint]),
}

function grabbed(start: Point, view: View): Drag {
  const begin = view.frame
  const handle = handleAt(start, view.camera.zoom, (handle) => handleOf(begin, handle)) ?? null
  const name = handle ? 'resizing' : contains(begin, start) ? 'moving' : 'pointing'
  return { name, begin, rect: begin, start, at: start, handle }
}

function dragged(state: Drag, at: Point, free: boolean, view: View): Drag {
  const { name, begin, start, handle } = state
  const by = subtract(at, start)
  switch (name) {
    case 'moving':
      return { ...state, at, rect: snapPosition({ ...begin, ...add(begin, by) }, view.frameRule, free) }
    case 'resizing': {
      if (handle === null) return state
      const wished = reshaped(begin, handle, add(handleOf(begin, handle), by), false)
      return { ...state, at, rect: snapSides(wished, handle, view.frameRule) }
    }
    case 'pointing': {
      if (distance(at, start) * view.camera.zoom < dragThreshold) return { ...state, at, rect: begin }
      const corner: Handle = { x: by.x < 0 ? -1 : 1, y: by.y < 0 ? -1 : 1 }
      const from = snapPosition({ x: start.x, y: start.y, width: 0, height: 0 }, view.frameRule, free)
      return { ...state, at, rect: snapSides(reshaped(from, { x: 1, y: 1 }, at, false), corner, view.frameRule) }
    }
  }
}

function dropped({ rect }: Drag, { frame }: View): Step<State> {
  const same = rect.x === frame.x && rect.y === frame.y && rect.width === frame.width && rect.height === frame.height
  return same ? to<State>(idle) : to<State>(idle, { type: 'setFrame', frame: rect })
}
