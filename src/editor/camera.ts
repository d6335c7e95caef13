/**
 * Where the canvas lies on the screen: screen = canvas * zoom + (x, y), all in px. Pure functions. At whole zooms (100 %,
 * 200 %...) x and y are whole, so that every px of the picture covers whole px of the screen.
 */
import type { Point } from '../shared/geometry/point.ts'
import { clamp, type Rect, type Size } from '../shared/geometry/rect.ts'

export interface Camera extends Point {
  /** Screen px a canvas px, 0.02..64. */
  readonly zoom: number
}

const zoomLimits = { least: 0.02, most: 64 } as const
/** Where zooming comes to rest on its way. */
export const zoomSnaps = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5] as const
/** The snaps, and doublings beyond them. */
const zoomLadder = [zoomLimits.least, 1 / 32, 1 / 16, 1 / 8, ...zoomSnaps, 8, 16, 32, zoomLimits.most]

export function toCanvas({ x, y, zoom }: Camera, screen: Point): Point {
  return { x: (screen.x - x) / zoom, y: (screen.y - y) / zoom }
}

export function toScreen({ x, y, zoom }: Camera, canvas: Point): Point {
  return { x: canvas.x * zoom + x, y: canvas.y * zoom + y }
}

/** Moved by a vector in screen px. */
export function pan(camera: Camera, by: Point): Camera {
  return settled({ x: camera.x + by.x, y: camera.y + by.y, zoom: camera.zoom })
}

/** Zoomed so that the canvas px under the screen point `at` stays there (within half a px at whole zooms). */
export function zoomTo(camera: Camera, zoom: number, at: Point): Camera {
  const wished = clamp(zoom, zoomLimits.least, zoomLimits.most)
  const kept = toCanvas(camera, at)
  return settled({ x: at.x - kept.x * wished, y: at.y - kept.y * wished, zoom: wished })
}

/** As zoomTo, by a factor; passing a snap ends on it, and the next call goes on from there. */
export function zoomBy(camera: Camera, factor: number, at: Point): Camera {
  return zoomTo(camera, snapped(camera.zoom, camera.zoom * factor), at)
}

/** The next zoom of the ladder in a direction: +1 nearer, -1 farther. */
export function zoomStep(camera: Camera, direction: 1 | -1, at: Point): Camera {
  // A zoom that came out of a division may lie a hair beside its rung.
  const tolerance = 1 + 1e-6
  const next =
    direction > 0
      ? zoomLadder.find((rung) => rung > camera.zoom * tolerance)
      : zoomLadder.findLast((rung) => rung < camera.zoom / tolerance)
  return zoomTo(camera, next ?? camera.zoom, at)
}

/** Shows the whole of `rect` (canvas px) in the middle of the viewport, with `padding` screen px around it. */
export function fit(rect: Rect, viewport: Size, padding: number): Camera {
  const across = (viewport.width - 2 * padding) / Math.max(1, rect.width)
  const down = (viewport.height - 2 * padding) / Math.max(1, rect.height)
  return centred(rect, viewport, Math.min(across, down))
}

/** Shows the middle of `rect` in the middle of the viewport. */
function centred(rect: Rect, viewport: Size, zoom: number): Camera {
  const wished = clamp(zoom, zoomLimits.least, zoomLimits.most)
  return settled({
    x: viewport.width / 2 - (rect.x + rect.width / 2) * wished,
    y: viewport.height / 2 - (rect.y + rect.height / 2) * wished,
    zoom: wished,
  })
}

export const middleOf = (viewport: Size): Point => ({ x: viewport.width / 2, y: viewport.height / 2 })

/** The last snap on the way, without the one it starts from: zooming by small amounts never sticks. */
function snapped(from: number, to: number): number {
  const crossed = (snap: number) => (to > from ? snap > from && snap <= to : snap < from && snap >= to)
  return (to > from ? zoomSnaps.findLast(crossed) : zoomSnaps.find(crossed)) ?? to
}

function settled({ x, y, zoom }: Camera): Camera {
  return Number.isInteger(zoom) ? { x: Math.round(x) + 0, y: Math.round(y) + 0, zoom } : { x, y, zoom }
}
