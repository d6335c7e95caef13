/** Affine maps of the plane, with the letters of canvas and CSS: x' = a x + c y + e, y' = b x + d y + f. */
import { assert } from '../base/assert.ts'
import type { Point } from './point.ts'

export interface Affine {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly e: number
  readonly f: number
}

export const identity: Affine = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 }

export function translation(x: number, y: number): Affine {
  return { ...identity, e: x, f: y }
}

/** About the origin. */
export function scaling(x: number, y: number): Affine {
  return { ...identity, a: x, d: y }
}

/** About the origin; `angle` in radians, clockwise as y points down. */
export function rotation(angle: number): Affine {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return { a: cos, b: sin, c: -sin, d: cos, e: 0, f: 0 }
}

/** One map after the other, the first one first. */
export function inTurn(...maps: readonly Affine[]): Affine {
  return maps.reduce((first, next) => {
    const origin = applyAffine(next, { x: first.e, y: first.f })
    return {
      a: next.a * first.a + next.c * first.b,
      b: next.b * first.a + next.d * first.b,
      c: next.a * first.c + next.c * first.d,
      d: next.b * first.c + next.d * first.d,
      e: origin.x,
      f: origin.y,
    }
  }, identity)
}

/** The way back; the map may not flatten the plane (`a d = b c`). */
export function inverse({ a, b, c, d, e, f }: Affine): Affine {
  const area = a * d - b * c
  assert(area !== 0, 'a map that flattens the plane has no way back')
  return {
    a: d / area,
    b: -b / area,
    c: -c / area,
    d: a / area,
    e: (c * f - d * e) / area,
    f: (b * e - a * f) / area,
  }
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
