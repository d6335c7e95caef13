/** The outline of a selection as straight runs along px borders, for the marching ants. */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'

/** From one px corner to another, level or upright; what is selected lies to the right of someone who walks it. */
export interface Edge {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

/**
 * Each border between a px of at least `threshold` and one below it, once, joined into runs as long as they go straight on.
 * Outside of the mask nothing is selected.
 *
 * @param mask 1 channel.
 * @param threshold 1..255; 128 = selected by half or more.
 * @returns level runs from top to bottom, then upright ones from left to right; in px of the mask.
 */
export function selectionEdges(mask: Pixels, threshold: number): Edge[] {
  assert(mask.channels === 1 && threshold >= 1, 'the outline of a mask needs a threshold of at least 1')
  const { width, height, data } = mask
  const isIn = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x]! >= threshold
  const level = runs(width, height, (x, y) => Number(isIn(x, y)) - Number(isIn(x, y - 1)))
  const upright = runs(height, width, (y, x) => Number(isIn(x - 1, y)) - Number(isIn(x, y)))
  return [
    ...level.map(({ from, to, across }) => ({ x1: from, y1: across, x2: to, y2: across })),
    ...upright.map(({ from, to, across }) => ({ x1: across, y1: from, x2: across, y2: to })),
  ]
}

interface Run {
  readonly from: number
  readonly to: number
  readonly across: number
}

/** @param side of the border at a place: 1 = walked towards higher numbers, -1 = towards lower ones, 0 = no border. */
function runs(length: number, lines: number, side: (along: number, across: number) => number): Run[] {
  const found: Run[] = []
  for (let across = 0; across <= lines; across++) {
    let start = 0
    let current = 0
    for (let along = 0; along <= length; along++) {
      const next = along === length ? 0 : side(along, across)
      if (next === current) continue
      if (current === 1) found.push({ from: start, to: along, across })
      if (current === -1) found.push({ from: along, to: start, across })
      start = along
      current = next
    }
  }
  return found
}
