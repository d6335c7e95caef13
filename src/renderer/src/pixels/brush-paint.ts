/** What a stroke leaves behind where it has been, for a stroke on screen and for the one that is kept: the same function. */
import type { Colour } from '../../../editor/index.ts'
import { eraseCoverage, paintCoverage } from '../../../raster/paint.ts'
import type { StrokeBuilder } from '../../../raster/stroke.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { StrokeStart } from './pixels-api.ts'

/** How coverage changes px. */
export interface Paint {
  readonly how: 'colour' | 'erase'
  readonly colour: Colour
  /** 0..1 */
  readonly opacity: number
}

/** @param selection one byte a px; undefined where nothing is selected */
export function paintOver(before: Pixels, coverage: Uint8Array, paint: Paint, selection?: Uint8Array): Pixels {
  if (paint.how === 'erase') return eraseCoverage(before, coverage, paint.opacity, selection)
  const colour = before.channels === 1 ? greyOf(paint.colour) : paint.colour
  return paintCoverage(before, coverage, colour, paint.opacity, selection)
}

/** A mask takes the brightness of a colour (Rec. 601, as mask.ts has it). */
function greyOf([r, g, b]: Colour): Colour {
  const grey = Math.round((299 * r + 587 * g + 114 * b) / 1000)
  return [grey, grey, grey]
}

export function paintOf({ paint, brush, colour }: StrokeStart): Paint {
  return { how: paint, colour, opacity: brush.opacity }
}

type BuilderBrush = ConstructorParameters<typeof StrokeBuilder>[0]

/** The brush as it is at a level, where everything is smaller. */
export function brushAt({ brush }: StrokeStart, level: number): BuilderBrush {
  const { size, hardness, spacing, pressure } = brush
  return { size: size / 2 ** level, hardness, spacing, pressure }
}
