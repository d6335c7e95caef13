/** The pictures of the tools, and their order in the rail, in groups. */
import {
  Brush,
  CircleDashed,
  Crop,
  Eraser,
  Frame,
  Hand,
  Highlighter,
  Lasso,
  type LucideIcon,
  Move,
  PaintBucket,
  Pipette,
  SquareDashed,
  VectorSquare,
  ZoomIn,
} from 'lucide-react'
import type { ActionId, ToolId } from '../../../editor/index.ts'

export const toolIcons: Readonly<Record<ToolId, LucideIcon>> = {
  move: Move,
  hand: Hand,
  zoom: ZoomIn,
  brush: Brush,
  eraser: Eraser,
  'select-rectangle': SquareDashed,
  'select-ellipse': CircleDashed,
  'select-lasso': Lasso,
  'select-brush': Highlighter,
  fill: PaintBucket,
  eyedropper: Pipette,
  transform: VectorSquare,
  crop: Crop,
  frame: Frame,
}

export const toolGroups: readonly (readonly ToolId[])[] = [
  ['move', 'transform', 'crop', 'frame'],
  ['select-rectangle', 'select-ellipse', 'select-lasso', 'select-brush'],
  ['brush', 'eraser', 'fill', 'eyedropper'],
  ['hand', 'zoom'],
]

/** The action whose keys take the tool. */
export const toolAction = (tool: ToolId): ActionId => (tool === 'transform' ? 'edit.transform' : `tool.${tool}`)
