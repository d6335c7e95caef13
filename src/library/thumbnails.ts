/** Small pictures for the gallery's grid: WebP of at most 256 px a side, written by the engine's own codec. */
import { thumbnailSize } from '../files/thumbnail.ts'
import { resize } from '../raster/resize.ts'
import type { EngineApi } from '../shared/contract/engine-api.ts'
import type { Pixels } from '../shared/contract/picture.ts'

export type Codecs = Pick<EngineApi, 'decodePicture' | 'encodePicture'>

const side = 256
const quality = 80

export function shrink(pixels: Pixels): Pixels {
  const size = thumbnailSize(pixels, side)
  // A thin line of a large picture keeps its weight: the box takes every px, and costs the least.
  return resize(pixels, size, 'box')
}

export async function encodeThumbnail(codecs: Codecs, small: Pixels): Promise<Uint8Array> {
  return await codecs.encodePicture({ pixels: small, format: { type: 'webp', quality } })
}

export async function thumbnailOfFile(codecs: Codecs, png: Uint8Array): Promise<Uint8Array> {
  return await encodeThumbnail(codecs, shrink(await codecs.decodePicture({ bytes: png })))
}
