/** Diffs on toy records: nested objects with keys that come and go, as surfaces and masks do. */
import { describe, expect, test } from 'vitest'
import { applyDiff, type Diff, diffRecords, invertDiff, isEmptyDiff, squashDiffs } from '../../../src/document/index.ts'
import { choices, type Choices } from './random.ts'

interface Toy {
  readonly id: string
  readonly kind: string
  readonly size: number
  readonly inner: { readonly tiles: Readonly<Record<string, string>>; readonly on: boolean } | null
}

type Toys = ReadonlyMap<string, Toy>

function randomToy(random: Choices, id: string): Toy {
  const tiles = Object.fromEntries(
    ['a', 'b', 'c'].filter(() => random.int(2) === 0).map((key) => [key, `t${random.int(3)}`]),
  )
  const inner = random.int(3) === 0 ? null : { tiles, on: random.int(2) === 0 }
  return { id, kind: 'toy', size: random.int(3), inner }
}

function randomToys(random: Choices): Toys {
  const ids = ['1', '2', '3', '4'].filter(() => random.int(3) > 0)
  return new Map(ids.map((id) => [id, randomToy(random, id)]))
}

const changesOf = (diff: Diff<Toy>): number =>
  [diff.added, diff.updated, diff.removed].reduce((sum, part) => sum + Object.keys(part).length, 0)

describe('a diff of toy records', () => {
  test('D4 leads from the one to the other, and its inverse back, 500 times', () => {
    const random = choices(1)
    for (let i = 0; i < 500; i++) {
      const [before, after] = [randomToys(random), randomToys(random)]
      const diff = diffRecords(before, after)
      expect(applyDiff(before, diff)).toEqual(after)
      expect(applyDiff(after, invertDiff(diff))).toEqual(before)
      expect(invertDiff(invertDiff(diff))).toEqual(diff)
      expect(applyDiff(before, JSON.parse(JSON.stringify(diff)) as Diff<Toy>)).toEqual(after)
    }
  })

  test('D4 squashed equals the sequence, forward and back, and is as small as the direct one, 500 times', () => {
    const random = choices(2)
    for (let i = 0; i < 500; i++) {
      const states = Array.from({ length: 2 + random.int(4) }, () => randomToys(random))
      const diffs = states.slice(1).map((state, i) => diffRecords(states[i] ?? new Map(), state))
      const [first, last] = [states[0] ?? new Map(), states.at(-1) ?? new Map()]
      const squashed = squashDiffs(diffs)
      expect(applyDiff(first, squashed)).toEqual(last)
      expect(applyDiff(last, invertDiff(squashed))).toEqual(first)
      expect(squashed).toEqual(diffRecords(first, last))
    }
  })

  test('D4 is empty exactly where nothing differs', () => {
    const random = choices(3)
    const toys = randomToys(random)
    expect(isEmptyDiff(diffRecords(toys, structuredClone(toys)))).toBe(true)
    const grown = new Map([...toys, ['new', randomToy(random, 'new')]])
    expect(changesOf(diffRecords(toys, grown))).toBe(1)
    expect(isEmptyDiff(squashDiffs([diffRecords(toys, grown), diffRecords(grown, toys)]))).toBe(true)
    expect(isEmptyDiff(squashDiffs([]))).toBe(true)
  })

  test('D4 of one tile among many names that tile alone', () => {
    const tiles = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`${i}`, 'x']))
    const toy: Toy = { id: '1', kind: 'toy', size: 1, inner: { tiles, on: true } }
    const painted: Toy = { ...toy, inner: { tiles: { ...tiles, 7: 'y' }, on: true } }
    expect(diffRecords(new Map([['1', toy]]), new Map([['1', painted]])).updated).toEqual({
      1: { before: { inner: { tiles: { 7: 'x' } } }, after: { inner: { tiles: { 7: 'y' } } } },
    })
  })

  test('D1 keeps what it does not name the same object', () => {
    const toys: Toys = new Map(
      ['1', '2'].map((id) => [id, { id, kind: 'toy', size: 1, inner: { tiles: {}, on: true } }]),
    )
    const changed = applyDiff(toys, {
      added: {},
      updated: { 1: { before: { size: 1 }, after: { size: 2 } } },
      removed: {},
    })
    expect(changed.get('2')).toBe(toys.get('2'))
    expect(changed.get('1')).toEqual({ ...toys.get('1'), size: 2 })
    expect(changed.get('1')?.inner).toBe(toys.get('1')?.inner)
  })

  test('D4 that does not fit is refused', () => {
    const toy = { id: '1', kind: 'toy', size: 1, inner: null }
    const empty = { added: {}, updated: {}, removed: {} }
    expect(() => applyDiff(new Map([['1', toy]]), { ...empty, added: { 1: toy } })).toThrow(/there already/)
    expect(() => applyDiff(new Map(), { ...empty, removed: { 1: toy } })).toThrow(/not there/)
    const deeper = { before: { inner: { on: true } }, after: { inner: { on: false } } }
    expect(() => applyDiff(new Map(), { ...empty, updated: { 1: deeper } })).toThrow(/not there/)
    expect(() => applyDiff(new Map([['1', toy]]), { ...empty, updated: { 1: deeper } })).toThrow(/no object/)
  })
})
