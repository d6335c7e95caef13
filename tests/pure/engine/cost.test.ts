/** Floating-point operations of a run, counted by hand: two for each multiplication and addition. */
import { expect, test } from 'vitest'
import { attention } from '../../../src/engine/nn/attention.ts'
import { conv2d, depthwise, linear, upsample } from '../../../src/engine/nn/layers.ts'
import { countOperations } from '../../../src/engine/onnx/cost.ts'
import { Graph, type Value } from '../../../src/engine/onnx/graph.ts'
import * as op from '../../../src/engine/onnx/ops.ts'
import { type Shape, symbol } from '../../../src/engine/tensor/shape.ts'

function cost(shape: Shape, build: (x: Value) => unknown, sizes: Readonly<Record<string, number>> = {}, int8 = false) {
  const graph = new Graph({ keepInt8: () => int8 })
  build(graph.input('x', 'float32', shape))
  return countOperations(graph, sizes)
}

test('a matrix product costs two operations for every row, inner side and column', () => {
  expect(cost([5, 3], (x) => op.matmul(x, x.graph.weight('w', [3, 4])))).toBe(2 * 5 * 3 * 4)
  expect(cost([7, 5, 3], (x) => op.matmul(x, x.graph.weight('w', [3, 4])))).toBe(2 * 7 * 5 * 3 * 4)
})

test('a linear layer costs the same in 8 bits', () => {
  const shape = [2, symbol('h', 4), symbol('w'), 3]
  const expected = 2 * (2 * 20 * 7) * 3 * 10
  expect(cost(shape, (x) => linear(x, 'f', 10), { h: 5, w: 7 })).toBe(expected)
  expect(cost(shape, (x) => linear(x, 'f', 10), { h: 5, w: 7 }, true)).toBe(expected)
})

test('a convolution costs its kernel and the channels of one group for every output', () => {
  expect(cost([1, 8, 6, 5], (x) => conv2d(x, 'c', 7, 3, { pad: 1 }))).toBe(2 * (8 * 6 * 7) * (5 * 9))
  expect(cost([1, 8, 6, 5], (x) => conv2d(x, 'c', 7, 4, { stride: 2, pad: 1 }))).toBe(2 * (4 * 3 * 7) * (5 * 16))
  expect(cost([1, 8, 6, 5], (x) => depthwise(x, 'd', 'edge'))).toBe(2 * (8 * 6 * 5) * 9)
})

test('a transposed convolution costs its kernel and the outputs for every input', () => {
  expect(cost([1, 8, 6, 5], (x) => upsample(x, 'u', 7))).toBe(2 * (8 * 6 * 5) * (7 * 16))
})

test('attention costs its two projections, the scores and the mixing', () => {
  const [n, c] = [10, 12]
  const projections = 2 * n * c * 3 * c + 2 * n * c * c
  expect(cost([1, n, c], (x) => attention(x, 'a', 3))).toBe(projections + 2 * (2 * n * n * c))
})

test('what is done number by number counts for nothing', () => {
  expect(cost([5, 5], (x) => op.softmax(op.gelu(op.mul(op.add(x, x), 3))))).toBe(0)
})

test('an unknown side needs its size', () => {
  expect(() => cost([symbol('n'), 3], (x) => linear(x, 'f', 4), { h: 1 })).toThrow('no size for the unknown n')
})
