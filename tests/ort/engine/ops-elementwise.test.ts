/** Operators that work number by number, and those over one axis, against values worked out here. */
import { describe, expect, test } from 'vitest'
import type { Value } from '../../../src/engine/onnx/graph.ts'
import * as op from '../../../src/engine/onnx/ops.ts'
import { symbol } from '../../../src/engine/tensor/shape.ts'
import { compute, entries, integers, numbers } from '../../kit/graph.ts'

const close = (values: readonly number[], expected: readonly number[], digits = 6): void => {
  expect(values).toHaveLength(expected.length)
  expected.forEach((x, i) => expect(values[i]).toBeCloseTo(x, digits))
}

describe('two operands', () => {
  const a = numbers([1, -2, 3, 4], [2, 2])
  const b = numbers([2, 0.5], [2])

  test('are combined entry by entry, the smaller one spread', async () => {
    const results = await compute({ a, b }, ({ a, b }) => ({
      add: op.add(a, b),
      sub: op.sub(a, b),
      mul: op.mul(a, b),
      div: op.div(a, b),
      max: op.max(a, b),
      min: op.min(a, b),
      less: op.less(a, b),
      lessOrEqual: op.lessOrEqual(a, b),
      greater: op.greater(a, b),
    }))
    expect(Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, entries(tensor)]))).toEqual({
      add: [3, -1.5, 5, 4.5],
      sub: [-1, -2.5, 1, 3.5],
      mul: [2, -1, 6, 2],
      div: [0.5, -4, 1.5, 8],
      max: [2, 0.5, 3, 4],
      min: [1, -2, 2, 0.5],
      less: [1, 1, 0, 0],
      lessOrEqual: [1, 1, 0, 0],
      greater: [0, 0, 1, 1],
    })
  })

  test('may be a number on either side, of the type of the other', async () => {
    const i = integers([5, 7], [2])
    const { left, right, whole } = await compute({ b, i }, ({ b, i }) => ({
      left: op.sub(1, b),
      right: op.div(b, 4),
      whole: op.mul(i, 3),
    }))
    expect([entries(left), entries(right), entries(whole)]).toEqual([
      [-1, 0.5],
      [0.5, 0.125],
      [15, 21],
    ])
    expect(whole.dtype).toBe('int32')
  })

  test('are told apart where they are equal', async () => {
    const { less, lessOrEqual, greater } = await compute({ b }, ({ b }) => ({
      less: op.less(b, 2),
      lessOrEqual: op.lessOrEqual(b, 2),
      greater: op.greater(b, 2),
    }))
    expect([entries(less), entries(lessOrEqual), entries(greater)]).toEqual([
      [0, 1],
      [1, 1],
      [0, 0],
    ])
  })

  test('spread against each other over unknown sides', async () => {
    const row = numbers([10, 20, 30], [1, 3])
    const column = numbers([1, 2], [2, 1])
    const shapes = { row: [1, symbol('w')], column: [symbol('h'), 1] }
    const { sum } = await compute({ row, column }, ({ row, column }) => ({ sum: op.add(row, column) }), shapes)
    expect(entries(sum)).toEqual([11, 21, 31, 12, 22, 32])
  })
})

