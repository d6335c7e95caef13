/**
 * Size and hardness of a brush by dragging, for pens: Alt and the right button, to the right larger, upwards harder. Not on
 * the rail: the editor lends it to the brush tools for one gesture. Esc takes it back.
 */
import type { Point } from '../../shared/geometry/point.ts'
import { type Brush, type BrushTool, withHardness, withSize } from '../brush.ts'
import { cancelHint } from '../hints.ts'
import type { View } from '../session.ts'
import { isBrushTool } from '../tool-ids.ts'
import { isCancel, isInterruption, type Tool, to } from './tool.ts'

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'dragging'; readonly start: Point; readonly tool: BrushTool; readonly brush: Brush }

const idle: State = { name: 'idle' }
/** Screen px upwards from softest to hardest. */
const wholeRange = 200

export const brushResize: Tool<State> = {
  id: 'brush-resize',
  idle,
  step(state, event, view: View) {
    if (state.name === 'idle') {
      const { tool, brushes } = view
      if (event.type !== 'pointerdown' || !isBrushTool(tool)) return to(state)
      return to<State>({ name: 'dragging', start: { x: event.x, y: event.y }, tool, brush: brushes[tool] })
    }
    const { start, tool, brush } = state
    if (isCancel(event)) return to<State>(idle, { type: 'setBrush', tool, brush })
    if (isInterruption(event)) return to<State>(idle)
    if (event.type !== 'pointermove' && event.type !== 'pointerup') return to(state)
    const sized = withSize(brush, brush.size + (event.x - start.x) / view.camera.zoom)
    const next = withHardness(sized, brush.hardness + (start.y - event.y) / wholeRange)
    return to<State>(event.type === 'pointerup' ? idle : state, { type: 'setBrush', tool, brush: next })
  },
  hints: ({ name }) => (name === 'idle' ? [] : [cancelHint]),
}
