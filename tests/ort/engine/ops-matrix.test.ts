/**
 * Matrix products and convolutions against plain loops, over several sizes of the unknown sides: compute() holds every
 * result's shape against the formula that was inferred once.
 */
import { describe, expect, test } from 'vitest'
import { depthwise } from '../../../src/engine/nn/layers.ts'
import * as op from '../../../src/engine/onnx/ops.ts'
import { symbol } from '../../../src/engine/tensor/shape.ts'
import type { Value } from '../../../src/engine/onnx/graph.ts'
import type { Tensor } from '../../../src/engine/tensor/tensor.ts'
import { uniforms } from '../../../src/shared/base/philox.ts'
import { compute, counting, entries, numbers, stored } from '../../kit/graph.ts'

let drawn = 0
const random = (...shape: number[]): Tensor => {
  const count = shape.reduce((a, b) => a * b, 1)
  return numbers(
    uniforms(1, { purpose: 0, step: drawn++ }, count).map((u) => 2 * u - 1),
    shape,
  )
}

const at = (tensor: Tensor, ...index: number[]): number => {
  const place = index.reduce((sum, i, axis) => sum * (tensor.shape[axis] ?? 1) + i, 0)
  return Number(tensor.data[place] ?? 0)
}
/** Every index of a shape, the last axis fastest. */
const indices = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>((all, side) => all.flatMap((i) => Array.from({ length: side }, (_, j) => [...i, j])), [[]])

function close(result: Tensor, expected: (index: number[]) => number): void {
  const places = indices(result.shape)
  expect(places.length).toBeGreaterThan(0)
  const worst = Math.max(...places.map((index, i) => Math.abs(Number(result.data[i]) - expected(index))))
  expect(worst).toBeLessThan(1e-5)
}

const sum = (count: number, term: (i: number) => number): number =>
  Array.from({ length: count }, (_, i) => term(i)).reduce((a, b) => a + b, 0)

describe('matrix products', () => {
  test('multiply rows by columns', async () => {
    const feeds = { a: numbers([1, 2, 3, 4, 5, 6], [2, 3]), b: numbers([1, 0, 0, 1, 10, 100], [3, 2]) }
    const { c } = await compute(feeds, ({ a, b }) => ({ c: op.matmul(a, b) }))
    expect(entries(c)).toEqual([31, 302, 64, 605])
  })

  test('go matrix by matrix, or by one matrix for all', async () => {
    const [a, b, w] = [random(2, 3, 4, 5), random(2, 3, 5, 6), random(5, 6)]
    const shapes = { a: [symbol('n'), 3, symbol('m'), 5], b: [symbol('n'), 3, 5, symbol('k')] }
    const { each, one } = await compute(
      { a, b, w },
      ({ a, b, w }) => ({ each: op.matmul(a, b), one: op.matmul(a, w) }),
      shapes,
    )
    close(each, ([n = 0, h = 0, i = 0, j = 0]) => sum(5, (k) => at(a, n, h, i, k) * at(b, n, h, k, j)))
    close(one, ([n = 0, h = 0, i = 0, j = 0]) => sum(5, (k) => at(a, n, h, i, k) * at(w, k, j)))
  })

  test('take a linear layer as PyTorch stores it: a row of the weight for each output', async () => {
    const feeds = { x: numbers([1, 2, 3], [1, 3]), w: numbers([1, 0, 0, 1, 1, 1], [2, 3]), b: numbers([0.5, -1], [2]) }
    const { with: y, without } = await compute(feeds, ({ x, w, b }) => ({
      with: op.gemm(x, w, b),
      without: op.gemm(x, w, null),
    }))
    expect(entries(y)).toEqual([1.5, 5])
    expect(entries(without)).toEqual([1, 6])
  })
})

const sizes: [number, number, number][] = [
  [1, 1, 1],
  [2, 3, 2],
  [1, 2, 5],
]
/** Sides are four times these. */
const shapeOf = (channels: number) => [symbol('b'), channels, symbol('h', 4), symbol('w', 4)]

/** Entry of a map [B, C, H, W] that is zero outside of it. */
const padded = (x: Tensor, b: number, c: number, y: number, z: number): number =>
  y < 0 || z < 0 || y >= (x.shape[2] ?? 0) || z >= (x.shape[3] ?? 0) ? 0 : at(x, b, c, y, z)

