/** Which tool a press would be for while keys are held: hand, zoom and eyedropper are lent without leaving the tool. */
import type { Modifiers, PointerInput } from './input.ts'
import { isBrushTool, type MachineId, type ToolId } from './tool-ids.ts'

/** Tools on which Alt is free to pick a colour. */
const picks: readonly ToolId[] = ['brush', 'eraser', 'fill']

export function heldTool(tool: ToolId, modifiers: Modifiers, space: boolean): ToolId {
  if (space) return modifiers.ctrl ? 'zoom' : 'hand'
  return modifiers.alt && picks.includes(tool) ? 'eyedropper' : tool
}

/** Null for a press that is not the canvas's: the right button opens a menu and never paints or pans. */
export function pressedTool(tool: ToolId, { button, modifiers }: PointerInput, space: boolean): MachineId | null {
  switch (button) {
    case 'left':
      return heldTool(tool, modifiers, space)
    case 'middle':
      return modifiers.ctrl ? 'zoom' : 'hand'
    case 'right':
      return modifiers.alt && isBrushTool(tool) ? 'brush-resize' : null
  }
}
