/** Pictures made in code: seeded noise, masks, image files, and hashes to compare pixels by. */
import { createHash } from 'node:crypto'
import sharp, { type Sharp } from 'sharp'
import { crc32 } from '../../src/raster/crc32.ts'
import { rectMask } from '../../src/raster/mask.ts'
import type { PictureInput, Pixels } from '../../src/shared/contract/picture.ts'
import type { Rect, Size } from '../../src/shared/geometry/rect.ts'

/** Every byte at random, alpha too: no filter or network gives such a picture back by chance. */
export function noise({ width, height }: Size, channels: Pixels['channels'] = 3, seed = 1): Pixels {
  const data = new Uint8Array(width * height * channels)
  // A linear congruential generator, of which the upper bits are good enough here.
  let state = seed
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    data[i] = state >>> 24
  }
  return { width, height, channels, data }
}

export const whole = ({ width, height }: Size): Rect => ({ x: 0, y: 0, width, height })

/** A mask that is `value` inside a rectangle and 0 elsewhere. */
export function mask(size: Size, rect: Rect, value = 255): Pixels {
  const { data, ...rest } = rectMask(size, rect)
  return { ...rest, data: data.map((px) => (px ? value : 0)) }
}

/** From 0 at the left to 255 at the right. */
export function softMask({ width, height }: Size): Pixels {
  const data = Uint8Array.from({ length: width * height }, (_, i) => Math.round((255 * (i % width)) / (width - 1)))
  return { width, height, channels: 1, data }
}

export const asPixels = (pixels: Pixels): PictureInput => ({ kind: 'pixels', pixels })
export const asFile = (bytes: Uint8Array, name?: string): PictureInput => ({
  kind: 'file',
  bytes,
  ...(name === undefined ? {} : { name }),
})

export function toSharp({ width, height, channels, data }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels } })
}

/** A whole PNG of one px that claims another size in its header. */
export async function pngThatClaims({ width, height }: Size): Promise<Uint8Array> {
  const png = new Uint8Array(
    await toSharp(noise({ width: 1, height: 1 }))
      .png()
      .toBuffer(),
  )
  // 8 bytes of signature, then IHDR: length, type, width, height, 5 more bytes, CRC.
  const view = new DataView(png.buffer)
  view.setUint32(16, width)
  view.setUint32(20, height)
  view.setUint32(29, crc32(png.subarray(12, 29)))
  return png
}

export function hash({ width, height, channels, data }: Pixels): string {
  return createHash('sha256').update(`${width} ${height} ${channels} `).update(data).digest('hex')
}

/** Of every px whose mask is 0, all channels. */
export function hashOutside({ channels, data }: Pixels, { data: mask }: Pixels): string {
  const kept = data.filter((_, i) => mask[Math.floor(i / channels)] === 0)
  return createHash('sha256').update(kept).digest('hex')
}

/** The share of px above 0 in the mask that are not what they were. */
export function changedShare(before: Pixels, after: Pixels, { data: mask }: Pixels): number {
  const { channels } = before
  let inside = 0
  let changed = 0
  for (const [i, value] of mask.entries()) {
    if (value === 0) continue
    inside += 1
    const differs = (c: number): boolean => before.data[i * channels + c] !== after.data[i * channels + c]
    if ([0, 1, 2].some(differs)) changed += 1
  }
  return changed / inside
}