describe('one operand', () => {
  const x = numbers([0.25, 1, 2.25], [3])
  /** erf of x / sqrt 2, to 7 digits, at 0.25, 1 and 2.25. */
  const erf = [0.1974126514, 0.6826894921, 0.9755510546]
  const cases: [string, (x: Value) => Value, (x: number, i: number) => number][] = [
    ['exp', op.exp, Math.exp],
    ['log', op.log, Math.log],
    ['abs', (x) => op.abs(op.sub(x, 1)), (x) => Math.abs(x - 1)],
    ['neg', op.neg, (x) => -x],
    ['sqrt', op.sqrt, Math.sqrt],
    ['sigmoid', op.sigmoid, (x) => 1 / (1 + Math.exp(-x))],
    ['silu', op.silu, (x) => x / (1 + Math.exp(-x))],
    ['gelu', op.gelu, (x, i) => (x * (1 + (erf[i] ?? 0))) / 2],
  ]
  test.each(cases)('%s is what it says', async (_, build, expected) => {
    const { y } = await compute({ x }, ({ x }) => ({ y: build(x) }))
    close(entries(y), [0.25, 1, 2.25].map(expected))
  })

  test('gelu is the exact one, not its approximation by tanh', async () => {
    const build = ({ x }: { x: Value }) => ({ y: op.gelu(x), tanh: op.geluTanh(x) })
    const { y, tanh } = await compute({ x: numbers([-2], [1]) }, build)
    // -2 Φ(-2) = -0.0455003; the approximation gives -0.0454023.
    close(entries(y), [-0.0455003], 6)
    close(entries(tanh), [-0.0454023], 6)
  })

  test('cast truncates floats, and is nothing for the same type', async () => {
    const feeds = { x: numbers([-1.7, 0.5, 2.9], [3]) }
    const { whole, flags } = await compute(feeds, ({ x }) => {
      expect(op.cast(x, 'float32')).toBe(x)
      return { whole: op.cast(x, 'int64'), flags: op.cast(op.greater(x, 0), 'float32') }
    })
    expect(entries(whole)).toEqual([-1, 0, 2])
    expect(entries(flags)).toEqual([0, 1, 1])
  })

  test('where takes the first where its condition holds', async () => {
    const { both, filled } = await compute({ x }, ({ x }) => ({
      both: op.where(op.greater(x, 0.5), x, op.neg(x)),
      filled: op.where(op.less(x, 2), x, -1e30),
    }))
    expect(entries(both)).toEqual([-0.25, 1, 2.25])
    close(entries(filled).map(Math.sign), [1, 1, -1])
  })
})

