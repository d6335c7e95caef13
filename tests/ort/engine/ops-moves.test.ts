/** Operators that only move numbers about, against values written out here. */
import { describe, expect, test } from 'vitest'
import * as op from '../../../src/engine/onnx/ops.ts'
import { product, symbol } from '../../../src/engine/tensor/shape.ts'
import { compute, counting, entries, integers, numbers } from '../../kit/graph.ts'

const [b, h, w] = [symbol('b'), symbol('h', 2), symbol('w', 2)]

describe('axes', () => {
  test('are put in any order', async () => {
    const { y, there, back } = await compute(
      { x: counting(1, 2, 2, 3) },
      ({ x }) => ({
        y: op.transpose(x, [3, 0, 1, 2]),
        there: op.channelsFirst(x),
        back: op.channelsLast(op.channelsFirst(x)),
      }),
      { x: [b, symbol('h'), symbol('w'), 3] },
    )
    expect(y.shape).toEqual([3, 1, 2, 2])
    expect(entries(y)).toEqual([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11])
    expect(there.shape).toEqual([1, 3, 2, 2])
    expect(entries(back)).toEqual(entries(counting(12)))
  })

  test.each([
    [1, 2, 2],
    [3, 2, 4],
    [2, 6, 2],
  ])('are merged and split without moving a number, for %i x %i x %i', async (n, high, wide) => {
    const x = counting(n, high, wide, 6)
    const results = await compute(
      { x },
      ({ x }) => ({
        heads: op.reshape(x, [b, h, w, 2, 3]),
        merged: op.reshape(x, [product([b, h, w]), 6]),
        rows: op.rows(x),
        back: op.rowsLike(op.rows(x), x),
        blocks: op.splitLast(x, 2),
        longer: op.addLast(x),
        same: op.dropLast(op.addLast(x)),
      }),
      { x: [b, h, w, 6] },
    )
    expect(results.blocks.shape).toEqual([n, high, wide, 3, 2])
    for (const tensor of Object.values(results)) expect(entries(tensor)).toEqual(entries(x))
  })
})

describe('pieces', () => {
  test('are joined along an axis', async () => {
    const feeds = { x: counting(2, 1, 2), y: numbers([10, 20, 30, 40, 50, 60, 70, 80], [2, 2, 2]) }
    const shapes = { x: [b, 1, 2], y: [b, 2, 2] }
    const { middle } = await compute(feeds, ({ x, y }) => ({ middle: op.concat([x, y], 1) }), shapes)
    expect(entries(middle)).toEqual([0, 1, 10, 20, 30, 40, 2, 3, 50, 60, 70, 80])
  })

  test('of unknown length are joined too, and a single one is the whole', async () => {
    const { y } = await compute(
      { a: counting(2, 3, 1), b: counting(2, 1, 1) },
      ({ a, b }) => {
        expect(op.concat([a], 1)).toBe(a)
        return { y: op.concat([a, b, op.slice(a, 1, 0, 2)], 1) }
      },
      { a: [b, 3, 1], b: [b, symbol('m'), 1] },
    )
    expect(entries(y)).toEqual([0, 1, 2, 0, 0, 1, 3, 4, 5, 1, 3, 4])
  })

  test('are cut out along an axis', async () => {
    const { columns, row, first, last } = await compute(
      { x: counting(3, 4) },
      ({ x }) => ({
        columns: op.slice(x, -1, 1, 3),
        row: op.slice(op.transpose(x, [1, 0]), 0, 2, 3),
        first: op.firstOf(x),
        last: op.lastOf(x),
      }),
      { x: [b, 4] },
    )
    expect(entries(columns)).toEqual([1, 2, 5, 6, 9, 10])
    expect(entries(row)).toEqual([2, 6, 10])
    expect(entries(first)).toEqual([0, 1, 2, 3])
    expect(entries(last)).toEqual([8, 9, 10, 11])
  })

  test('of one item are both the first and the last', async () => {
    const { first, last } = await compute(
      { x: counting(1, 2) },
      ({ x }) => ({ first: op.firstOf(x), last: op.lastOf(x) }),
      { x: [b, 2] },
    )
    expect([entries(first), entries(last)]).toEqual([
      [0, 1],
      [0, 1],
    ])
  })

  test('of a split have their own sizes, and a single one is the whole', async () => {
    const { one, two } = await compute({ x: counting(2, 3) }, ({ x }) => {
      expect(op.split(x, 1, [3])).toEqual([x])
      const [one, two] = op.split(x, -1, [1, 2])
      return { one: one ?? x, two: two ?? x }
    })
    expect([entries(one), entries(two)]).toEqual([
      [0, 3],
      [1, 2, 4, 5],
    ])
  })

  test('of a split are right in any number, at most eight of them out of one node', async () => {
    const sizes = Array.from({ length: 70 }, (_, i) => 1 + (i % 3))
    const all = sizes.reduce((a, b) => a + b, 0)
    let most = 0
    const pieces = await compute({ x: counting(1, all) }, ({ x }) => {
      const found = op.split(x, -1, sizes)
      for (const node of x.graph.nodes) if (node.op === 'Split') most = Math.max(most, node.outputs.length)
      return Object.fromEntries(found.map((piece, i) => [`piece ${i}`, piece]))
    })
    expect(sizes.flatMap((_, i) => entries(pieces[`piece ${i}`]!))).toEqual(Array.from({ length: all }, (_, i) => i))
    expect(most).toBe(8)
  })
})

