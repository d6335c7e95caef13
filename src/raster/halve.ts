/**
 * Tiles at half their size, which is what a zoomed-out view is made of: each px is the mean of 2 x 2, colours weighted by alpha.
 * Done again and again, it makes a pyramid; every step rounds once.
 */
import { tileSide } from './tiles.ts'

const half = tileSide / 2

/**
 * Writes a tile, halved, into a quarter of another.
 *
 * @param column, row 0 or 1: which quarter
 */
export function halveInto(target: Uint8Array, tile: Uint8Array, channels: 1 | 4, column: number, row: number): void {
  const line = tileSide * channels
  for (let y = 0; y < half; y++) {
    const from = y * 2 * line
    const to = ((row * half + y) * tileSide + column * half) * channels
    if (channels === 4) halveColours(target, to, tile, from, from + line)
    else halveMask(target, to, tile, from, from + line)
  }
}

function halveMask(target: Uint8Array, to: number, tile: Uint8Array, upper: number, lower: number): void {
  for (let x = 0; x < half; x++, upper += 2, lower += 2) {
    target[to + x] = (tile[upper]! + tile[upper + 1]! + tile[lower]! + tile[lower + 1]! + 2) >> 2
  }
}

function halveColours(target: Uint8Array, to: number, tile: Uint8Array, upper: number, lower: number): void {
  for (let x = 0; x < half; x++, to += 4, upper += 8, lower += 8) {
    const a = tile[upper + 3]!
    const b = tile[upper + 7]!
    const c = tile[lower + 3]!
    const d = tile[lower + 7]!
    const sum = a + b + c + d
    if (sum === 1020) {
      target[to] = (tile[upper]! + tile[upper + 4]! + tile[lower]! + tile[lower + 4]! + 2) >> 2
      target[to + 1] = (tile[upper + 1]! + tile[upper + 5]! + tile[lower + 1]! + tile[lower + 5]! + 2) >> 2
      target[to + 2] = (tile[upper + 2]! + tile[upper + 6]! + tile[lower + 2]! + tile[lower + 6]! + 2) >> 2
      target[to + 3] = 255
      continue
    }
    const alpha = (sum + 2) >> 2
    if (alpha === 0) {
      target[to] = target[to + 1] = target[to + 2] = target[to + 3] = 0
      continue
    }
    for (let i = 0; i < 3; i++) {
      const weighted = tile[upper + i]! * a + tile[upper + 4 + i]! * b + tile[lower + i]! * c + tile[lower + 4 + i]! * d
      target[to + i] = (weighted / sum + 0.5) | 0
    }
    target[to + 3] = alpha
  }
}
