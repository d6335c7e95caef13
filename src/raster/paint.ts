/**
 * Colour laid on, or rubbed out, by coverage: brush strokes, the eraser and fills are all this. Pictures are RGBA, or masks
 * of one channel; every function returns a new picture.
 */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import { over } from './blend.ts'

/**
 * The colour over the picture; px of coverage or selection 0 keep every byte.
 *
 * @param pixels RGBA, or a mask.
 * @param coverage one byte a px of the picture.
 * @param colour red, green, blue in 0..255; of a mask the first is the value that it takes.
 * @param opacity 0..1
 * @param selection one byte a px; without it everything may be painted.
 */
export function paintCoverage(
  pixels: Pixels,
  coverage: Uint8Array,
  colour: readonly [number, number, number],
  opacity: number,
  selection?: Uint8Array,
): Pixels {
  const [r, g, b] = colour
  return changed(pixels, coverage, opacity, selection, (data, px, alpha) => {
    if (pixels.channels === 4) over(data, px * 4, r, g, b, alpha)
    else data[px] = Math.round(data[px]! + (r - data[px]!) * alpha)
  })
}

/** Takes away alpha, or mask; px that become empty are 0 in all channels. Parameters as those of `paintCoverage`. */
export function eraseCoverage(pixels: Pixels, coverage: Uint8Array, opacity: number, selection?: Uint8Array): Pixels {
  const { channels } = pixels
  return changed(pixels, coverage, opacity, selection, (data, px, alpha) => {
    const last = px * channels + channels - 1
    data[last] = Math.round(data[last]! * (1 - alpha))
    if (data[last] === 0) data.fill(0, px * channels, last)
  })
}

function changed(
  pixels: Pixels,
  coverage: Uint8Array,
  opacity: number,
  selection: Uint8Array | undefined,
  change: (data: Uint8Array, px: number, alpha: number) => void,
): Pixels {
  const count = pixels.width * pixels.height
  assert(pixels.channels !== 3, 'one paints on RGBA or on a mask')
  assert(coverage.length === count, 'coverage must have a byte for every px')
  assert(selection === undefined || selection.length === count, 'a selection must have a byte for every px')
  const data = new Uint8Array(pixels.data)
  for (let px = 0; px < count; px++) {
    if (coverage[px] === 0) continue
    const alpha = (coverage[px]! / 255) * opacity * (selection === undefined ? 1 : selection[px]! / 255)
    if (alpha > 0) change(data, px, alpha)
  }
  return { ...pixels, data }
}
