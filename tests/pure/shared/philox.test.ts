/** The random generator against Random123's own answers, and what a place in its sequence depends on. */
import { describe, expect, test } from 'vitest'
import { philox4x32, uniforms } from '../../../src/shared/base/philox.ts'

const hex = (words: readonly number[]): string => words.map((word) => word.toString(16).padStart(8, '0')).join(' ')
const draw = (seed: number, purpose = 0, step = 0, count = 8): number[] => [...uniforms(seed, { purpose, step }, count)]

describe('philox4x32', () => {
  test('gives the known answer of Random123 for zeros', () => {
    expect(hex(philox4x32([0, 0, 0, 0], [0, 0]))).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8')
  })

  test('gives the known answer of Random123 where every bit is set', () => {
    const ones = 0xffffffff
    expect(hex(philox4x32([ones, ones, ones, ones], [ones, ones]))).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd')
  })

  test('gives the known answer of Random123 for the digits of pi', () => {
    const answer = philox4x32([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])
    expect(hex(answer)).toBe('d16cfe09 94fdcceb 5001e420 24126ea1')
  })
})

describe('uniforms', () => {
  test('are the upper 24 bits of the words at counter (position / 4, step, purpose, 0) under the seed', () => {
    const seed = 5 * 2 ** 32 + 7
    const words = [0, 1].flatMap((block) => philox4x32([block, 3, 2, 0], [7, 5]))
    expect(draw(seed, 2, 3)).toEqual(words.map((word) => Math.floor(word / 256) / 2 ** 24))
  })

  test('do not depend on how many are asked for', () => {
    const many = draw(1, 2, 3, 101)
    for (const count of [0, 1, 2, 3, 4, 5, 63, 100]) expect(draw(1, 2, 3, count)).toEqual(many.slice(0, count))
  })

  test('differ for seeds, and for seeds whose lower 32 bits are the same', () => {
    const seeds = [0, 1, 2 ** 32, 2 ** 32 + 1, 2 ** 33, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 2 ** 32]
    expect(new Set(seeds.map((seed) => draw(seed).join())).size).toBe(seeds.length)
  })

  test('differ for purposes and for steps, and the two do not stand for each other', () => {
    const places = [draw(9, 0, 0), draw(9, 1, 0), draw(9, 0, 1), draw(9, 1, 1), draw(9, 2, 1), draw(9, 1, 2)]
    expect(new Set(places.map(String)).size).toBe(places.length)
  })

  test('lie in [0, 1) evenly', () => {
    const values = draw(3, 1, 4, 16_000)
    const tenths = Array<number>(10).fill(0)
    for (const value of values) {
      expect(value >= 0 && value < 1).toBe(true)
      tenths[Math.floor(value * 10)] = (tenths[Math.floor(value * 10)] ?? 0) + 1
    }
    // Six deviations of a share of 1600 are 228.
    for (const count of tenths) expect(Math.abs(count - 1600)).toBeLessThan(228)
  })
})
