/** Selects an ellipse. */
import { selectShapeTool } from './select-shape.ts'

export const selectEllipse = selectShapeTool('select-ellipse', 'ellipse')
