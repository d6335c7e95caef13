/**
 * The part of a picture that the network sees when it works on a small place in it, and the crop of that part. A frame lies
 * inside the picture wherever it fits; what sticks out is filled with the nearest edge px.
 */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import { clamp, type Rect, roundUpTo, type Size } from '../shared/geometry/rect.ts'

interface FrameRequest {
  readonly picture: Size
  /** What has to be seen; lies inside the picture. */
  readonly bounds: Rect
  /** Px wished for around the bounds, on each side. */
  readonly context: number
  /** Both sides of the frame are a multiple of so many px. */
  readonly multiple: number
  /** Smallest side of the frame, itself such a multiple. */
  readonly minimum: number
}

/**
 * The frame in px of the picture; contains `bounds`. Context that the picture does not have is not asked for: a frame is
 * larger than the picture only where `multiple` or `minimum` makes it so, and then begins at 0 and ends past its far edge.
 */
export function contextFrame({ picture, bounds, context, multiple, minimum }: FrameRequest): Rect {
  assert(minimum % multiple === 0, 'the smallest frame must be a multiple of the step')
  const side = (start: number, length: number, available: number): { start: number; length: number } => {
    assert(start >= 0 && length > 0 && start + length <= available, 'the bounds of a frame must lie inside the picture')
    const wished = Math.min(length + 2 * context, available)
    const framed = Math.max(minimum, roundUpTo(wished, multiple))
    const centred = start - Math.floor((framed - length) / 2)
    return { start: clamp(centred, 0, Math.max(0, available - framed)), length: framed }
  }
  const x = side(bounds.x, bounds.width, picture.width)
  const y = side(bounds.y, bounds.height, picture.height)
  return { x: x.start, y: y.start, width: x.length, height: y.length }
}

/** The rectangle of a picture, of its channels; px outside the picture repeat the nearest px of its edge. */
export function cropPadded(pixels: Pixels, rect: Rect): Pixels {
  const { channels, data } = pixels
  const { width, height } = rect
  const cropped = new Uint8Array(width * height * channels)
  const columns = Int32Array.from({ length: width }, (_, x) => clamp(rect.x + x, 0, pixels.width - 1))
  for (let y = 0, to = 0; y < height; y++) {
    const row = clamp(rect.y + y, 0, pixels.height - 1) * pixels.width
    for (let x = 0; x < width; x++) {
      const from = (row + columns[x]!) * channels
      for (let c = 0; c < channels; c++, to++) cropped[to] = data[from + c]!
    }
  }
  return { width, height, channels, data: cropped }
}
