/** Layers against plain loops: attention over more than itself, grouped looks at neighbours, patches, the time. */
import { describe, expect, test } from 'vitest'
import type { StoredWeight } from '../../../src/engine/checkpoint/stored-tensor.ts'
import { attentionMemory, attentionOver } from '../../../src/engine/nn/attention.ts'
import { grouped, patches, plainNorm } from '../../../src/engine/nn/layers.ts'
import { timeEmbedding } from '../../../src/engine/nn/time-embedding.ts'
import { symbol } from '../../../src/engine/tensor/shape.ts'
import type { Tensor } from '../../../src/engine/tensor/tensor.ts'
import { uniforms } from '../../../src/shared/base/philox.ts'
import { compute, entries, numbers, stored } from '../../kit/graph.ts'

let drawn = 0
const random = (...shape: number[]): Tensor => {
  const count = shape.reduce((a, b) => a * b, 1)
  return numbers(
    uniforms(2, { purpose: 0, step: drawn++ }, count).map((u) => 2 * u - 1),
    shape,
  )
}
const weightsOf = (tensors: Readonly<Record<string, Tensor>>): ReadonlyMap<string, StoredWeight> =>
  new Map(Object.entries(tensors).map(([key, tensor]) => [key, { tensor: stored(entries(tensor), tensor.shape) }]))
const closeTo = (result: Tensor, expected: readonly number[]): void => {
  expect(entries(result)).toHaveLength(expected.length)
  expected.forEach((value, i) => expect(entries(result)[i]).toBeCloseTo(value, 5))
}
type Rows = number[][]
const rowsOf = (tensor: Tensor, width: number): Rows =>
  Array.from({ length: entries(tensor).length / width }, (_, i) => entries(tensor).slice(i * width, (i + 1) * width))
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)

describe('attention over a memory', () => {
  const [channels, heads] = [6, 2]
  const weights = {
    'a.in_proj_weight': random(3 * channels, channels),
    'a.in_proj_bias': random(3 * channels),
    'a.out_proj.weight': random(channels, channels),
    'a.out_proj.bias': random(channels),
  }

  /** nn.MultiheadAttention of one item by loops: queries of `x`, keys and values of `seen`. */
  function expected(x: Rows, seen: Rows): number[] {
    const [weight, bias] = [rowsOf(weights['a.in_proj_weight'], channels), entries(weights['a.in_proj_bias'])]
    const project = (rows: Rows, part: number): Rows =>
      rows.map((row) =>
        Array.from({ length: channels }, (_, c) => {
          const o = part * channels + c
          return dot(row, weight[o] ?? []) + (bias[o] ?? 0)
        }),
      )
    const [q, k, v] = [project(x, 0), project(seen, 1), project(seen, 2)] as [Rows, Rows, Rows]
    const size = channels / heads
    const mixed = q.map((query) =>
      Array.from({ length: heads }, (_, head) => {
        const part = (row: readonly number[]): number[] => row.slice(head * size, (head + 1) * size)
        const scores = k.map((key) => Math.exp(dot(part(query), part(key)) / Math.sqrt(size)))
        const total = scores.reduce((a, b) => a + b, 0)
        return Array.from(
          { length: size },
          (_, c) =>
            dot(
              scores,
              v.map((row) => part(row)[c] ?? 0),
            ) / total,
        )
      }).flat(),
    )
    const [out, outBias] = [rowsOf(weights['a.out_proj.weight'], channels), entries(weights['a.out_proj.bias'])]
    return mixed.flatMap((row) => out.map((line, o) => dot(row, line) + (outBias[o] ?? 0)))
  }

  const attend = async (x: Tensor, memory: Tensor, mask: Tensor, self: boolean): Promise<Tensor> => {
    const shapes = { x: [symbol('b'), symbol('n'), channels], memory: [symbol('b'), symbol('m'), channels] }
    const { y } = await compute(
      { x, memory, mask },
      ({ x, memory, mask }) => ({ y: attentionOver(x, 'a', heads, attentionMemory(memory, 'a'), { self, mask }) }),
      { ...shapes, mask: [symbol('b'), 1, 1, symbol(self ? '(n+m)' : 'm')] },
      { weights: weightsOf(weights) },
    )
    return y
  }

  test.each([
    [1, 4, 3],
    [2, 1, 5],
  ])('and itself is what one sequence after the other gives, %i x (%i + %i)', async (batch, n, m) => {
    const [x, memory] = [random(batch, n, channels), random(batch, m, channels)]
    const y = await attend(x, memory, numbers(Array(batch * (n + m)).fill(0), [batch, 1, 1, n + m]), true)
    const [own, other] = [rowsOf(x, channels), rowsOf(memory, channels)]
    const items = Array.from({ length: batch }, (_, b) => {
      const cells = own.slice(b * n, (b + 1) * n)
      return expected(cells, [...cells, ...other.slice(b * m, (b + 1) * m)])
    })
    closeTo(y, items.flat())
  })

  test('alone looks at nothing of its own, and at nothing that is masked', async () => {
    const [x, memory] = [random(1, 2, channels), random(1, 3, channels)]
    const y = await attend(x, memory, numbers([0, -1e9, 0], [1, 1, 1, 3]), false)
    const [first, , third] = rowsOf(memory, channels)
    closeTo(y, expected(rowsOf(x, channels), [first ?? [], third ?? []]))
  })
})

