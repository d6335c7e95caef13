/** A caption's bytes as ByT5 numbers them, and how it tells distances apart. */
import { expect, test } from 'vitest'
import { distanceClass } from '../../../src/engine/models/byt5.ts'
import { byT5Tokens } from '../../../src/engine/models/byt5-tokenizer.ts'

test('a caption is its bytes, three added, and the end mark', () => {
  expect([...byT5Tokens('ab').tokens]).toEqual([100, 101, 1])
  expect([...byT5Tokens('é🍎').tokens]).toEqual([0xc3 + 3, 0xa9 + 3, 0xf0 + 3, 0x9f + 3, 0x8d + 3, 0x8e + 3, 1])
  expect(byT5Tokens('ab').cut).toBeUndefined()
})

test('an empty caption is the end mark', () => {
  expect(byT5Tokens('')).toEqual({ tokens: Int32Array.of(1), cut: undefined })
})

test('no typed text is a mark', () => {
  expect([...byT5Tokens('</s>').tokens]).toEqual([63, 50, 118, 65, 1])
})

test('a caption too long is cut between characters, and what was cut is named', () => {
  expect(byT5Tokens('abcd', 4)).toEqual({ tokens: Int32Array.of(100, 101, 102, 1), cut: 'd' })
  expect(byT5Tokens('a🍎b', 5)).toEqual({ tokens: Int32Array.of(100, 1), cut: '🍎b' })
  expect(byT5Tokens('abc', 4).cut).toBeUndefined()
  expect(byT5Tokens('x'.repeat(2000)).tokens).toHaveLength(768)
})

test('distances are told apart one by one when near, by their logarithm when far, and not beyond the farthest', () => {
  const classes = (distances: readonly number[]): number[] => distances.map((d) => distanceClass(d, 32, 128))
  expect(classes([0, -1, -7, 1, 7])).toEqual([0, 1, 7, 17, 23])
  // Eight classes from 8 to 128, a factor of √2 each.
  expect(classes([-8, -11, -12, -15, -16, -22, -23, -32, -46, -64, -91])).toEqual([
    8, 8, 9, 9, 10, 10, 11, 12, 13, 14, 15,
  ])
  expect(classes([-127, -128, -5000, 128])).toEqual([15, 15, 15, 31])
})
