/** The settings of a brush and how keys change them. One set for each tool that paints. */
import { clamp } from '../shared/geometry/rect.ts'

export interface Brush {
  /** Diameter in canvas px, 1..2000, whole. */
  readonly size: number
  /** 0..1: the part of the radius that is fully covered. */
  readonly hardness: number
  /** From dab to dab as a share of the diameter, above 0. */
  readonly spacing: number
  /** 0..1, of the whole stroke. */
  readonly opacity: number
  readonly pressure: {
    readonly size: boolean
    readonly opacity: boolean
  }
}

/** Tools with a brush of their own. */
export const brushTools = ['brush', 'eraser', 'select-brush'] as const
export type BrushTool = (typeof brushTools)[number]

export const defaultBrush: Brush = {
  size: 40,
  hardness: 0.8,
  spacing: 0.1,
  opacity: 1,
  pressure: { size: true, opacity: false },
}

const largest = 2000

/** One step of [ or ]: 1 px below 10, 5 below 50, 10 below 100, 25 below 200, 50 below 500, then 100. */
export function resized(brush: Brush, direction: 1 | -1): Brush {
  const below = direction > 0 ? brush.size + 1 : brush.size
  const step = [10, 50, 100, 200, 500].findIndex((limit) => below <= limit)
  const by = [1, 5, 10, 25, 50][step] ?? 100
  // Onto the next multiple, so that odd sizes come back to round ones.
  const next = direction > 0 ? Math.floor(brush.size / by) + 1 : Math.ceil(brush.size / by) - 1
  return withSize(brush, next * by)
}

export function withSize(brush: Brush, size: number): Brush {
  return { ...brush, size: clamp(Math.round(size), 1, largest) }
}

/** One step of Shift+[ or Shift+]: a quarter. */
export function hardened(brush: Brush, direction: 1 | -1): Brush {
  return withHardness(brush, brush.hardness + direction / 4)
}

export function withHardness(brush: Brush, hardness: number): Brush {
  return { ...brush, hardness: clamp(hardness, 0, 1) }
}
