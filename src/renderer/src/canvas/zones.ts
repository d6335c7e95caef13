/**
 * What a run would change, drawn before it begins: the cells that are drawn anew, and the band inside the edge of the mask that is
 * blended. The tint is left out while colours are being worked on, and where all of the area is new: the frame says that.
 */
import type { Rect } from '../../../shared/geometry/rect.ts'
import type { Zones } from '../studio/studio-state.ts'
import { drawGrid, drawOutline, drawTint, isPartial } from './cell-marks.ts'
import { type Pen, strokeDashed, traceRect } from './pen.ts'
import type { Screen } from './screen.ts'

export interface ShownZones {
  readonly zones: Zones
  readonly isTinted: boolean
}

/** The accent of the dark theme: what tells cells from the picture is not read off the window's theme. */
const tint = '242 163 60'
const tintStrength = 0.3

export function drawZones(
  pen: Pen,
  screen: Screen,
  { zones, isTinted }: ShownZones,
  onScreen: (rect: Rect) => Rect,
): void {
  const { mask, feather } = zones
  if (isPartial(zones)) {
    if (isTinted) drawTint(pen, screen, zones, tint, tintStrength)
    drawOutline(pen, screen, zones, pen.theme.accent)
  }
  if (isTinted) drawGrid(pen, screen, zones)
  if (mask === null || feather === 0) return
  const inner = insetBy(mask, feather)
  drawBand(pen, onScreen(mask), inner && onScreen(inner))
}

/** Two lines with a veil between them; all of a thin mask is blended. */
function drawBand(pen: Pen, outer: Rect, inner: Rect | null): void {
  const { context } = pen
  context.beginPath()
  context.rect(outer.x, outer.y, outer.width, outer.height)
  if (inner !== null) context.rect(inner.x, inner.y, inner.width, inner.height)
  context.fillStyle = 'rgb(255 255 255 / 14%)'
  context.fill('evenodd')
  context.globalAlpha = 0.7
  strokeDashed(pen, () => traceRect(pen, outer))
  if (inner !== null) strokeDashed(pen, () => traceRect(pen, inner))
  context.globalAlpha = 1
}

function insetBy({ x, y, width, height }: Rect, by: number): Rect | null {
  if (width <= 2 * by || height <= 2 * by) return null
  return { x: x + by, y: y + by, width: width - 2 * by, height: height - 2 * by }
}
