/** Paints the foreground colour onto the active layer or mask. */
import { paintTool } from './paint.ts'

export const brush = paintTool('brush', 'colour')
