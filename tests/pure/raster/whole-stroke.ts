/** A whole stroke at once, as coverage of what it touched: what tests compare strokes by. */
import { type Brush, StrokeBuilder, type StrokePoint } from '../../../src/raster/stroke.ts'
import type { Rect } from '../../../src/shared/geometry/rect.ts'

export interface StrokeCoverage {
  /** Around everything the stroke has touched. */
  readonly bounds: Rect
  /** (bounds.height, bounds.width) bytes, 0..255. */
  readonly coverage: Uint8Array
}

/** Inside `clip`; undefined where it touches nothing. */
export function strokeCoverage(points: readonly StrokePoint[], brush: Brush, clip: Rect): StrokeCoverage | undefined {
  const builder = new StrokeBuilder(brush, clip)
  for (const point of points) builder.add(point)
  return builder.bounds && { bounds: builder.bounds, coverage: builder.read(builder.bounds) }
}
