/** Shapes with unknown sides: what is equal, what divides, and what an operator is told. */
import { describe, expect, test } from 'vitest'
import { Graph } from '../../../src/engine/onnx/graph.ts'
import * as op from '../../../src/engine/onnx/ops.ts'
import {
  broadcast,
  convolved,
  divide,
  formatDim,
  formatShape,
  grow,
  known,
  multiply,
  product,
  type Shape,
  sameDim,
  sameShape,
  sizeOf,
  sum,
  symbol,
} from '../../../src/engine/tensor/shape.ts'

const h = symbol('h', 4)
const w = symbol('w', 4)

describe('a dimension', () => {
  test('is a number times unknowns, in any order of them', () => {
    expect(formatDim(product([2, h, 3, w]))).toBe('96*h*w')
    expect(sameDim(product([h, w]), product([w, h]))).toBe(true)
    expect(sameDim(product([h, h]), product([h, w]))).toBe(false)
    expect(product([2, 3, 4])).toBe(24)
    expect(product([])).toBe(1)
    expect(formatDim(symbol('n'))).toBe('n')
  })

  test('of things joined is a number, or an unknown of its own', () => {
    expect(sum([2, 3, 4])).toBe(9)
    const joined = sum([h, w, 4])
    expect(formatDim(joined)).toBe('(4*h+4*w+4)')
    expect(formatDim(product([joined, 3]))).toBe('3*(4*h+4*w+4)')
    expect(sameDim(joined, sum([w, h, 4]))).toBe(false)
  })

  test('is not changed by the products made of it', () => {
    const sides = [symbol('w'), symbol('h')]
    product(sides)
    multiply(sides[0] ?? 0, 8)
    expect(formatShape(sides)).toBe('[w, h]')
  })

  test('has a size where all its unknowns have one', () => {
    expect(sizeOf(grow(product([h, symbol('n'), 3]), 2), { h: 2, n: 5 })).toBe(4 * 2 * 5 * 3 + 2)
    expect(sizeOf(7, {})).toBe(7)
    expect(sizeOf(h, { w: 1 })).toBeUndefined()
    expect(sizeOf(sum([h, 1]), { h: 1 })).toBeUndefined()
  })

  test('divides where the known factor does', () => {
    expect(divide(12, 3)).toBe(4)
    expect(formatDim(divide(h, 4))).toBe('h')
    expect(formatDim(divide(product([h, w]), 8))).toBe('2*h*w')
  })

  test('refuses a division that would lose a cell', () => {
    expect(() => divide(10, 4)).toThrow('10 does not divide by 4')
    expect(() => divide(h, 8)).toThrow('4*h does not divide by 8')
    expect(() => divide(grow(h, 2), 2)).toThrow('4*h+2 does not divide by 2')
  })

  test('may be padded, and shrunk by as much again', () => {
    expect(formatDim(grow(h, 2))).toBe('4*h+2')
    expect(formatDim(grow(h, -1))).toBe('4*h-1')
    expect(sameDim(grow(grow(h, 2), -2), h)).toBe(true)
    expect(() => product([grow(h, 2), w])).toThrow('no product with a padded side 4*h+2')
  })

  test('must be a number where one is needed', () => {
    expect(known(7)).toBe(7)
    expect(() => known(h)).toThrow('a known dimension was needed, not 4*h')
    expect(() => known(undefined)).toThrow('not none')
  })
})

