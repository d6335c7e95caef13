/** Takes paint away from the active layer, or uncovers its mask. */
import { paintTool } from './paint.ts'

export const eraser = paintTool('eraser', 'erase')
