/** Selects a rectangle. */
import { selectShapeTool } from './select-shape.ts'

export const selectRectangle = selectShapeTool('select-rectangle', 'rectangle')
