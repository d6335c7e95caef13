/** From an operation to the function that carries it out. */
import type { OperationResult, PixelOperation } from '../pixels-api.ts'
import { merged } from './draw.ts'
import { type Job, nothing } from './job.ts'
import { canvasSize, crop, flip, flipLayer, transform, turn } from './move.ts'
import { clear, fill, flood, invertMask, stroke } from './paint.ts'
import { place, placeMask } from './place.ts'
import { maskOfSelection, select, selectAll, selectChange, selectInvert, selectLayer } from './select.ts'

/** @throws StudioError (rejects) */
export async function operate(job: Job, operation: PixelOperation): Promise<OperationResult> {
  switch (operation.do) {
    case 'stroke':
      return stroke(job, operation, operation.points)
    case 'flood':
      return flood(job, operation)
    case 'fill':
      return fill(job, operation)
    case 'clear':
      return clear(job, operation)
    case 'select':
      return select(job, operation)
    case 'select-all':
      return selectAll(job)
    case 'select-invert':
      return selectInvert(job)
    case 'select-grow':
    case 'select-shrink':
    case 'select-feather':
      return selectChange(job, { do: operation.do, px: operation.px })
    case 'select-layer':
      return selectLayer(job, operation)
    case 'mask-of-selection':
      return maskOfSelection(job)
    case 'invert-mask':
      return invertMask(job, operation)
    case 'transform':
      return transform(job, operation)
    case 'flip-layer':
      return flipLayer(job, operation)
    case 'crop':
      return crop(job, operation)
    case 'canvas-size':
      return canvasSize(job, operation)
    case 'turn':
      return turn(job, operation)
    case 'flip':
      return flip(job, operation)
    case 'merge':
      return { ...nothing, surface: await merged(job, operation.nodes) }
    case 'place':
      return place(job, operation)
    case 'place-mask':
      return placeMask(job, operation)
  }
}
