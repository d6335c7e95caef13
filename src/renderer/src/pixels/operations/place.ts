/** Pixels from elsewhere (the model, the clipboard) as a surface. */
import { resize } from '../../../../raster/resize.ts'
import { tileParts, tileRect, tileSide } from '../../../../raster/tiles.ts'
import { crop } from '../../../../raster/turn.ts'
import { assert } from '../../../../shared/base/assert.ts'
import type { Pixels } from '../../../../shared/contract/picture.ts'
import type { Point } from '../../../../shared/geometry/point.ts'
import type { OperationResult, PixelOperation } from '../pixels-api.ts'
import { draftOf, type Job, nothing } from './job.ts'

export async function place(job: Job, operation: Extract<PixelOperation, { do: 'place' }>): Promise<OperationResult> {
  const { mask, size } = operation
  const coloured = withAlpha(operation.pixels)
  const pixels = masked(size === undefined ? coloured : resize(coloured, size, 'bicubic'), mask)
  const at = { x: Math.round(operation.at.x), y: Math.round(operation.at.y) }
  return cut(job, pixels, 4, at)
}

export async function placeMask(
  job: Job,
  { mask, at }: Extract<PixelOperation, { do: 'place-mask' }>,
): Promise<OperationResult> {
  assert(mask.channels === 1, 'a mask has one channel')
  return cut(job, mask, 1, { x: Math.round(at.x), y: Math.round(at.y) })
}

async function cut(job: Job, pixels: Pixels, channels: 1 | 4, at: Point): Promise<OperationResult> {
  const draft = draftOf(job, { channels, tiles: {} })
  for (const { key } of tileParts({ ...at, width: pixels.width, height: pixels.height })) {
    const { x, y } = tileRect(key)
    draft.put(key, crop(pixels, { x: x - at.x, y: y - at.y, width: tileSide, height: tileSide }).data)
    await job.minting.room()
    await job.pause()
  }
  return { ...nothing, surface: await draft.finish() }
}

/** RGBA of anything; grey becomes a grey colour. */
function withAlpha({ width, height, channels, data }: Pixels): Pixels {
  assert(data.length === width * height * channels, 'a picture has as many bytes as its size says')
  if (channels === 4) return { width, height, channels, data }
  const rgba = new Uint8Array(width * height * 4)
  for (let px = 0; px < width * height; px++) {
    for (let c = 0; c < 3; c++) rgba[px * 4 + c] = data[px * channels + (channels === 3 ? c : 0)]!
    rgba[px * 4 + 3] = 255
  }
  return { width, height, channels: 4, data: rgba }
}

/** Px that are hidden altogether are 0 in all channels. */
function masked(pixels: Pixels, mask: Pixels | null): Pixels {
  if (mask === null) return pixels
  const isFit = mask.channels === 1 && mask.width === pixels.width && mask.height === pixels.height
  assert(isFit, 'a mask has one channel and the size of the picture')
  const data = new Uint8Array(pixels.data)
  for (let px = 0; px < mask.data.length; px++) {
    const alpha = Math.round((data[px * 4 + 3]! * mask.data[px]!) / 255)
    data[px * 4 + 3] = alpha
    if (alpha === 0) data.fill(0, px * 4, px * 4 + 3)
  }
  return { ...pixels, data }
}
