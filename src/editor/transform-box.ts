/**
 * The numbers of a free transform and how its handles change them. A box is the target's bounds, scaled along its own axes,
 * turned about its centre and put somewhere. Plans only: data in, data out.
 */
import { type Affine, affineAbout, applyAffine } from '../shared/geometry/affine.ts'
import { add, type Point, rotate, subtract } from '../shared/geometry/point.ts'
import type { Rect } from '../shared/geometry/rect.ts'
import type { Handle } from './handles.ts'

export interface TransformNumbers {
  /** Centre in canvas px. */
  readonly x: number
  readonly y: number
  /** 1 = as it was; negative = flipped; never 0. */
  readonly scaleX: number
  readonly scaleY: number
  /** Degrees clockwise. */
  readonly rotation: number
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180

const centreOf = ({ x, y, width, height }: Rect): Point => ({ x: x + width / 2, y: y + height / 2 })

export function identityOf(bounds: Rect): TransformNumbers {
  return { ...centreOf(bounds), scaleX: 1, scaleY: 1, rotation: 0 }
}

export function isIdentity(bounds: Rect, { x, y, scaleX, scaleY, rotation }: TransformNumbers): boolean {
  const centre = centreOf(bounds)
  return x === centre.x && y === centre.y && scaleX === 1 && scaleY === 1 && rotation % 360 === 0
}

export function matrixOf(bounds: Rect, { x, y, scaleX, scaleY, rotation }: TransformNumbers): Affine {
  return affineAbout(centreOf(bounds), { x, y }, { x: scaleX, y: scaleY }, radians(rotation))
}

/** Where a handle of the box lies on the canvas; (0, 0) is its centre. */
export function handlePoint(bounds: Rect, numbers: TransformNumbers, handle: Handle): Point {
  const centre = centreOf(bounds)
  const at = { x: centre.x + (handle.x * bounds.width) / 2, y: centre.y + (handle.y * bounds.height) / 2 }
  return applyAffine(matrixOf(bounds, numbers), at)
}

/** Clockwise from the picture's top left. */
export function cornersOf(bounds: Rect, numbers: TransformNumbers): Point[] {
  const corners: Handle[] = [
    { x: -1, y: -1 },
    { x: 1, y: -1 },
    { x: 1, y: 1 },
    { x: -1, y: 1 },
  ]
  return corners.map((corner) => handlePoint(bounds, numbers, corner))
}

/** Is the canvas point inside of the box? */
export function isInside(bounds: Rect, numbers: TransformNumbers, point: Point): boolean {
  const local = rotate(subtract(point, numbers), -radians(numbers.rotation))
  return (
    Math.abs(local.x) <= Math.abs(bounds.width * numbers.scaleX) / 2 &&
    Math.abs(local.y) <= Math.abs(bounds.height * numbers.scaleY) / 2
  )
}

interface ScaleOptions {
  readonly keepRatio: boolean
  readonly fromCentre: boolean
}

/**
 * The numbers after `handle` of the box was dragged to `to` (canvas px). What stays in place is the opposite handle, or the
 * centre. Sides never become shorter than a px; past the fixed point they flip.
 */
export function scaled(
  bounds: Rect,
  start: TransformNumbers,
  handle: Handle,
  to: Point,
  { keepRatio, fromCentre }: ScaleOptions,
): TransformNumbers {
  const fixed = fromCentre
    ? { x: start.x, y: start.y }
    : handlePoint(bounds, start, { x: flip(handle.x), y: flip(handle.y) })
  const turn = radians(start.rotation)
  const reach = fromCentre ? 0.5 : 1
  // From the fixed point to the handle, in the box's own axes: as it was, and as it is wished.
  const was = {
    x: handle.x * bounds.width * start.scaleX * reach,
    y: handle.y * bounds.height * start.scaleY * reach,
  }
  const wished = rotate(subtract(to, fixed), -turn)
  // A box is never empty, so a handle never lies on the fixed point.
  const along = (wished.x * was.x + wished.y * was.y) / (was.x ** 2 + was.y ** 2)
  const factorX = keepRatio ? along : handle.x === 0 ? 1 : wished.x / was.x
  const factorY = keepRatio ? along : handle.y === 0 ? 1 : wished.y / was.y
  const scaleX = atLeastOnePixel(start.scaleX * factorX, bounds.width)
  const scaleY = atLeastOnePixel(start.scaleY * factorY, bounds.height)
  const offset = { x: (handle.x * bounds.width * scaleX) / 2, y: (handle.y * bounds.height * scaleY) / 2 }
  const centre = fromCentre ? fixed : add(fixed, rotate(offset, turn))
  return { ...centre, scaleX, scaleY, rotation: start.rotation }
}

/** Turned about the centre by the angle from `from` to `to`; `step` degrees or 0 for any. In (-180, 180]. */
export function turned(start: TransformNumbers, from: Point, to: Point, step: number): TransformNumbers {
  const angle = (point: Point) => Math.atan2(point.y - start.y, point.x - start.x)
  const degrees = start.rotation + ((angle(to) - angle(from)) * 180) / Math.PI
  const stepped = step > 0 ? Math.round(degrees / step) * step : degrees
  const once = ((stepped % 360) + 360) % 360
  return { ...start, rotation: once > 180 ? once - 360 : once }
}

/** Typed numbers made fit: what is not finite is left as it was, and no side shorter than a px. */
export function withNumbers(
  bounds: Rect,
  numbers: TransformNumbers,
  typed: Partial<TransformNumbers>,
): TransformNumbers {
  const pick = (name: keyof TransformNumbers): number => {
    const value = typed[name]
    return value !== undefined && Number.isFinite(value) ? value : numbers[name]
  }
  return {
    x: pick('x'),
    y: pick('y'),
    scaleX: atLeastOnePixel(pick('scaleX'), bounds.width),
    scaleY: atLeastOnePixel(pick('scaleY'), bounds.height),
    rotation: pick('rotation'),
  }
}

const flip = (side: Handle['x']): Handle['x'] => (side === 0 ? 0 : side === 1 ? -1 : 1)

function atLeastOnePixel(scale: number, length: number): number {
  const least = 1 / length
  return Math.abs(scale) >= least ? scale : scale < 0 ? -least : least
}
