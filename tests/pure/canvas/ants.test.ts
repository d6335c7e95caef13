import { describe, expect, test } from 'vitest'
import { antEdges, drawAnts } from '../../../src/renderer/src/canvas/ants.ts'
import type { Screen } from '../../../src/renderer/src/canvas/screen.ts'

const screenAt = (zoom: number, x = 0, y = 0): Screen => ({
  camera: { x, y, zoom },
  viewport: { width: 40, height: 24 },
  ratio: 1,
})
const size = { width: 40, height: 24 }

/** Around a rectangle, as the worker tells it. */
const around = (x: number, y: number, width: number, height: number): Float32Array =>
  Float32Array.from(
    [
      [x, y, x + width, y],
      [x + width, y + height, x, y + height],
      [x, y + height, x, y],
      [x + width, y, x + width, y + height],
    ].flat(),
  )

interface Drawn {
  /** One line a row: # black, o white, space nothing. */
  readonly rows: string[]
  readonly used: ReturnType<typeof drawAnts>
}

function draw(runs: Float32Array, screen: Screen, phase = 0, thick = 1): Drawn {
  const out = new Uint32Array(size.width * size.height)
  const used = drawAnts(out, size, runs, antEdges(runs, screen), thick, phase)
  const sign = (value: number) => (value === 0 ? ' ' : value === 0xffffffff ? 'o' : '#')
  const rows = Array.from({ length: size.height }, (_, y) =>
    [...out.subarray(y * size.width, (y + 1) * size.width)].map(sign).join('').trimEnd(),
  )
  return { rows, used }
}

const shape = (rows: readonly string[]) => rows.map((row) => row.replaceAll(/[o#]/g, '*'))

describe('the ants', () => {
  test('go around what is selected, four px of each colour', () => {
    const { rows, used } = draw(around(0, 0, 12, 3), screenAt(1))
    expect(rows.slice(0, 5)).toEqual(['oooo####ooooo', 'o           o', 'o           o', 'oooo####ooooo', ''])
    expect(used).toEqual({ x: 0, y: 0, width: 13, height: 4 })
  })

  test('walk a px a step, and are where they were after eight', () => {
    const runs = around(2, 2, 20, 10)
    const rows = (phase: number) => draw(runs, screenAt(1), phase).rows
    expect(rows(1)).not.toEqual(rows(0))
    expect(rows(1)[2]?.slice(3, 22)).toBe(rows(0)[2]?.slice(2, 21))
    expect(rows(8)).toEqual(rows(0))
  })

  test('are a px wide at every zoom', () => {
    for (const zoom of [0.5, 1, 2.5, 8]) {
      const { rows } = draw(around(4, 4, 8, 8), screenAt(zoom, 4 - 4 * zoom, 4 - 4 * zoom))
      expect(shape(rows)[6]).toMatch(/^ {4}\*( +\*)?$/)
    }
  })

  test('are closed at every zoom, corners too', () => {
    for (const zoom of [0.3, 0.37, 0.5, 1, 1.3, 2]) {
      const rows = shape(draw(around(2, 1, 16, 9), screenAt(zoom, 1, 1)).rows).filter((row) => row !== '')
      expect(rows[0]).toBe(rows.at(-1))
      expect(rows[0]?.trim()).toMatch(/^\*+$/)
      for (const row of rows) expect(row.length).toBe(rows[0]?.length)
    }
  })

  test('show a staircase as a line without gaps when its steps are smaller than a px', () => {
    const steps = Array.from({ length: 200 }, (_, i) => [i, i, i + 1, i, i + 1, i, i + 1, i + 1]).flat()
    const { rows } = draw(Float32Array.from(steps), screenAt(0.1))
    for (let y = 0; y < 20; y++) expect(shape(rows)[y]?.trim()).toMatch(/^\*\*?$/)
  })

  test.each([
    [1, 1],
    [-1, 1],
    [-2, 1],
    [-1, 2],
    [-3, 2],
  ])('change colour along a staircase of steps of %d and %d px', (dx, dy) => {
    const count = Math.floor(22 / Math.max(Math.abs(dx), dy))
    const steps = Array.from({ length: count }, (_, i) => {
      const [x, y] = [(dx < 0 ? 38 : 0) + i * dx, i * dy]
      return { x, y, runs: [x, y, x + dx, y, x + dx, y, x + dx, y + dy] }
    })
    const { rows } = draw(Float32Array.from(steps.flatMap(({ runs }) => runs)), screenAt(1))
    // Px by px, as one walks down.
    const way = steps.flatMap(({ x, y }) => [
      ...Array.from({ length: Math.abs(dx) }, (_, i) => rows[y]![x + Math.sign(dx) * i]),
      ...Array.from({ length: dy }, (_, i) => rows[y + i]![x + dx]),
    ])
    expect(way.length).toBeGreaterThan(20)
    expect(way.join('')).not.toMatch(/o{10}|#{10}/)
  })

  test('are cut at the borders of the screen', () => {
    const { rows, used } = draw(around(0, 0, 100, 100), screenAt(1, -10, -5))
    expect(used).toBeUndefined()
    expect(rows.join('')).toBe('')
    expect(draw(around(0, 0, 100, 100), screenAt(1, 5, 5)).used).toEqual({ x: 5, y: 5, width: 35, height: 19 })
  })

  test('are two device px wide and eight long where a CSS px has two', () => {
    const { rows } = draw(around(0, 0, 20, 10), screenAt(1), 0, 2)
    expect(rows[0]).toBe('oooooooo########oooooo')
    expect(shape(rows).slice(0, 3)).toEqual(['*'.repeat(22), '*'.repeat(22), `**${' '.repeat(18)}**`])
  })
})
