/** Where the gallery's pictures lie, where keys lead to, and how days and times are called. */
import { describe, expect, test } from 'vitest'
import { clockText } from '../../../src/renderer/src/panels/duration.ts'
import { finishText } from '../../../src/renderer/src/views/batch/finish-text.ts'
import { dayOf, dayText } from '../../../src/renderer/src/views/gallery/days.ts'
import {
  gap,
  gridLayout,
  headingHeight,
  moveFrom,
  placeOf,
  visibleIn,
} from '../../../src/renderer/src/views/gallery/grid-layout.ts'
import { nothing, only, ranged, toggled, without } from '../../../src/renderer/src/views/gallery/selection.ts'

/** Four columns of 150 px: 4 * 150 + 3 * 8 = 624. */
const width = 624
const days = [
  { day: '2026-11-25', count: 6 },
  { day: '2026-11-24', count: 1 },
  { day: '2026-11-20', count: 9 },
]
const layout = gridLayout(days, width)
const row = layout.side + gap

describe('the grid', () => {
  test('has as many columns as fit, and squares that fill the width', () => {
    expect([layout.columns, layout.side]).toEqual([4, 150])
    expect(gridLayout(days, 100)).toMatchObject({ columns: 1, side: 100 })
    expect(gridLayout(days, 1300).side).toBeGreaterThanOrEqual(148)
  })

  test('lays the days one below the other, whole rows each', () => {
    expect(layout.sections.map(({ from, top }) => [from, top])).toEqual([
      [0, 0],
      [6, headingHeight + 2 * row],
      [7, 2 * headingHeight + 3 * row],
    ])
    expect(layout.height).toBe(3 * headingHeight + 6 * row)
    expect(layout.count).toBe(16)
  })

  test('gives every picture a place of its own, and none to what is not there', () => {
    const places = Array.from({ length: 16 }, (_, i) => JSON.stringify(placeOf(layout, i)))
    expect(new Set(places).size).toBe(16)
    expect(placeOf(layout, 5)).toEqual({ x: row, y: headingHeight + row })
    expect(placeOf(layout, 16)).toBeUndefined()
    expect(placeOf(layout, -1)).toBeUndefined()
  })

  test('shows the rows that reach into view, and no others', () => {
    const seen = (top: number, bottom: number) => visibleIn(layout, top, bottom).map(({ from, to }) => [from, to])
    expect(seen(0, headingHeight + 1)).toEqual([[0, 4]])
    expect(seen(headingHeight + row, headingHeight + row + 1)).toEqual([[4, 6]])
    expect(seen(0, 1e6)).toEqual([
      [0, 6],
      [6, 7],
      [7, 16],
    ])
    expect(seen(1e6, 2e6)).toEqual([])
  })

  test('of 10,000 pictures shows a screenful', () => {
    const many = gridLayout(
      Array.from({ length: 250 }, (_, i) => ({ day: String(i), count: 40 })),
      1100,
    )
    const shown = visibleIn(many, many.height / 2, many.height / 2 + 900)
    expect(shown.reduce((sum, { from, to }) => sum + to - from, 0)).toBeLessThan(70)
  })
})

describe('keys in the grid', () => {
  // 0 1 2 3 / 4 5 // 6 // 7 8 9 10 / 11 12 13 14 / 15
  test.each([
    ['ArrowRight', 5, 6],
    ['ArrowLeft', 6, 5],
    ['ArrowLeft', 0, 0],
    ['ArrowRight', 15, 15],
    ['ArrowDown', 1, 5],
    ['ArrowDown', 3, 5],
    ['ArrowDown', 5, 6],
    ['ArrowDown', 6, 7],
    ['ArrowDown', 15, 15],
    ['ArrowUp', 5, 1],
    ['ArrowUp', 1, 1],
    ['ArrowUp', 6, 4],
    ['ArrowUp', 9, 6],
    ['PageDown', 0, 6],
    ['PageUp', 15, 7],
    ['Home', 9, 0],
    ['End', 2, 15],
    ['x', 2, 2],
  ])('%s leads from %i to %i', (key, from, to) => {
    expect(moveFrom(layout, from, key, 2)).toBe(to)
  })
})

describe('what is chosen', () => {
  test('is one, one more or less, or a range from where the last began', () => {
    const two = toggled(only('a'), 'b')
    expect([...two.ids]).toEqual(['a', 'b'])
    expect([...toggled(two, 'a').ids]).toEqual(['b'])
    expect(ranged(only('a'), 'c', ['a', 'b', 'c'])).toMatchObject({ active: 'c', anchor: 'a' })
    expect(nothing.ids.size).toBe(0)
  })

  test('loses what is gone', () => {
    expect(without(toggled(only('a'), 'b'), ['b'])).toEqual({ ids: new Set(['a']), active: null, anchor: null })
  })
})

describe('times', () => {
  const now = new Date(2026, 10, 25, 14, 0)

  test.each([
    ['2026-11-25', 'Today'],
    ['2026-11-24', 'Yesterday'],
    ['2026-11-20', 'Friday, November 20'],
    ['2025-11-25', 'November 25, 2025'],
  ])('the day %s is called %s', (day, text) => {
    expect(dayText(day, now)).toBe(text)
  })

  test('a day is that of the clock on the wall', () => {
    expect(dayOf(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05')
  })

  test.each([
    [0, '0:00'],
    [42.4, '0:42'],
    [102, '1:42'],
    [3900, '1:05:00'],
  ])('%s seconds on a clock are %s', (seconds, text) => {
    expect(clockText(seconds)).toBe(text)
  })

  test.each([
    [new Date(2026, 10, 25, 16, 5), 'at 16:05'],
    [new Date(2026, 10, 26, 6, 30), 'tomorrow at 06:30'],
    [new Date(2026, 11, 1, 6, 30), 'December 1 at 06:30'],
  ])('what ends at %s ends %s', (end, text) => {
    expect(finishText(end.getTime(), now)).toBe(text)
  })
})
