/**
 * What the wheel does: it zooms at the pointer, or pans where a person prefers that. A pinch always zooms; Ctrl and the wheel
 * change the brush on tools that have one, and zoom on the others.
 */
import { resized } from './brush.ts'
import { pan, zoomBy } from './camera.ts'
import type { SessionCommand } from './commands.ts'
import type { WheelInput } from './input.ts'
import type { Session } from './session.ts'
import { isBrushTool } from './tool-ids.ts'

/** Px of the wheel that double the zoom; a notch has about 100. Fingers travel less. */
const doubling = { wheel: 480, pinch: 100 }

export function wheelCommand(event: WheelInput, session: Session): SessionCommand | null {
  const { camera, tool, brushes } = session
  const { deltaX, deltaY, modifiers, pinch } = event
  if (!pinch && modifiers.ctrl && isBrushTool(tool)) {
    return deltaY === 0 ? null : { type: 'setBrush', tool, brush: resized(brushes[tool], deltaY < 0 ? 1 : -1) }
  }
  if (!pinch && !modifiers.ctrl && session.wheel === 'pan') {
    // A wheel has one direction only; Shift turns it.
    const by = modifiers.shift && deltaX === 0 ? { x: -deltaY, y: 0 } : { x: -deltaX, y: -deltaY }
    return { type: 'setCamera', camera: pan(camera, by) }
  }
  const factor = 2 ** (-deltaY / (pinch ? doubling.pinch : doubling.wheel))
  return deltaY === 0 ? null : { type: 'setCamera', camera: zoomBy(camera, factor, event) }
}
