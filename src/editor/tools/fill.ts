/** Floods the active layer with the foreground colour from the px that is clicked. Esc before the release takes it back. */
import { cancelHint } from '../hints.ts'
import { paintableTarget, refusal } from './target.ts'
import { canvasPoint, isCancel, isInterruption, type Tool, to } from './tool.ts'

type State = { readonly name: 'idle' | 'pointing' }

const idle: State = { name: 'idle' }

export const fill: Tool<State> = {
  id: 'fill',
  idle,
  step(state, event, view) {
    if (state.name === 'idle') return event.type === 'pointerdown' ? to<State>({ name: 'pointing' }) : to(state)
    if (isCancel(event) || isInterruption(event)) return to(idle)
    if (event.type !== 'pointerup') return to(state)
    const { x, y } = canvasPoint(event, view)
    const point = { x: Math.floor(x), y: Math.floor(y) }
    const { width, height } = view.canvas
    if (point.x < 0 || point.y < 0 || point.x >= width || point.y >= height) return to(idle)
    const target = paintableTarget(view)
    if (target === null) return to(idle, refusal(view))
    return to(idle, { type: 'fill', target, point, colour: view.colours.foreground, ...view.fill })
  },
  hints: ({ name }) => (name === 'idle' ? [{ key: 'Alt', does: 'pick' }] : [cancelHint]),
}
