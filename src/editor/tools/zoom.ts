/**
 * Zooms at the pointer: a click one step nearer (Alt: farther), a drag to the right or left continuously. Esc goes back to
 * where the drag began.
 */
import { distance, type Point } from '../../shared/geometry/point.ts'
import { type Camera, zoomStep, zoomTo } from '../camera.ts'
import { cancelHint } from '../hints.ts'
import { dragThreshold, isCancel, isInterruption, type Tool, to } from './tool.ts'

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'pointing' | 'zooming'; readonly start: Point; readonly camera: Camera }

const idle: State = { name: 'idle' }
/** Screen px of a drag that double the zoom. */
const doubling = 240

export const zoom: Tool<State> = {
  id: 'zoom',
  idle,
  step(state, event, view) {
    if (state.name === 'idle') {
      if (event.type !== 'pointerdown') return to(state)
      return to<State>({ name: 'pointing', start: { x: event.x, y: event.y }, camera: view.camera })
    }
    if (isCancel(event)) return to<State>(idle, { type: 'setCamera', camera: state.camera })
    if (isInterruption(event)) return to<State>(idle)
    if (event.type !== 'pointermove' && event.type !== 'pointerup') return to(state)
    if (state.name === 'pointing' && distance(event, state.start) < dragThreshold) {
      if (event.type === 'pointermove') return to(state)
      const camera = zoomStep(view.camera, event.modifiers.alt ? -1 : 1, state.start)
      return to<State>(idle, { type: 'setCamera', camera })
    }
    const factor = 2 ** ((event.x - state.start.x) / doubling)
    // Without snaps: a drag follows the hand.
    const camera = zoomTo(state.camera, state.camera.zoom * factor, state.start)
    return to<State>(event.type === 'pointerup' ? idle : { ...state, name: 'zooming' }, { type: 'setCamera', camera })
  },
  hints: ({ name }) => (name === 'idle' ? [{ key: 'Alt', does: 'zoom-out' }] : [cancelHint]),
}
