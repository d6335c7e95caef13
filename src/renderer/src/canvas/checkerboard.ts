/** The checkerboard behind a picture that lets light through; it lies on the canvas and has the same size at every zoom. */
import { assert } from '../../../shared/base/assert.ts'

export interface Checkerboard {
  /** Both colours mixed: where it is not known yet what the picture shows. */
  readonly blank: string
  /** Begins at a place in device px. */
  pattern(context: CanvasRenderingContext2D, x: number, y: number): CanvasPattern
}

/** CSS px. */
const squareSide = 8
const shades = {
  light: { even: '#ffffff', odd: '#dcdcdc', blank: '#ededed' },
  dark: { even: '#3a3c40', odd: '#2e3034', blank: '#343639' },
} as const

const made = new Map<string, Checkerboard>()

export function checkerboards(shade: keyof typeof shades, ratio: number): Checkerboard {
  const key = `${shade} ${ratio}`
  const known = made.get(key)
  if (known !== undefined) return known
  const checkers = newCheckerboard(shade, Math.max(1, Math.round(squareSide * ratio)))
  made.set(key, checkers)
  return checkers
}

/** @param side of a square in device px */
function newCheckerboard(shade: keyof typeof shades, side: number): Checkerboard {
  const { even, odd, blank } = shades[shade]
  const image = new OffscreenCanvas(2 * side, 2 * side)
  const context = image.getContext('2d')
  assert(context, 'a canvas has a 2d context')
  context.fillStyle = even
  context.fillRect(0, 0, 2 * side, 2 * side)
  context.fillStyle = odd
  context.fillRect(side, 0, side, side)
  context.fillRect(0, side, side, side)
  let pattern: CanvasPattern | null = null
  return {
    blank,
    pattern(target, x, y) {
      pattern ??= target.createPattern(image, 'repeat')
      assert(pattern, 'a canvas makes a pattern')
      pattern.setTransform(new DOMMatrix([1, 0, 0, 1, x % (2 * side), y % (2 * side)]))
      return pattern
    },
  }
}
