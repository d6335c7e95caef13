/**
 * What a run would change, cell by cell, before it begins: the same sums that the engine does (engine/uses/fill.ts) with the same
 * code for frames and masks; a test holds the two side by side.
 */
import { contextFrame, cropPadded } from '../../../raster/frame.ts'
import { maskBounds, maskCells } from '../../../raster/mask.ts'
import { resize } from '../../../raster/resize.ts'
import { crop } from '../../../raster/turn.ts'
import type { ModelInfo } from '../../../shared/contract/engine-api.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import { type Rect, roundUpTo, type Size } from '../../../shared/geometry/rect.ts'
import { beyond, context, fillFeather, modelSide, type Plan } from './generation-plan.ts'
import type { Zones } from './studio-state.ts'

/** As the engine has it: larger frames of a fill are worked on smaller. */
const largestFrame = 2

/** Tokens that a fill goes on from, and the canvas px that they cover. */
export interface KnownCells {
  readonly area: Rect
  readonly grid: Size
}

/** @param mask the selection in its bounds; not needed but for a fill, without which there are no zones */
export function zonesOf(plan: Plan, model: ModelInfo, mask: Pixels | null, known: KnownCells | null): Zones | null {
  const cell = model.pixelsPerToken
  if (plan.kind === 'draw') {
    const columns = plan.size.width / cell
    const rows = plan.size.height / cell
    const cells = new Uint8Array(columns * rows).fill(255)
    return { area: plan.whole, columns, rows, cells, mask: null, feather: 0 }
  }
  const { whole } = plan
  const changed = changedBy(plan, mask)
  if (changed === null) return null
  const { bounds } = changed
  const frame = known === null ? frameAround(whole, bounds, model) : moved(known.area, { x: -whole.x, y: -whole.y })
  const worked =
    known === null ? fittedSize(frame, model) : { width: known.grid.width * cell, height: known.grid.height * cell }
  const columns = worked.width / cell
  const rows = worked.height / cell
  const seen = seenIn(frame, whole, changed)
  const cells =
    plan.verb === 'reroll'
      ? resize(seen, { width: columns, height: rows }, 'box').data
      : maskCells(resize(seen, worked, 'box'), cell).map((isTouched) => isTouched * 255)
  return {
    area: moved(frame, whole),
    columns,
    rows,
    cells,
    mask: moved(bounds, whole),
    feather: plan.kind === 'extend' ? 0 : fillFeather,
  }
}

/** Px that may change: a mask of all that lies in the bounds, which are px of `plan.whole`. */
interface Changed {
  readonly bounds: Rect
  readonly mask: Pixels
}

function changedBy(plan: Exclude<Plan, { kind: 'draw' }>, mask: Pixels | null): Changed | null {
  if (plan.kind === 'fill') {
    return mask && { bounds: moved(plan.bounds, { x: -plan.whole.x, y: -plan.whole.y }), mask }
  }
  const all = beyond(plan)
  const bounds = maskBounds(all)
  return bounds === undefined ? null : { bounds, mask: crop(all, bounds) }
}

/** The mask over the frame. Beyond the picture it is as its edge, which costs far more than copying lines. */
function seenIn(frame: Rect, whole: Rect, { bounds, mask }: Changed): Pixels {
  const isInside =
    frame.x >= 0 && frame.y >= 0 && frame.x + frame.width <= whole.width && frame.y + frame.height <= whole.height
  const over = (rect: Rect): Pixels => crop(mask, { ...rect, x: rect.x - bounds.x, y: rect.y - bounds.y })
  return isInside ? over(frame) : cropPadded(over({ x: 0, y: 0, width: whole.width, height: whole.height }), frame)
}

const moved = (rect: Rect, by: { readonly x: number; readonly y: number }): Rect => ({
  ...rect,
  x: rect.x + by.x,
  y: rect.y + by.y,
})

/** What the network sees of a picture when it fills `bounds`. */
function frameAround(picture: Size, bounds: Rect, model: ModelInfo): Rect {
  const multiple = model.sizeMultiple
  const minimum = roundUpTo(modelSide(model), multiple)
  return contextFrame({ picture, bounds, context, multiple, minimum })
}

function fittedSize(frame: Size, model: ModelInfo): Size {
  const { sizeMultiple: multiple } = model
  const limit = roundUpTo(modelSide(model), multiple) * largestFrame
  const shrink = Math.min(1, limit / Math.max(frame.width, frame.height))
  const side = (px: number): number => Math.max(2 * multiple, roundUpTo(Math.floor(px * shrink), multiple))
  return { width: side(frame.width), height: side(frame.height) }
}
