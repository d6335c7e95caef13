/** How large a picture may be: the largest side and area that are decoded; a bomb of a few KB can claim far more (reliability.md, 2). */
import type { Size } from '../geometry/rect.ts'

export const pictureLimits = { side: 16_384, pixels: 134_217_728 } as const

export const isTooLarge = ({ width, height }: Size): boolean =>
  width > pictureLimits.side || height > pictureLimits.side || width * height > pictureLimits.pixels

/** The limits in words, for the message that refuses a picture. */
export const pictureLimitsText = `${pictureLimits.side} px a side and ${Math.round(pictureLimits.pixels / 1e6)} megapixels`
