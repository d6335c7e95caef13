/** Seeded random numbers and pictures, so that a failing case fails again. */
import type { Pixels } from '../../../src/shared/contract/picture.ts'

/** Pixels in memory of their own, as requests want them. */
type OwnPixels = Pixels & { readonly data: Uint8Array<ArrayBuffer> }

/** Whole numbers 0..below - 1 (mulberry32). */
export function randomInts(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

export function randomPixels(seed: number, width: number, height: number, channels: 1 | 3 | 4): OwnPixels {
  const int = randomInts(seed)
  return { width, height, channels, data: Uint8Array.from({ length: width * height * channels }, () => int(256)) }
}

/** A mask of speckles: `share` percent of the px are above 0. */
export function randomMask(seed: number, width: number, height: number, share: number): OwnPixels {
  const int = randomInts(seed)
  const data = Uint8Array.from({ length: width * height }, () => (int(100) < share ? 1 + int(255) : 0))
  return { width, height, channels: 1, data }
}
