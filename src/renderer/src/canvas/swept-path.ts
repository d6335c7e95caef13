/**
 * The outline of a round brush drawn along points, for a preview: a disc at each point and a bridge between neighbours, all
 * walked around the same way, so that filling them at once covers nothing twice and leaves no hole.
 */
import type { Point } from '../../../shared/geometry/point.ts'

export interface Disc extends Point {
  readonly radius: number
}

/** What is needed of a path; a Path2D or a context has it. */
export interface Tracer {
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  closePath(): void
  arc(x: number, y: number, radius: number, from: number, to: number): void
}

/** Discs nearer to each other than this look like one; in the same px as the discs. */
const leastStep = 0.75

export function traceSwept(path: Tracer, discs: readonly Disc[]): void {
  let last: Disc | undefined
  for (const disc of discs) {
    const step = last && Math.hypot(disc.x - last.x, disc.y - last.y)
    if (step !== undefined && step < leastStep && disc !== discs.at(-1)) continue
    path.moveTo(disc.x + disc.radius, disc.y)
    path.arc(disc.x, disc.y, disc.radius, 0, 2 * Math.PI)
    path.closePath()
    if (last !== undefined && step !== undefined && step > 0) traceBridge(path, last, disc, step)
    last = disc
  }
}

/** Clockwise on screen, as the arcs go. */
function traceBridge(path: Tracer, from: Disc, to: Disc, step: number): void {
  const across = { x: (to.y - from.y) / step, y: -(to.x - from.x) / step }
  path.moveTo(from.x + across.x * from.radius, from.y + across.y * from.radius)
  path.lineTo(to.x + across.x * to.radius, to.y + across.y * to.radius)
  path.lineTo(to.x - across.x * to.radius, to.y - across.y * to.radius)
  path.lineTo(from.x - across.x * from.radius, from.y - across.y * from.radius)
  path.closePath()
}