describe('the side that a convolution gives', () => {
  test.each([
    [8, 3, 1, 1, 8],
    [8, 3, 1, 0, 6],
    [8, 4, 2, 1, 4],
    [9, 4, 2, 1, 4],
    [224, 32, 32, 0, 7],
  ])('of %i cells by kernel %i, stride %i, pad %i is %i', (cells, kernel, stride, pad, result) => {
    expect(convolved(cells, kernel, stride, pad)).toBe(result)
  })

  test('of an unknown side is a formula that agrees with the numbers', () => {
    expect(formatDim(convolved(h, 4, 2, 1))).toBe('2*h')
    expect(formatDim(convolved(h, 3, 1, 1))).toBe('4*h')
    expect(formatDim(convolved(h, 3, 1, 0))).toBe('4*h-2')
    expect(formatDim(convolved(grow(h, 2), 3, 1, 0))).toBe('4*h')
    expect(formatDim(convolved(h, 2, 2, 0))).toBe('2*h')
    expect(formatDim(convolved(h, 3, 2, 0))).toBe('2*h-1')
  })

  test('is refused where the stride does not divide the known factor', () => {
    expect(() => convolved(symbol('h'), 4, 2, 1)).toThrow('h does not divide by the stride 2')
  })
})

describe('broadcasting', () => {
  const cases: [Shape, Shape, string][] = [
    [[2, 3], [3], '[2, 3]'],
    [[2, 1], [1, 3], '[2, 3]'],
    [[], [4], '[4]'],
    [[symbol('n'), h, w, 8], [8], '[n, 4*h, 4*w, 8]'],
    [[symbol('n'), 1, 1, 8], [symbol('n'), h, w, 8], '[n, 4*h, 4*w, 8]'],
  ]
  test.each(cases)('of %j and %j is %s, either way around', (a, b, result) => {
    expect(formatShape(broadcast(a, b))).toBe(result)
    expect(formatShape(broadcast(b, a))).toBe(result)
  })

  test('refuses sides that differ, unknown ones too', () => {
    expect(() => broadcast([2, 3], [2])).toThrow('[2, 3] and [2] do not broadcast')
    expect(() => broadcast([h], [w])).toThrow('do not broadcast')
    expect(() => broadcast([h], [symbol('h', 2)])).toThrow('do not broadcast')
    expect(() => broadcast([h], [4])).toThrow('do not broadcast')
  })

  test('is not what makes shapes the same', () => {
    expect(sameShape([1, 3], [2, 3])).toBe(false)
    expect(sameShape([3], [1, 3])).toBe(false)
    expect(sameShape([h, 3], [symbol('h', 4), 3])).toBe(true)
  })
})

describe('reshape', () => {
  const n = symbol('n')
  /** What the file says about the new shape: 0 = as before, -1 = whatever is left. */
  function target(from: Shape, to: Shape): number[] {
    const graph = new Graph()
    expect(op.reshape(graph.input('x', 'float32', from), to).shape).toEqual(to)
    return [...graph.constants.values()].flatMap(({ data }) => [...data])
  }

  test('keeps unknown sides at their place and infers one that moved', () => {
    expect(target([n, 6], [n, 2, 3])).toEqual([0, 2, 3])
    expect(target([n, h, w, 6], [n, h, w, 3, 2])).toEqual([0, 0, 0, 3, 2])
    expect(target([n, h, w, 6], [product([n, h, w]), 6])).toEqual([-1, 6])
    expect(target([n, h, 6], [n, symbol('h'), 24])).toEqual([0, -1, 24])
    expect(target([n], [n, 1, 1])).toEqual([0, 1, 1])
    expect(target([1, n], [n])).toEqual([-1])
  })

  test('asks the host where two unknown sides moved', () => {
    expect(target([product([h, w]), 3], [h, w, 3])).toEqual([])
    const graph = new Graph()
    op.reshape(graph.input('x', 'float32', [1, h, w]), [h, w])
    expect(graph.hostInputs.map(({ value }) => [value.name, value.shape])).toEqual([['sides.[4*h, 4*w]', [2]]])
  })

  test('to the shape that there is does nothing', () => {
    const x = new Graph().input('x', 'float32', [n, 6])
    expect(op.reshape(x, [symbol('n'), 6])).toBe(x)
  })

  test('refuses to gain or lose elements', () => {
    expect(() => target([n, 6], [n, 5])).toThrow('reshape of [n, 6] to [n, 5]')
    expect(() => target([n, h], [n, w])).toThrow('reshape of')
  })
})