describe('looking up', () => {
  test('whole rows by index, in any shape of indices', async () => {
    const feeds = { table: counting(4, 2), i: integers([3, 0, 1, 3, 2, 0], [1, 2, 3]) }
    const { y } = await compute(feeds, ({ table, i }) => ({ y: op.gatherRows(table, i) }), { i: [b, symbol('h'), 3] })
    expect(y.shape).toEqual([1, 2, 3, 2])
    expect(entries(y)).toEqual([6, 7, 0, 1, 2, 3, 6, 7, 4, 5, 0, 1])
  })

  test('entries of the last axis', async () => {
    const feeds = { x: counting(2, 3), i: integers([2, 0, 1, 1], [2, 2]) }
    const { y } = await compute(feeds, ({ x, i }) => ({ y: op.gatherLast(x, op.cast(i, 'int64')) }))
    expect(entries(y)).toEqual([2, 0, 4, 4])
  })

  test('one row for each cell', async () => {
    const feeds = { x: counting(1, 2, 2, 3, 2), i: integers([0, 2, 1, 0], [1, 2, 2, 1]) }
    const shapes = { x: [1, symbol('h'), symbol('w'), 3, 2], i: [1, symbol('h'), symbol('w'), 1] }
    const { y } = await compute(feeds, ({ x, i }) => ({ y: op.pick(x, op.cast(i, 'int64')) }), shapes)
    expect(entries(y)).toEqual([0, 1, 10, 11, 14, 15, 18, 19])
  })

  test('is refused where the cells differ', async () => {
    const feeds = { x: counting(2, 3, 2), i: integers([0], [1, 1]) }
    const wrong = compute(feeds, ({ x, i }) => ({ y: op.pick(x, op.cast(i, 'int64')) }))
    await expect(wrong).rejects.toThrow('pick from [2, 3, 2] by [1, 1]')
  })
})

describe('repeating and padding', () => {
  test('one item is repeated for every item of another', async () => {
    const feeds = { x: counting(1, 1, 2), like: counting(3, 5) }
    const { y } = await compute(feeds, ({ x, like }) => ({ y: op.repeatFor(x, like) }), { like: [b, 5] })
    expect(entries(y)).toEqual([0, 1, 0, 1, 0, 1])
  })

  test('zeros come in the shape of another', async () => {
    const { zeros } = await compute(
      { x: numbers([5, 6, Number.NaN, 8, 9, 1], [1, 3, 2]) },
      ({ x }) => ({ zeros: op.zerosLike(x) }),
      { x: [b, symbol('s'), 2] },
    )
    expect(zeros.shape).toEqual([1, 3])
    expect(entries(zeros)).toEqual([0, 0, 0])
  })

  test('a map is framed by its edge or by its mirror image, channels apart', async () => {
    const { edge, mirror } = await compute(
      { x: numbers([1, -1, 2, -2, 3, -3, 4, -4], [1, 2, 2, 2]) },
      ({ x }) => ({ edge: op.padEdges(x, 'edge'), mirror: op.padEdges(x, 'reflect') }),
      { x: [b, h, w, 2] },
    )
    const first = (values: number[]) => values.filter((_, i) => i % 2 === 0)
    expect(first(entries(edge))).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
    expect(first(entries(mirror))).toEqual([4, 3, 4, 3, 2, 1, 2, 1, 4, 3, 4, 3, 2, 1, 2, 1])
    expect(entries(mirror).filter((_, i) => i % 2 === 1)).toEqual(first(entries(mirror)).map((x) => -x))
  })
})

describe('resizing', () => {
  test('shrinks as PyTorch does: by two the mean of four, by four the mean of the middle four', async () => {
    const { half, quarter } = await compute(
      { x: counting(1, 1, 4, 4) },
      ({ x }) => {
        expect(op.shrink(x, 1)).toBe(x)
        return { half: op.shrink(x, 2), quarter: op.shrink(x, 4) }
      },
      { x: [b, 1, symbol('h', 4), symbol('w', 4)] },
    )
    expect(entries(half)).toEqual([2.5, 4.5, 10.5, 12.5])
    expect(entries(quarter)).toEqual([7.5])
    const lonely = numbers(
      Array.from({ length: 16 }, (_, i) => (i === 0 ? 1 : 0)),
      [1, 1, 4, 4],
    )
    const { corner } = await compute({ x: lonely }, ({ x }) => ({ corner: op.shrink(x, 4) }))
    expect(entries(corner)).toEqual([0])
  })

  test('repeats every cell', async () => {
    const { y } = await compute({ x: counting(1, 2, 1, 2) }, ({ x }) => ({ y: op.repeatCells(x, 2) }), {
      x: [b, 2, symbol('h'), symbol('w')],
    })
    expect(y.shape).toEqual([1, 2, 2, 4])
    expect(entries(y)).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3])
  })

  test('pixel shuffle moves channel c·n² + dy·n + dx to (dy, dx)', async () => {
    // Channels 0..3 belong to plane 0, 4..7 to plane 1; two cells side by side.
    const { y } = await compute({ x: counting(1, 8, 1, 2) }, ({ x }) => ({ y: op.pixelShuffle(x, 2) }), {
      x: [b, 8, symbol('h'), symbol('w')],
    })
    expect(y.shape).toEqual([1, 2, 2, 4])
    expect(entries(y)).toEqual([0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15])
  })
})
