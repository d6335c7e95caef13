/**
 * The pixels of a strip that this program packed, to make a thumbnail of it without putting its layers together again. No decoder of
 * PNGs: of what is not exactly ours it says so.
 */
import { promisify } from 'node:util'
import { constants, inflateRaw, type ZlibOptions } from 'node:zlib'
import type { Pixels } from '../shared/contract/picture.ts'
import type { PngStrip } from './png-write.ts'

const inflate = promisify<Uint8Array, ZlibOptions, Buffer>(inflateRaw)

/** Undefined where the strip is none of ours. */
export async function decodeStrip(
  { chunk, size }: PngStrip,
  { width, channels }: Pick<Pixels, 'width' | 'channels'>,
): Promise<Pixels | undefined> {
  // A strip ends where the next begins, without an end of its own.
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: size, chunkSize: size + 64 }
  const rows = await inflate(chunk.subarray(8, -4), options).catch(() => undefined)
  const stride = width * channels
  const height = size / (stride + 1)
  if (rows?.length !== size || !Number.isInteger(height)) return undefined
  const data = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)]!
    if (filter > (y === 0 ? 1 : 2)) return undefined
    unfilter(filter, rows.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)), data, y * stride, channels)
  }
  return { width, height, channels, data }
}

/** @param filter 0 = as it is, 1 = less the left neighbour, 2 = less the row above */
function unfilter(filter: number, row: Uint8Array, data: Uint8Array, to: number, channels: number): void {
  data.set(row, to)
  if (filter === 1) for (let i = to + channels; i < to + row.length; i++) data[i]! += data[i - channels]!
  if (filter === 2) for (let i = to; i < to + row.length; i++) data[i]! += data[i - row.length]!
}
