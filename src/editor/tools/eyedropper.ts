/**
 * Takes a colour from the picture: pressed and dragged it only shows what it would take, released it takes it, with Shift as
 * the background colour. Esc takes nothing.
 */
import type { Point } from '../../shared/geometry/point.ts'
import type { PointerInput } from '../input.ts'
import { cancelHint } from '../hints.ts'
import type { View } from '../session.ts'
import { canvasPoint, isCancel, isInterruption, type Tool, to } from './tool.ts'

type State = { readonly name: 'idle' } | { readonly name: 'picking'; readonly point: Point }

const idle: State = { name: 'idle' }

export const eyedropper: Tool<State> = {
  id: 'eyedropper',
  idle,
  step(state, event, view) {
    if (state.name === 'idle') {
      return event.type === 'pointerdown' ? to<State>({ name: 'picking', point: pixelAt(event, view) }) : to(state)
    }
    if (isCancel(event) || isInterruption(event)) return to<State>(idle)
    if (event.type === 'pointermove') return to<State>({ name: 'picking', point: pixelAt(event, view) })
    if (event.type !== 'pointerup') return to(state)
    const point = pixelAt(event, view)
    const { width, height } = view.canvas
    if (point.x < 0 || point.y < 0 || point.x >= width || point.y >= height) return to<State>(idle)
    return to<State>(idle, { type: 'pickColour', point, to: event.modifiers.shift ? 'background' : 'foreground' })
  },
  preview: (state) => (state.name === 'idle' ? null : { type: 'pick', point: state.point }),
  hints: ({ name }) => (name === 'idle' ? [{ key: 'Shift', does: 'background' }] : [cancelHint]),
}

function pixelAt(event: PointerInput, view: View): Point {
  const { x, y } = canvasPoint(event, view)
  return { x: Math.floor(x), y: Math.floor(y) }
}
