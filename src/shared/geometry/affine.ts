/** Affine maps of the plane, with the letters of canvas and CSS: x' = a x + c y + e, y' = b x + d y + f. */
import type { Point } from './point.ts'

export interface Affine {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly e: number
  readonly f: number
}

export function applyAffine({ a, b, c, d, e, f }: Affine, { x, y }: Point): Point {
  return { x: a * x + c * y + e, y: b * x + d * y + f }
}

/** Takes `from` to `to`, scaled along the axes first and then turned clockwise by `radians`. */
export function affineAbout(from: Point, to: Point, scale: Point, radians: number): Affine {
  const cos = Math.cos(radians)
  const sin = Math.sin(radians)
  const linear = { a: cos * scale.x, b: sin * scale.x, c: -sin * scale.y, d: cos * scale.y }
  const { a, b, c, d } = linear
  return { ...linear, e: to.x - a * from.x - c * from.y, f: to.y - b * from.x - d * from.y }
}
