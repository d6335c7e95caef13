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
 * Outside of the mask nothing is selected. Costs a byte for every px, and some 5 ms a megapixel.
 *
 * @param mask 1 channel.
 * @param threshold 1..255; 128 = selected by half or more.
 * @returns level runs from top to bottom, then upright ones from left to right; in px of the mask.
 */
export function selectionEdges(mask: Pixels, threshold: number): Edge[] {
  assert(mask.channels === 1 && threshold >= 1, 'the outline of a mask needs a threshold of at least 1')
  const { width, height } = mask
  const inside = new Int8Array(width * height)
  for (let i = 0; i < inside.length; i++) inside[i] = mask.data[i]! >= threshold ? 1 : 0
  return [...levelEdges(inside, width, height), ...uprightEdges(inside, width, height)]
}

function levelEdges(inside: Int8Array, width: number, height: number): Edge[] {
  const edges: Edge[] = []
  for (let y = 0; y <= height; y++) {
    const below = y * width
    const above = below - width
    let start = 0
    // 1 = what is selected lies below, and the run is walked to the right; -1 = above; 0 = there is no border.
    let current = 0
    for (let x = 0; x <= width; x++) {
      const next = x === width ? 0 : (y === height ? 0 : inside[below + x]!) - (y === 0 ? 0 : inside[above + x]!)
      if (next === current) continue
      if (current === 1) edges.push({ x1: start, y1: y, x2: x, y2: y })
      else if (current === -1) edges.push({ x1: x, y1: y, x2: start, y2: y })
      start = x
      current = next
    }
  }
  return edges
}

/** Row by row as well, as memory lies: all columns at once, each with the run that it is in. */
function uprightEdges(inside: Int8Array, width: number, height: number): Edge[] {
  const edges: Edge[] = []
  const starts = new Int32Array(width + 1)
  // 1 = what is selected lies to the left, and the run is walked down.
  const currents = new Int8Array(width + 1)
  for (let y = 0; y <= height; y++) {
    const row = y * width
    let left = 0
    for (let x = 0; x <= width; x++) {
      const right = x === width || y === height ? 0 : inside[row + x]!
      const next = left - right
      left = right
      const current = currents[x]!
      if (next === current) continue
      if (current === 1) edges.push({ x1: x, y1: starts[x]!, x2: x, y2: y })
      else if (current === -1) edges.push({ x1: x, y1: y, x2: x, y2: starts[x]! })
      starts[x] = y
      currents[x] = next
    }
  }
  return edges.sort((a, b) => a.x1 - b.x1)
}
