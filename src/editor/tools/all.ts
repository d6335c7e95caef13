/** Every tool by its id. */
import type { MachineId } from '../tool-ids.ts'
import { brush } from './brush.ts'
import { brushResize } from './brush-resize.ts'
import { crop } from './crop.ts'
import { eraser } from './eraser.ts'
import { eyedropper } from './eyedropper.ts'
import { fill } from './fill.ts'
import { frame } from './frame.ts'
import { hand } from './hand.ts'
import { move } from './move.ts'
import { selectBrush } from './select-brush.ts'
import { selectEllipse } from './select-ellipse.ts'
import { selectLasso } from './select-lasso.ts'
import { selectRectangle } from './select-rectangle.ts'
import { type Machine, machineOf } from './tool.ts'
import { transform } from './transform.ts'
import { zoom } from './zoom.ts'

/** A machine for each tool, all idle. */
export function newMachines(): Readonly<Record<MachineId, Machine>> {
  return {
    move: machineOf(move),
    hand: machineOf(hand),
    zoom: machineOf(zoom),
    brush: machineOf(brush),
    eraser: machineOf(eraser),
    'select-rectangle': machineOf(selectRectangle),
    'select-ellipse': machineOf(selectEllipse),
    'select-lasso': machineOf(selectLasso),
    'select-brush': machineOf(selectBrush),
    fill: machineOf(fill),
    eyedropper: machineOf(eyedropper),
    transform: machineOf(transform),
    crop: machineOf(crop),
    frame: machineOf(frame),
    'brush-resize': machineOf(brushResize),
  }
}
