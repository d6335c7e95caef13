/** The actions that change only the editor's own session, as commands; the rest belong to the app. */
import type { ActionId } from './actions.ts'
import { type Brush, hardened, resized } from './brush.ts'
import { type Camera, fit, middleOf, zoomStep, zoomTo } from './camera.ts'
import type { Size } from '../shared/geometry/rect.ts'
import type { SessionCommand } from './commands.ts'
import type { View } from './session.ts'
import { defaultColours } from './colours.ts'
import { isBrushTool, toolIds } from './tool-ids.ts'

/** Screen px around what is fitted into the viewport. */
const fitPadding = 32

/** Null for an action that is the app's. Empty where it changes nothing now: no brush to make larger. */
export function sessionAction(action: ActionId, view: View): readonly SessionCommand[] | null {
  const tool = toolIds.find((id) => action === `tool.${id}`)
  if (tool !== undefined) return [{ type: 'setTool', tool }]
  const opacity = /^brush\.opacity\.(\d+)$/.exec(action)?.[1]
  if (opacity !== undefined) return withBrush(view, (brush) => ({ ...brush, opacity: Number(opacity) / 100 }))
  const zoom = /^view\.zoom\.(\d+)$/.exec(action)?.[1]
  if (zoom !== undefined) return to(zoomTo(view.camera, Number(zoom) / 100, middleOf(view.viewport)))
  switch (action) {
    case 'edit.transform':
      return [{ type: 'setTool', tool: 'transform' }]
    case 'brush.smaller':
      return withBrush(view, (brush) => resized(brush, -1))
    case 'brush.larger':
      return withBrush(view, (brush) => resized(brush, 1))
    case 'brush.softer':
      return withBrush(view, (brush) => hardened(brush, -1))
    case 'brush.harder':
      return withBrush(view, (brush) => hardened(brush, 1))
    case 'colours.swap': {
      const { foreground, background } = view.colours
      return [{ type: 'setColours', colours: { foreground: background, background: foreground } }]
    }
    case 'colours.reset':
      return [{ type: 'setColours', colours: defaultColours }]
    case 'view.fit':
      return to(fit({ x: 0, y: 0, ...view.canvas }, clear(view), fitPadding))
    case 'view.fitFrame':
      return to(fit(view.frame, clear(view), fitPadding))
    case 'view.zoomIn':
      return to(zoomStep(view.camera, 1, middleOf(view.viewport)))
    case 'view.zoomOut':
      return to(zoomStep(view.camera, -1, middleOf(view.viewport)))
    default:
      return null
  }
}

/** The part of the viewport that nothing lies over. */
const clear = ({ viewport, foot }: View): Size => ({ width: viewport.width, height: viewport.height - foot })

function to(camera: Camera): readonly SessionCommand[] {
  return [{ type: 'setCamera', camera }]
}

function withBrush(view: View, change: (brush: Brush) => Brush): readonly SessionCommand[] {
  const { tool } = view
  return isBrushTool(tool) ? [{ type: 'setBrush', tool, brush: change(view.brushes[tool]) }] : []
}