describe('convolutions', () => {
  test('slide their kernel over the map', async () => {
    const feeds = { x: counting(1, 1, 3, 3), w: numbers([1, 2, 3, 4], [1, 1, 2, 2]), b: numbers([100], [1]) }
    const { y } = await compute(feeds, ({ x, w, b }) => ({ y: op.conv(x, w, b) }))
    // 0·1 + 1·2 + 3·3 + 4·4 = 27, and each cell to the right adds 10, each below 30.
    expect(entries(y)).toEqual([127, 137, 157, 167])
  })

  const kinds = [
    { kernel: 1, stride: 1, pad: 0 },
    { kernel: 3, stride: 1, pad: 1 },
    { kernel: 3, stride: 1, pad: 0 },
    { kernel: 2, stride: 2, pad: 0 },
    { kernel: 4, stride: 2, pad: 1 },
    { kernel: 4, stride: 4, pad: 0 },
    { kernel: 3, stride: 2, pad: 0 },
  ]
  test.each(kinds)(
    'of $kernel, stride $stride, pad $pad have the numbers and sides expected, at any size',
    async (kind) => {
      const { kernel, stride, pad } = kind
      const [w, bias] = [random(3, 2, kernel, kernel), random(3)]
      for (const [n, h, v] of sizes) {
        const x = random(n, 2, 4 * h, 4 * v)
        const { y } = await compute({ x, w, bias }, ({ x, w, bias }) => ({ y: op.conv(x, w, bias, kind) }), {
          x: shapeOf(2),
        })
        close(y, ([b = 0, o = 0, i = 0, j = 0]) => {
          const row = (c: number, dy: number): number =>
            sum(kernel, (dx) => at(w, o, c, dy, dx) * padded(x, b, c, i * stride - pad + dy, j * stride - pad + dx))
          return at(bias, o) + sum(2, (c) => sum(kernel, (dy) => row(c, dy)))
        })
      }
    },
  )

  test('may be padded below and on the right alone', async () => {
    const w = random(1, 1, 3, 3)
    for (const [n, h, v] of sizes) {
      const x = random(n, 1, 4 * h, 4 * v)
      const build = ({ x, w }: { x: Value; w: Value }) => ({ y: op.conv(x, w, null, { stride: 2, pad: [0, 1] }) })
      const { y } = await compute({ x, w }, build, { x: shapeOf(1) })
      expect(y.shape).toEqual([n, 1, 2 * h, 2 * v])
      close(y, ([b = 0, , i = 0, j = 0]) =>
        sum(3, (dy) => sum(3, (dx) => at(w, 0, 0, dy, dx) * padded(x, b, 0, 2 * i + dy, 2 * j + dx))),
      )
    }
  })

  test('in groups look only at the channels of their group', async () => {
    const [x, w] = [random(2, 4, 4, 8), random(6, 2, 3, 3)]
    const { y } = await compute({ x, w }, ({ x, w }) => ({ y: op.conv(x, w, null, { groups: 2, pad: 1 }) }), {
      x: shapeOf(4),
    })
    close(y, ([b = 0, o = 0, i = 0, j = 0]) => {
      const first = o < 3 ? 0 : 2
      const row = (c: number, dy: number): number =>
        sum(3, (dx) => at(w, o, c, dy, dx) * padded(x, b, first + c, i - 1 + dy, j - 1 + dx))
      return sum(2, (c) => sum(3, (dy) => row(c, dy)))
    })
  })

  const transposed = [
    { kernel: 4, stride: 2, pad: 1 },
    { kernel: 2, stride: 2, pad: 0 },
    { kernel: 3, stride: 1, pad: 1 },
  ]
  test.each(transposed)('transposed, of $kernel, stride $stride, pad $pad, grow sides by the stride', async (kind) => {
    const { kernel, stride, pad } = kind
    const [w, bias] = [random(2, 3, kernel, kernel), random(3)]
    for (const [n, h, v] of sizes) {
      const x = random(n, 2, 4 * h, 4 * v)
      const build = { x: shapeOf(2) }
      const { y } = await compute(
        { x, w, bias },
        ({ x, w, bias }) => ({ y: op.convTranspose(x, w, bias, kind) }),
        build,
      )
      // Input cell (r, s) reaches output cells r·stride - pad + dy: gathered here from the output's side.
      const cell = (value: number, d: number): number => (value + pad - d) / stride
      close(y, ([b = 0, o = 0, i = 0, j = 0]) => {
        const term = (c: number, dy: number, dx: number): number => {
          const [r, s] = [cell(i, dy), cell(j, dx)]
          return Number.isInteger(r) && Number.isInteger(s) ? at(w, c, o, dy, dx) * padded(x, b, c, r, s) : 0
        }
        return at(bias, o) + sum(2, (c) => sum(kernel, (dy) => sum(kernel, (dx) => term(c, dy, dx))))
      })
    }
  })

  test.each(['reflect', 'edge'] as const)(
    'depthwise look at their own channel, the map padded by its %s',
    async (mode) => {
      const [w, bias] = [random(3, 1, 3, 3), random(3)]
      const weights = new Map([
        ['d.weight', { tensor: stored(entries(w), w.shape) }],
        ['d.bias', { tensor: stored(entries(bias), bias.shape) }],
      ])
      const turned = (i: number, side: number): number =>
        mode === 'edge' ? Math.min(Math.max(i, 0), side - 1) : i < 0 ? -i : i >= side ? 2 * side - 2 - i : i
      for (const [n, h, v] of sizes) {
        const [high, wide] = [4 * h, 4 * v]
        const x = random(n, high, wide, 3)
        const shapes = { x: [symbol('b'), symbol('h', 4), symbol('w', 4), 3] }
        const { y } = await compute({ x }, ({ x }) => ({ y: depthwise(x, 'd', mode) }), shapes, { weights })
        close(y, ([b = 0, i = 0, j = 0, c = 0]) => {
          const term = (dy: number, dx: number): number =>
            at(w, c, 0, dy, dx) * at(x, b, turned(i + dy - 1, high), turned(j + dx - 1, wide), c)
          return at(bias, c) + sum(3, (dy) => sum(3, (dx) => term(dy, dx)))
        })
      }
    },
  )
})
