/** Wildcards: which part, how many, and that the seed alone decides. */
import { describe, expect, test } from 'vitest'
import { chooseWildcards } from '../../../src/batch/wildcards.ts'

const seeds = Array.from({ length: 300 }, (_, seed) => seed)

describe('a wildcard', () => {
  test('is each of its parts about equally often, and the same one for the same seed', () => {
    const chosen = seeds.map((seed) => chooseWildcards('a {red|green|blue} apple', seed))
    for (const colour of ['red', 'green', 'blue']) {
      const times = chosen.filter((text) => text === `a ${colour} apple`).length
      expect(times).toBeGreaterThan(70)
      expect(times).toBeLessThan(130)
    }
    expect(seeds.map((seed) => chooseWildcards('a {red|green|blue} apple', seed))).toEqual(chosen)
  })

  test('of several parts has them without repetition, in any order', () => {
    const chosen = new Set(seeds.map((seed) => chooseWildcards('{2$$a|b|c}', seed)))
    expect([...chosen].sort()).toEqual(['a, b', 'a, c', 'b, a', 'b, c', 'c, a', 'c, b'])
    expect(chooseWildcards('{9$$a|b}', 1).split(', ').sort()).toEqual(['a', 'b'])
    expect(chooseWildcards('x{0$$a|b}y', 1)).toBe('xy')
  })

  test('may hold others, and may be empty', () => {
    const chosen = new Set(seeds.map((seed) => chooseWildcards('{a|b {c|d}|}', seed)))
    expect([...chosen].sort()).toEqual(['', 'a', 'b c', 'b d'])
  })

  test('is chosen apart from the others of the same prompt', () => {
    const chosen = new Set(seeds.map((seed) => chooseWildcards('{a|b}{a|b}', seed)))
    expect([...chosen].sort()).toEqual(['aa', 'ab', 'ba', 'bb'])
  })

  test.each(['no braces', '{no bars}', 'open {a|b', 'shut a|b}', '{}', 'x | y'])('is not %j', (text) => {
    expect(chooseWildcards(text, 5)).toBe(text)
  })

  test('is not what is escaped', () => {
    expect(chooseWildcards('\\{a|b\\}', 5)).toBe('{a|b}')
  })
})

test('the choices of three seeds stay what they are, whatever the version', () => {
  expect([1, 2, 3].map((seed) => chooseWildcards('{a|b|c|d} {2$$w|x|y|z}', seed))).toMatchInlineSnapshot(`
    [
      "a y, w",
      "a z, w",
      "d w, x",
    ]
  `)
})
