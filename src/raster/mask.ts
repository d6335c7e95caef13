/**
 * Masks: pictures of one channel, 0 = keep, 255 = replace. The law that everything here serves: a px whose mask is 0 is
 * never touched, so weights made from a mask are exactly 0 there.
 */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import { intersect, type Rect, type Size } from '../shared/geometry/rect.ts'
import { squaredDistances } from './distance.ts'

/** A picture as a mask, 1 channel: grey as it is, colour by its luma (Rec. 601) times its alpha. */
export function maskFromPixels(pixels: Pixels): Pixels {
  const { width, height, channels, data } = pixels
  if (channels === 1) return pixels
  const mask = new Uint8Array(width * height)
  for (let i = 0, from = 0; i < mask.length; i++, from += channels) {
    const luma = 299 * data[from]! + 587 * data[from + 1]! + 114 * data[from + 2]!
    const alpha = channels === 4 ? data[from + 3]! : 255
    mask[i] = Math.round((luma * alpha) / 255_000)
  }
  return { width, height, channels: 1, data: mask }
}

/** The smallest rectangle around every px above 0; undefined where there is none. */
export function maskBounds(mask: Pixels): Rect | undefined {
  assert(mask.channels === 1, 'a mask has one channel')
  let left = mask.width
  let right = -1
  let top = mask.height
  let bottom = -1
  for (let y = 0, i = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++, i++) {
      if (mask.data[i] === 0) continue
      if (x < left) left = x
      if (x > right) right = x
      if (y < top) top = y
      bottom = y
    }
  }
  return right < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}

/**
 * How much of the new picture each px takes, 0..255: min(mask, 255 d / (feather + 1)) with d the distance in px to the
 * nearest px of mask 0. The feather thus runs inward and never leaves the mask; the picture's borders are not feathered.
 *
 * @param feather px, at least 0; 0 makes the weights equal to the mask.
 * @returns 1 channel, of the mask's size.
 */
export function blendWeights(mask: Pixels, feather: number): Pixels {
  assert(mask.channels === 1 && feather >= 0, 'blendWeights takes a mask and a feather of at least 0 px')
  const squared = feather > 0 ? squaredDistances(mask) : undefined
  const weights = new Uint8Array(mask.data)
  if (squared !== undefined) {
    for (let i = 0; i < weights.length; i++) {
      const ramp = Math.round((255 * Math.sqrt(squared[i]!)) / (feather + 1))
      if (ramp < weights[i]!) weights[i] = ramp
    }
  }
  return { ...mask, data: weights }
}

/**
 * The token cells that a mask touches.
 *
 * @param cell px a cell spans on each axis; must divide both sides of the mask.
 * @returns (height / cell, width / cell) bytes, 1 where any px of the cell is above 0.
 */
export function maskCells(mask: Pixels, cell: number): Uint8Array {
  assert(mask.channels === 1, 'a mask has one channel')
  assert(mask.width % cell === 0 && mask.height % cell === 0, `a mask must be a whole number of ${cell} px cells`)
  const columns = mask.width / cell
  const cells = new Uint8Array(columns * (mask.height / cell))
  for (let y = 0, i = 0; y < mask.height; y++) {
    const row = Math.floor(y / cell) * columns
    for (let x = 0; x < mask.width; x++, i++) {
      if (mask.data[i] !== 0) cells[row + Math.floor(x / cell)] = 1
    }
  }
  return cells
}

/** 255 inside the rectangle (its part inside `size`), 0 elsewhere. */
export function rectMask(size: Size, rect: Rect): Pixels {
  const { width, height } = size
  const data = new Uint8Array(width * height)
  const inside = intersect({ x: 0, y: 0, width, height }, rect)
  if (inside !== undefined) {
    for (let y = inside.y; y < inside.y + inside.height; y++) {
      data.fill(255, y * width + inside.x, y * width + inside.x + inside.width)
    }
  }
  return { width, height, channels: 1, data }
}

export function invertMask(mask: Pixels): Pixels {
  assert(mask.channels === 1, 'a mask has one channel')
  return { ...mask, data: Uint8Array.from(mask.data, (value) => 255 - value) }
}
