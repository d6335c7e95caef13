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

/**
 * Draws into `out`, one number a device px, which has to be clear.
 *
 * @param runs x1, y1, x2, y2 in canvas px, level or upright
 * @param phase how many CSS px the ants have walked
 * @returns around all px that were set; undefined where there are none
 */
export function drawAnts(
  out: Uint32Array,
  size: Size,
  runs: Float32Array,
  screen: Screen,
  phase: number,
): Rect | undefined {
  const thick = Math.max(1, Math.round(screen.ratio))
  const half = antLength * thick
  const walked = phase * thick
  const { width, height } = size
  let [left, top, right, bottom] = [width, height, 0, 0]
  for (let i = 0; i + 3 < runs.length; i += 4) {
    const x1 = deviceEdge(screen, 'x', Math.min(runs[i]!, runs[i + 2]!))
    const y1 = deviceEdge(screen, 'y', Math.min(runs[i + 1]!, runs[i + 3]!))
    const x2 = deviceEdge(screen, 'x', Math.max(runs[i]!, runs[i + 2]!))
    const y2 = deviceEdge(screen, 'y', Math.max(runs[i + 1]!, runs[i + 3]!))
    // Its neighbours, which end where it would be, show it as well.
    if (x1 === x2 && y1 === y2) continue
    const fromX = Math.max(0, x1)
    const fromY = Math.max(0, y1)
    const toX = Math.min(width, x2 + thick)
    const toY = Math.min(height, y2 + thick)
    if (fromX >= toX || fromY >= toY) continue
    for (let y = fromY; y < toY; y++) {
      for (let x = fromX; x < toX; x++) {
        out[y * width + x] = (((x + y - walked) % (2 * half)) + 2 * half) % (2 * half) < half ? white : black
      }
    }
    left = Math.min(left, fromX)
    top = Math.min(top, fromY)
    right = Math.max(right, toX)
    bottom = Math.max(bottom, toY)
  }
  return right > left ? { x: left, y: top, width: right - left, height: bottom - top } : undefined
}
