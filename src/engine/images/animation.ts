/** Pictures as the frames of one animated file, WebP or GIF, that plays for ever. */
import { toRgb } from '../../raster/composite.ts'
import type { EngineApi } from '../../shared/contract/engine-api.ts'
import { StudioError } from '../../shared/contract/errors.ts'
import type { Pixels } from '../../shared/contract/picture.ts'
import { encodePages, longestSide, nameOf } from './codec.ts'

/** Most frames of a file, and its px over all frames: what is joined lies in memory at once. */
const limits = { frames: 1000, pixels: 400_000_000 }

/** @throws StudioError 'bad-request' for frames of several sizes or none, 'picture-too-large' for more than a file or memory holds */
export async function encodeAnimation({
  frames,
  format,
  milliseconds,
}: Parameters<EngineApi['encodeAnimation']>[0]): Promise<Uint8Array> {
  const [first] = frames
  if (!first || frames.length > limits.frames)
    throw new StudioError('bad-request', `An animation has 1 to ${limits.frames} frames, not ${frames.length}.`)
  const { width, height } = first
  const other = frames.find((frame) => frame.width !== width || frame.height !== height)
  if (other) {
    const sizes = `${width} x ${height} and ${other.width} x ${other.height} px`
    throw new StudioError('bad-request', `The frames of an animation have one size, not ${sizes}. Scale them first.`)
  }
  if (!(milliseconds >= 10 && milliseconds <= 60_000))
    throw new StudioError('bad-request', `A frame shows for 10 to 60000 ms, not ${milliseconds}.`)
  const most = longestSide[format]
  if (Math.max(width, height) > most || width * height * frames.length > limits.pixels) {
    throw new StudioError(
      'picture-too-large',
      `${frames.length} frames of ${width} x ${height} px are too much for one ${nameOf[format]}. Take fewer, or make them smaller.`,
    )
  }
  const delay = frames.map(() => Math.round(milliseconds))
  return encodePages({ ...joined(frames), width, height: height * frames.length }, format, delay)
}

/** All below each other; with alpha where one of them has it. */
function joined(frames: readonly Pixels[]): Pick<Pixels, 'channels' | 'data'> {
  const channels = frames.some((frame) => frame.channels === 4) ? 4 : 3
  const alike = frames.map((frame) => (channels === 4 ? toRgba(frame) : toRgb(frame)))
  const data = new Uint8Array(alike.reduce((bytes, frame) => bytes + frame.data.length, 0))
  let at = 0
  for (const frame of alike) {
    data.set(frame.data, at)
    at += frame.data.length
  }
  return { channels, data }
}

function toRgba(pixels: Pixels): Pixels {
  if (pixels.channels === 4) return pixels
  const { width, height, data: rgb } = toRgb(pixels)
  const data = new Uint8Array(width * height * 4).fill(255)
  for (let px = 0; px < width * height; px++) data.set(rgb.subarray(px * 3, px * 3 + 3), px * 4)
  return { width, height, channels: 4, data }
}
