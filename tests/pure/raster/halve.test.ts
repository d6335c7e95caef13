/** Halved tiles against the plain sum, px by px. */
import { describe, expect, it } from 'vitest'
import { halveInto } from '../../../src/raster/halve.ts'
import { randomPixels } from './random.ts'

const side = 256

describe('halveInto', () => {
  it('makes each px the mean of four, colours weighted by alpha', () => {
    const tile = randomPixels(1, side, side, 4).data
    // Rows of opaque, of empty and of nearly empty px, which have ways of their own.
    for (let i = 3; i < 2 * side * 4; i += 4) tile[i] = 255
    for (let i = 2 * side * 4 + 3; i < 4 * side * 4; i += 4) tile[i] = 0
    for (let i = 4 * side * 4 + 3; i < 6 * side * 4; i += 4) tile[i] = i % 3
    const target = new Uint8Array(side * side * 4).fill(7)
    halveInto(target, tile, 4, 1, 0)
    for (let y = 0; y < 128; y++) {
      for (let x = 0; x < 128; x++) {
        const four = [0, 1, side, side + 1].map((step) => (2 * y * side + 2 * x + step) * 4)
        const alphas = four.map((at) => tile[at + 3]!)
        const sum = alphas.reduce((a, b) => a + b, 0)
        const alpha = Math.floor(sum / 4 + 0.5)
        const mean = (c: number): number => four.reduce((total, at, i) => total + tile[at + c]! * alphas[i]!, 0) / sum
        const want = alpha === 0 ? [0, 0, 0, 0] : [...[0, 1, 2].map((c) => Math.floor(mean(c) + 0.5)), alpha]
        const to = (y * side + x + 128) * 4
        if (want.some((value, c) => target[to + c] !== value)) expect.fail(`(${x}, ${y})`)
      }
    }
    expect(target.subarray(0, 128 * 4).every((value) => value === 7)).toBe(true)
    expect(target.subarray(128 * side * 4).every((value) => value === 7)).toBe(true)
  })

  it('makes each value of a mask the mean of four, in the quarter that it is told', () => {
    const tile = randomPixels(2, side, side, 1).data
    const target = new Uint8Array(side * side)
    halveInto(target, tile, 1, 0, 1)
    for (let y = 0; y < 128; y++) {
      for (let x = 0; x < 128; x++) {
        const at = 2 * y * side + 2 * x
        const sum = tile[at]! + tile[at + 1]! + tile[at + side]! + tile[at + side + 1]!
        if (target[(y + 128) * side + x] !== Math.floor(sum / 4 + 0.5)) expect.fail(`(${x}, ${y})`)
      }
    }
  })
})
