/** How many px of two pictures look different: what tells a repetition from the original. */
import type { Pixels } from '../shared/contract/picture.ts'

/**
 * Whatever channels they have: grey is equal red, green and blue, and without alpha a px is opaque. Pictures of other sizes
 * differ in every px of the first.
 */
export function differingPx(one: Pixels, other: Pixels): number {
  const px = one.width * one.height
  if (other.width !== one.width || other.height !== one.height) return px
  let differing = 0
  for (let at = 0; at < px; at++) {
    for (let channel = 0; channel < 4; channel++) {
      if (valueAt(one, at, channel) === valueAt(other, at, channel)) continue
      differing += 1
      break
    }
  }
  return differing
}

/** Red, green, blue or alpha of a px. */
function valueAt({ channels, data }: Pixels, px: number, channel: number): number | undefined {
  if (channel === 3) return channels === 4 ? data[px * 4 + 3] : 255
  return data[px * channels + (channels === 1 ? 0 : channel)]
}
