/** Fractional indexes under thousands of inserts. */
import { expect, test } from 'vitest'
import { freshKeys, isOrderKey, keyBetween } from '../../../src/document/order.ts'
import { choices } from './random.ts'

function insertions(count: number, place: (length: number) => number): string[] {
  const keys: string[] = []
  for (let i = 0; i < count; i++) {
    const at = place(keys.length)
    keys.splice(at, 0, keyBetween(keys[at - 1] ?? null, keys[at] ?? null))
  }
  return keys
}

const isSorted = (keys: readonly string[]) => keys.every((key, i) => i === 0 || (keys[i - 1] ?? '') < key)
const longest = (keys: readonly string[]) => Math.max(...keys.map((key) => key.length))

test('D8 keys of 5,000 inserts at random places are valid, in order and short', () => {
  const random = choices(4)
  const keys = insertions(5000, (length) => random.int(length + 1))
  expect(isSorted(keys)).toBe(true)
  expect(keys.every(isOrderKey)).toBe(true)
  expect(longest(keys)).toBeLessThan(16)
})

test('D8 keys put one on top of the other, or one below the other, stay at four characters for 5,000', () => {
  const up = insertions(5000, (length) => length)
  const down = insertions(5000, () => 0)
  expect(isSorted(up) && isSorted(down)).toBe(true)
  expect(longest(up)).toBeLessThanOrEqual(4)
  expect(longest(down)).toBeLessThanOrEqual(4)
  expect(up).toEqual(freshKeys(5000))
})

test('D8 keys into the same gap grow by about a character in six', () => {
  const keys = insertions(600, (length) => Math.min(1, length))
  expect(isSorted(keys)).toBe(true)
  expect(keys.every(isOrderKey)).toBe(true)
  expect(longest(keys)).toBeLessThan(130)
})

test('D8 there is no key between a key and itself, or the wrong way round, or of what is no key', () => {
  expect(() => keyBetween('a1', 'a1')).toThrow(/no key between/)
  expect(() => keyBetween('a2', 'a1')).toThrow(/no key between/)
  for (const bad of ['', 'a', 'a10', 'b1', '1a', 'a1!', 'é0']) {
    expect(isOrderKey(bad), bad).toBe(false)
    expect(() => keyBetween(bad, null), bad).toThrow(/no order key/)
  }
})
