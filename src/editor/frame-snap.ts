/** Which frames a model can draw into: sides in its multiples, a position on its grid. */
import type { Rect } from '../shared/geometry/rect.ts'
import type { Handle } from './handles.ts'
import type { Scene } from './session.ts'

type FrameRule = Scene['frameRule']

/** Moved onto the nearest crossing of the grid; `free` only onto whole px. */
export function snapPosition(frame: Rect, { grid }: FrameRule, free: boolean): Rect {
  const step = free ? 1 : grid
  return { ...frame, x: nearest(frame.x, step), y: nearest(frame.y, step) }
}

/**
 * The sides that `handle` drags made the nearest multiple that the model takes: an edge leaves the other side as long as it is, so
 * that a picture extended to the right grows by no row. The side opposite to `handle` stays where it is, so that a
 * frame dragged by its left edge keeps its right one.
 */
export function snapSides(frame: Rect, handle: Handle, { multiple, minimum }: FrameRule): Rect {
  const side = (length: number) => Math.max(minimum, nearest(length, multiple))
  const width = handle.x === 0 ? frame.width : side(frame.width)
  const height = handle.y === 0 ? frame.height : side(frame.height)
  return {
    x: handle.x < 0 ? frame.x + frame.width - width : frame.x,
    y: handle.y < 0 ? frame.y + frame.height - height : frame.y,
    width,
    height,
  }
}

const nearest = (value: number, step: number): number => Math.round(value / step) * step + 0
