/** Pans. Esc goes back to where the drag began. */
import { type Point, subtract } from '../../shared/geometry/point.ts'
import { type Camera, pan } from '../camera.ts'
import { cancelHint } from '../hints.ts'
import { isCancel, isInterruption, type Tool, to } from './tool.ts'

type State =
  | { readonly name: 'idle' }
  /** `start` in screen px: the camera always follows from where it began, so that rounding never adds up. */
  | { readonly name: 'panning'; readonly start: Point; readonly camera: Camera }

const idle: State = { name: 'idle' }

export const hand: Tool<State> = {
  id: 'hand',
  idle,
  step(state, event, view) {
    if (state.name === 'idle') {
      if (event.type !== 'pointerdown') return to(state)
      return to<State>({ name: 'panning', start: { x: event.x, y: event.y }, camera: view.camera })
    }
    if (isCancel(event)) return to<State>(idle, { type: 'setCamera', camera: state.camera })
    if (isInterruption(event)) return to<State>(idle)
    if (event.type !== 'pointermove' && event.type !== 'pointerup') return to(state)
    const camera = pan(state.camera, subtract(event, state.start))
    return to<State>(event.type === 'pointerup' ? idle : state, { type: 'setCamera', camera })
  },
  hints: ({ name }) => (name === 'idle' ? [] : [cancelHint]),
}
