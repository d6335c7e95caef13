/**
 * The marching ants around a selection, set px by px: black and white by turns along every run of the outline, a device px wide
 * at every zoom. Fifty thousand runs cost a few milliseconds, where a dashed path would cost hundreds.
 */
import type { Rect, Size } from '../../../shared/geometry/rect.ts'
import { deviceEdge, type Screen } from './screen.ts'

/** RGBA in memory, on the machines that there are. */
const white = 0xffffffff
const black = 0xff000000

/** CSS px of one colour. */
const antLength = 4

/** Where every border of canvas px lies on screen, as far as the outline goes: looked up many times, worked out once. */
export interface AntEdges {
  readonly x: Int32Array
  readonly y: Int32Array
}

/** @param runs x1, y1, x2, y2 in whole canvas px, level or upright */
export function antEdges(runs: Float32Array, screen: Screen): AntEdges {
  let [right, bottom] = [0, 0]
  for (let i = 0; i + 1 < runs.length; i += 2) {
    right = Math.max(right, runs[i]!)
    bottom = Math.max(bottom, runs[i + 1]!)
  }
  return { x: edgesTo(screen, 'x', right), y: edgesTo(screen, 'y', bottom) }
}

function edgesTo(screen: Screen, axis: 'x' | 'y', last: number): Int32Array {
  const edges = new Int32Array(last + 1)
  for (let at = 0; at <= last; at++) edges[at] = deviceEdge(screen, axis, at)
  return edges
}

/**
 * Draws into `out`, one number a device px, which has to be clear.
 *
 * @param edges of the same runs
 * @param thick device px
 * @param phase how many times `thick` the ants have walked
 * @returns around all px that were set; undefined where there are none
 */
export function drawAnts(
  out: Uint32Array,
  { width, height }: Size,
  runs: Float32Array,
  edges: AntEdges,
  thick: number,
  phase: number,
): Rect | undefined {
  const half = antLength * thick
  const period = 2 * half
  const colours = Uint32Array.from({ length: period }, (_, i) => (i < half ? white : black))
  const walked = (phase * thick) % period
  let [left, top, right, bottom] = [width, height, 0, 0]
  for (let i = 0; i + 3 < runs.length; i += 4) {
    const [ax, ay] = [edges.x[runs[i]!]!, edges.y[runs[i + 1]!]!]
    const [bx, by] = [edges.x[runs[i + 2]!]!, edges.y[runs[i + 3]!]!]
    // Too short to be seen: its neighbours, which end where it would be, show it as well.
    if (ax === bx && ay === by) continue
    const fromX = Math.max(0, Math.min(ax, bx))
    const fromY = Math.max(0, Math.min(ay, by))
    const toX = Math.min(width, Math.max(ax, bx) + thick)
    const toY = Math.min(height, Math.max(ay, by) + thick)
    if (fromX >= toX || fromY >= toY) continue
    // Level ones walk to the right, upright ones down: one pattern for both would be of one colour along some slope.
    const isLevel = ay === by
    for (let y = fromY; y < toY; y++) {
      let place = ((isLevel ? fromX : y) + period - walked) % period
      for (let at = y * width + fromX; at < y * width + toX; at++) {
        out[at] = colours[place]!
        if (isLevel) place = place + 1 === period ? 0 : place + 1
      }
    }
    if (fromX < left) left = fromX
    if (fromY < top) top = fromY
    if (toX > right) right = toX
    if (toY > bottom) bottom = toY
  }
  return right > left ? { x: left, y: top, width: right - left, height: bottom - top } : undefined
}
