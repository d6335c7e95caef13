/**
 * Putting pictures together. Every function returns a new picture and leaves its arguments alone; copies are made with
 * `new Uint8Array(data)`, because `slice` of a node Buffer is a view of the same memory.
 */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import { intersect } from '../shared/geometry/rect.ts'
import { cropPadded } from './frame.ts'

interface Point {
  readonly x: number
  readonly y: number
}

interface Borders {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/**
 * The patch laid over the base by weight. Px of weight 0 keep every channel of the base, bit by bit; weight 255 takes the
 * patch exactly. Over an RGBA base the patch is an opaque layer of that weight: alpha rises towards 255 and a transparent
 * px takes the patch's colour.
 *
 * @param base RGB or RGBA.
 * @param patch RGB; may stick out of the base.
 * @param at where the patch's top left px lies in the base; may be negative.
 * @param weights 1 channel, of the patch's size.
 */
export function blendInto(base: Pixels, patch: Pixels, at: Point, weights: Pixels): Pixels {
  assert(base.channels !== 1 && patch.channels === 3, 'blendInto lays RGB over RGB or RGBA')
  assert(weights.channels === 1, 'blend weights have one channel')
  assert(
    weights.width === patch.width && weights.height === patch.height,
    'blend weights must be as large as the patch',
  )
  const { channels } = base
  const data = new Uint8Array(base.data)
  forEachOverlap(base, patch, at, (target, source) => {
    const weight = weights.data[source]!
    if (weight === 0) return
    const to = target * channels
    const alpha = channels === 4 ? data[to + 3]! : 255
    // Straight alpha "over" in units of 1 / 255^2: what shows of the patch, and what still shows of the base.
    const over = weight * 255
    const under = alpha * (255 - weight)
    for (let c = 0; c < 3; c++) {
      data[to + c] = Math.round((patch.data[source * 3 + c]! * over + data[to + c]! * under) / (over + under))
    }
    if (channels === 4) data[to + 3] = Math.round((over + under) / 255)
  })
  return { ...base, data }
}

/** The patch copied over the base, all channels; both have the same channels, and what sticks out is dropped. */
export function paste(base: Pixels, patch: Pixels, at: Point): Pixels {
  const { channels } = base
  assert(patch.channels === channels, 'paste takes two pictures of the same channels')
  const data = new Uint8Array(base.data)
  forEachOverlap(base, patch, at, (target, source) => {
    for (let c = 0; c < channels; c++) data[target * channels + c] = patch.data[source * channels + c]!
  })
  return { ...base, data }
}

/** Grey spread to RGB, RGBA flattened onto a colour; RGB is returned as it is. */
export function toRgb(pixels: Pixels, background: readonly [number, number, number] = [255, 255, 255]): Pixels {
  const { width, height, channels } = pixels
  if (channels === 3) return pixels
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    const alpha = channels === 4 ? pixels.data[i * 4 + 3]! : 255
    for (let c = 0; c < 3; c++) {
      const colour = pixels.data[channels === 4 ? i * 4 + c : i]!
      data[i * 3 + c] = Math.round((colour * alpha + background[c]! * (255 - alpha)) / 255)
    }
  }
  return { width, height, channels: 3, data }
}

/** The picture with so many px more on each side (at least 0); the new px repeat the nearest px of the old edge. */
export function extend(pixels: Pixels, { left, right, top, bottom }: Borders): Pixels {
  return cropPadded(pixels, {
    x: -left,
    y: -top,
    width: pixels.width + left + right,
    height: pixels.height + top + bottom,
  })
}

/** Calls back with the px index in base and in patch of every px that both have. */
function forEachOverlap(base: Pixels, patch: Pixels, at: Point, each: (target: number, source: number) => void): void {
  const overlap = intersect(
    { x: 0, y: 0, width: base.width, height: base.height },
    { x: at.x, y: at.y, width: patch.width, height: patch.height },
  )
  if (overlap === undefined) return
  for (let y = overlap.y; y < overlap.y + overlap.height; y++) {
    for (let x = overlap.x; x < overlap.x + overlap.width; x++) {
      each(y * base.width + x, (y - at.y) * patch.width + x - at.x)
    }
  }
}
