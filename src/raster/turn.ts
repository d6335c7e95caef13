/** Flips, quarter turns and crops: px are moved, never mixed, and pictures of any channels do. */
import type { Pixels } from '../shared/contract/picture.ts'
import { intersect, type Rect } from '../shared/geometry/rect.ts'

/** Left and right exchanged. */
export function flipHorizontally(pixels: Pixels): Pixels {
  const { width, height } = pixels
  return moved(pixels, width, height, (x, y) => y * width + width - 1 - x)
}

/** Top and bottom exchanged. */
export function flipVertically(pixels: Pixels): Pixels {
  const { width, height } = pixels
  return moved(pixels, width, height, (x, y) => (height - 1 - y) * width + x)
}

/** @param degrees clockwise. */
export function turn(pixels: Pixels, degrees: 90 | 180 | 270): Pixels {
  const { width, height } = pixels
  if (degrees === 180) return moved(pixels, width, height, (x, y) => (height - 1 - y) * width + width - 1 - x)
  if (degrees === 90) return moved(pixels, height, width, (x, y) => (height - 1 - x) * width + y)
  return moved(pixels, height, width, (x, y) => x * width + width - 1 - y)
}

/** The rectangle of a picture; px outside of the picture are 0 in all channels. */
export function crop(pixels: Pixels, rect: Rect): Pixels {
  const { channels } = pixels
  const data = new Uint8Array(rect.width * rect.height * channels)
  const inside = intersect(rect, { x: 0, y: 0, width: pixels.width, height: pixels.height })
  if (inside !== undefined) {
    for (let y = inside.y; y < inside.y + inside.height; y++) {
      const from = (y * pixels.width + inside.x) * channels
      const to = ((y - rect.y) * rect.width + inside.x - rect.x) * channels
      data.set(pixels.data.subarray(from, from + inside.width * channels), to)
    }
  }
  return { width: rect.width, height: rect.height, channels, data }
}

/** @param from index of the old px that goes to (x, y) of the new picture. */
function moved(pixels: Pixels, width: number, height: number, from: (x: number, y: number) => number): Pixels {
  const { channels } = pixels
  const data = new Uint8Array(pixels.data.length)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const start = from(x, y) * channels
      for (let c = 0; c < channels; c++, to++) data[to] = pixels.data[start + c]!
    }
  }
  return { width, height, channels, data }
}