test('a grouped convolution gives a channel for each group, zeros around the map', async () => {
  const [x, weight, bias] = [random(1, 3, 2, 4), random(2, 2, 3, 3), random(2)]
  const weights = weightsOf({ 'g.weight': weight, 'g.bias': bias })
  const shape = [symbol('b'), symbol('h'), symbol('w'), 4]
  const { y } = await compute({ x }, ({ x }) => ({ y: grouped(x, 'g', 2, 3) }), { x: shape }, { weights })
  const at = (i: number, j: number, c: number): number =>
    i < 0 || i > 2 || j < 0 || j > 1 ? 0 : (entries(x)[(i * 2 + j) * 4 + c] ?? 0)
  const cells = Array.from({ length: 12 }, (_, place) => {
    const [i, j, o] = [Math.floor(place / 4), Math.floor(place / 2) % 2, place % 2]
    let sum = entries(bias)[o] ?? 0
    for (let tap = 0; tap < 18; tap++) {
      const [c, dy, dx] = [Math.floor(tap / 9), Math.floor(tap / 3) % 3, tap % 3]
      sum += (entries(weight)[o * 18 + tap] ?? 0) * at(i + dy - 1, j + dx - 1, 2 * o + c)
    }
    return sum
  })
  closeTo(y, cells)
})

test('patches read channel c·n² + dy·n + dx of their weight for the cell (dy, dx) of plane c', async () => {
  // Every output channel picks one number of the patch, and there are as many as numbers.
  const identity = Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 1 : 0))
  const weights = weightsOf({ 'p.weight': numbers(identity, [8, 8, 1, 1]), 'p.bias': numbers(Array(8).fill(0), [8]) })
  const x = numbers(Array(16).keys(), [1, 2, 2, 4])
  const shape = [symbol('b'), 2, symbol('h', 2), symbol('w', 2)]
  const { y } = await compute({ x }, ({ x }) => ({ y: patches(x, 'p', 8, 2) }), { x: shape }, { weights })
  expect(y.shape).toEqual([1, 1, 2, 8])
  expect(entries(y)).toEqual([0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15])
})

test('the plain norm has neither scale nor shift', async () => {
  const { y } = await compute({ x: numbers([1, 3, 5, 7], [1, 4]) }, ({ x }) => ({ y: plainNorm(x, 1e-6) }))
  closeTo(
    y,
    [-3, -1, 1, 3].map((value) => value / Math.sqrt(5)),
  )
})

test('the time is told by sines, then cosines, of falling frequency, and an odd width ends with a zero', async () => {
  const { y } = await compute({ t: numbers([0, 1e-4], [2]) }, ({ t }) => ({ y: timeEmbedding(t, 5) }))
  const angles = [1, 1e-4]
  closeTo(y, [0, 0, 1, 1, 0, ...angles.map(Math.sin), ...angles.map(Math.cos), 0])
})
