/** The tools by name. */
import { type BrushTool, brushTools } from './brush.ts'

export const toolIds = [
  'move',
  'hand',
  'zoom',
  'brush',
  'eraser',
  'select-rectangle',
  'select-ellipse',
  'select-lasso',
  'select-brush',
  'fill',
  'eyedropper',
  'transform',
  'crop',
  'frame',
] as const
export type ToolId = (typeof toolIds)[number]
/** Tools, and what they are lent for one gesture. */
export type MachineId = ToolId | 'brush-resize'

export function isBrushTool(tool: ToolId): tool is BrushTool {
  return (brushTools as readonly ToolId[]).includes(tool)
}