describe('over one axis', () => {
  const x = numbers([1, 2, 4, 8, 16, 32], [2, 3])

  test('sums, means, maxima and lengths keep the axis or drop it', async () => {
    const results = await compute({ x }, ({ x }) => ({
      rows: op.reduceSum(x, -1),
      dropped: op.reduceSum(x, 1, false),
      columns: op.reduceMax(x, 0),
      droppedMax: op.reduceMax(x, -1, false),
      mean: op.reduceMean(x, -1),
      length: op.reduceL2(x, 0, false),
    }))
    expect(results.rows.shape).toEqual([2, 1])
    expect(results.dropped.shape).toEqual([2])
    expect(entries(results.rows)).toEqual([7, 56])
    expect(entries(results.dropped)).toEqual([7, 56])
    expect(entries(results.columns)).toEqual([8, 16, 32])
    expect(entries(results.droppedMax)).toEqual([4, 32])
    close(entries(results.mean), [7 / 3, 56 / 3], 5)
    close(entries(results.length), [Math.sqrt(65), Math.sqrt(260), Math.sqrt(1040)], 5)
  })

  test('softmax shares out 1, and its logarithm agrees', async () => {
    const logits = numbers([Math.log(1), Math.log(3), Math.log(4), 1000, 1000, 1000], [2, 3])
    const { p, logP, down } = await compute({ logits }, ({ logits }) => ({
      p: op.softmax(logits),
      logP: op.logSoftmax(logits),
      down: op.softmax(op.mul(logits, 0), 0),
    }))
    close(entries(p), [1 / 8, 3 / 8, 1 / 2, 1 / 3, 1 / 3, 1 / 3])
    close(entries(logP), [1 / 8, 3 / 8, 1 / 2, 1 / 3, 1 / 3, 1 / 3].map(Math.log))
    close(entries(down), Array<number>(6).fill(1 / 2))
  })

  test('layer norm brings every row to mean 0 and variance 1, then to its weight and bias', async () => {
    const feeds = {
      x: numbers([1, 3, 5, 7, 2, 2, 2, 2], [2, 4]),
      w: numbers([1, 2, 1, 1], [4]),
      b: numbers([0, 0, 0, 9], [4]),
    } // prettier-ignore
    const { y } = await compute(feeds, ({ x, w, b }) => ({ y: op.layerNorm(x, w, b, 1e-6) }))
    const unit = 1 / Math.sqrt(5 + 1e-6)
    close(entries(y), [-3 * unit, -2 * unit, unit, 3 * unit + 9, 0, 0, 0, 9], 5)
    // The variance of 5, 7, 9, 11 times 1e-3 is 5e-6: here epsilon counts.
    const small = { ...feeds, x: numbers([0.001, 0.003, 0.005, 0.007, 0, 0, 0, 0], [2, 4]) }
    const { z } = await compute(small, ({ x, w, b }) => ({ z: op.layerNorm(x, w, b, 1e-5) }))
    close(entries(z).slice(0, 2), [-0.003 / Math.sqrt(1.5e-5), -0.002 / Math.sqrt(1.5e-5)], 4)
  })

  test('RMS norm brings every row to a mean square of 1, wherever its mean is', async () => {
    const feeds = { x: numbers([1, 1, 5, 3, 0.001, 0.001, 0.001, 0.001], [2, 4]), w: numbers([1, 2, 1, 0], [4]) }
    const { y } = await compute(feeds, ({ x, w }) => ({ y: op.rmsNorm(x, w, 1e-6) }), { x: [symbol('n'), 4] })
    // Mean squares 9 and, where epsilon counts as much, 1e-6.
    close(entries(y), [1 / 3, 2 / 3, 5 / 3, 0, Math.SQRT1_2, Math.SQRT2, Math.SQRT1_2, 0], 5)
  })

  test('instance norm brings every channel of every picture to mean 0 and variance 1', async () => {
    const feeds = { x: numbers([1, 3, 5, 7, 2, 2, 2, 2, 10, 30, 50, 70, 0, 0, 2, 2], [2, 2, 2, 2]) }
    const shape = [symbol('n'), 2, symbol('h'), symbol('w')]
    const { y } = await compute(feeds, ({ x }) => ({ y: op.instanceNorm(x, 1e-6) }), { x: shape })
    const row = [-3, -1, 1, 3].map((value) => value / Math.sqrt(5))
    close(entries(y), [...row, 0, 0, 0, 0, ...row, -1, -1, 1, 1], 5)
  })

  test('the place of the largest is the first of equals', async () => {
    const { wide, narrow } = await compute({ x: numbers([3, 9, 9, 1, 0, 1], [2, 3]) }, ({ x }) => {
      const wide = op.argMax(x)
      return { wide, narrow: op.narrow(wide, 3) }
    })
    expect([wide.dtype, wide.shape, entries(wide)]).toEqual(['int64', [2, 1], [1, 0]])
    expect([narrow.dtype, narrow.shape, entries(narrow)]).toEqual(['int32', [2, 1], [1, 0]])
  })

  test('cumulative sums include their own entry', async () => {
    const { across, down } = await compute({ x }, ({ x }) => ({ across: op.cumSum(x, -1), down: op.cumSum(x, 0) }))
    expect(entries(across)).toEqual([1, 3, 7, 8, 24, 56])
    expect(entries(down)).toEqual([1, 2, 4, 9, 18, 36])
  })

  test('the smallest come in ascending order with their places', async () => {
    const { values, indices } = await compute({ x: numbers([5, 1, 3, 2, 2, 9, 0, 8], [2, 4]) }, ({ x }) =>
      op.smallest(x, 3),
    )
    expect(entries(values)).toEqual([1, 2, 3, 0, 2, 8])
    expect(entries(indices)).toEqual([1, 3, 2, 2, 0, 3])
  })
})
