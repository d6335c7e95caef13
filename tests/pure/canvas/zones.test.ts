/** Which borders of cells are drawn, and where blending reaches. */
import { describe, expect, test } from 'vitest'
import { segmentsOf } from '../../../src/renderer/src/canvas/cell-marks.ts'
import { shrunk } from '../../../src/renderer/src/canvas/zones.ts'

/** '#' = meant. */
function grid(...lines: readonly string[]) {
  const cells = Uint8Array.from(lines.join(''), (sign) => (sign === '#' ? 255 : 0))
  return { columns: lines[0]?.length ?? 0, rows: lines.length, cells }
}

const segments = (cells: ReturnType<typeof grid>, isDrawn = isBorder) =>
  [...(segmentsOf(cells, isDrawn) ?? [])].reduce<number[][]>(
    (all, value, i) => (i % 4 === 0 ? [...all, [value]] : [...all.slice(0, -1), [...(all.at(-1) ?? []), value]]),
    [],
  )
const isBorder = (near: boolean, far: boolean): boolean => near !== far

describe('the line around cells', () => {
  test('goes around them once, in as few pieces as it has corners', () => {
    expect(segments(grid('....', '.##.', '.##.', '....'))).toEqual([
      [1, 1, 3, 1],
      [1, 3, 3, 3],
      [1, 1, 1, 3],
      [3, 1, 3, 3],
    ])
  })

  test('goes along the border of the grid, too', () => {
    expect(segments(grid('#'))).toHaveLength(4)
  })

  test('goes around a hole', () => {
    expect(segments(grid('###', '#.#', '###'))).toHaveLength(8)
  })

  test('is none where it would have more pieces than are worth drawing', () => {
    const sprinkle = grid('#.#.#', '.#.#.')
    expect(segmentsOf(sprinkle, isBorder, undefined, 10)).toBeNull()
    expect(segmentsOf(sprinkle, isBorder, undefined, 20)).not.toBeNull()
  })

  test('is nowhere where nothing is meant', () => {
    expect(segments(grid('..', '..'))).toEqual([])
  })
})

describe('the lines between cells', () => {
  test('are those of cells that are meant', () => {
    const all = segments(grid('##.'), (near, far) => near || far)
    expect(all).toEqual([
      [0, 0, 2, 0],
      [0, 1, 2, 1],
      [0, 0, 0, 1],
      [1, 0, 1, 1],
      [2, 0, 2, 1],
    ])
  })

  test('are looked for in view alone', () => {
    const view = { left: 1, right: 2, top: 0, bottom: 1 }
    const some = segmentsOf(grid('####', '####'), (near, far) => near || far, view)
    expect([...(some ?? [])]).toEqual([1, 0, 2, 0, 1, 1, 2, 1, 1, 0, 1, 1, 2, 0, 2, 1])
  })
})

describe('cells that are new to the full', () => {
  const shown = (lines: readonly string[], reach: number) => {
    const cells = grid(...lines)
    const inner = shrunk(cells, reach)
    return lines.map((_, row) =>
      [...inner.subarray(row * cells.columns, (row + 1) * cells.columns)]
        .map((cell) => (cell > 0 ? '#' : '.'))
        .join(''),
    )
  }

  test('lie as far inside of the edge as blending reaches', () => {
    expect(shown(['.......', '.#####.', '.#####.', '.#####.', '.#####.', '.#####.', '.......'], 1)).toEqual([
      '.......',
      '.......',
      '..###..',
      '..###..',
      '..###..',
      '.......',
      '.......',
    ])
    expect(shown(['.#######.'], 3)).toEqual(['....#....'])
  })

  test('reach up to the border of the grid, where there is nothing to blend with', () => {
    expect(shown(['..####', '..####'], 2)).toEqual(['....##', '....##'])
  })

  test('are none in a thin mask', () => {
    expect(shown(['.##.'], 1)).toEqual(['....'])
  })
})
