/** Affine maps of the plane, in the order of the canvas and of SVG: (x, y) -> (a x + c y + e, b x + d y + f). */
import type { Point } from './point.ts'

export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

export function applyAffine([a, b, c, d, e, f]: Affine, { x, y }: Point): Point {
  return { x: a * x + c * y + e, y: b * x + d * y + f }
}

/** Takes `from` to `to`, scaled along the axes of the picture first and then turned by `radians`. */
export function affineAbout(from: Point, to: Point, scale: Point, radians: number): Affine {
  const cos = Math.cos(radians)
  const sin = Math.sin(radians)
  const [a, b, c, d] = [cos * scale.x, sin * scale.x, -sin * scale.y, cos * scale.y]
  return [a, b, c, d, to.x - a * from.x - c * from.y, to.y - b * from.x - d * from.y]
}
