/**
 * Weights that stay in 8 bits: products within the error that rounding the activations explains, and tables whose rows are
 * widened exactly. On processors without exact integer products the engine multiplies floats, and so the products go untested.
 */
import { describe, expect, test } from 'vitest'
import { quantizeRows, turnRows } from '../../../src/engine/checkpoint/quantize.ts'
import type { StoredWeight } from '../../../src/engine/checkpoint/stored-tensor.ts'
import { embedding, linear, pointwise } from '../../../src/engine/nn/layers.ts'
import type { Graph, Value } from '../../../src/engine/onnx/graph.ts'
import { integerProductsAreExact } from '../../../src/engine/runtime/integer-probe.ts'
import { symbol } from '../../../src/engine/tensor/shape.ts'
import { uniforms } from '../../../src/shared/base/philox.ts'
import { compute, entries, integers, numbers, stored } from '../../kit/graph.ts'

let drawn = 0
const random = (count: number): number[] => [...uniforms(2, { purpose: 0, step: drawn++ }, count)].map((u) => 2 * u - 1)

const [rows, inputs, outputs] = [6, 64, 24]
const quantized = quantizeRows(Float32Array.from(random(outputs * inputs)), outputs)
/** What the 8 bits stand for. */
const weight = (o: number, i: number): number => (quantized.values[o * inputs + i] ?? 0) * (quantized.scales[o] ?? 0)
const bias = random(outputs)
const x = random(rows * inputs)
const gain = random(outputs)

/** In the file as [out, in] by rows, or with the axes reversed. */
const layouts = ['by rows', 'reversed'] as const
type Layout = (typeof layouts)[number]

const turned = new Int8Array(quantized.values.length)
turnRows(quantized.values, inputs, turned)

function weights(shape: readonly number[], layout: Layout): Map<string, StoredWeight> {
  const scaleShape = shape.map((side, axis) => (axis === 0 ? side : 1))
  const reversed = layout === 'reversed' ? { reversed: true as const } : {}
  const values = layout === 'reversed' ? turned : quantized.values
  return new Map<string, StoredWeight>([
    [
      'f.weight',
      {
        tensor: { ...stored([...values], shape, 'int8'), ...reversed },
        scale: { ...stored([...quantized.scales], scaleShape), ...reversed },
      },
    ],
    ['f.bias', { tensor: stored(bias, [outputs]) }],
    ['gain', { tensor: stored(gain, [outputs]) }],
  ])
}

const sum = (count: number, term: (i: number) => number): number =>
  Array.from({ length: count }, (_, i) => term(i)).reduce((a, b) => a + b, 0)

/** Activations are rounded to 255 steps over the range of all of them and zero, so each is off by at most one step. */
const stepOf = (values: readonly number[]): number => (Math.max(0, ...values) - Math.min(0, ...values)) / 255

interface Layer {
  readonly build: (x: Value, graph: Graph) => Value
  readonly shape: readonly number[]
  readonly gain: (o: number) => number
}
const layers: [string, Layer][] = [
  ['linear', { build: (x) => linear(x, 'f', outputs), shape: [outputs, inputs], gain: () => 1 }],
  ['pointwise', { build: (x) => pointwise(x, 'f', outputs), shape: [outputs, inputs, 1, 1], gain: () => 1 }],
  [
    'linear with a gain',
    {
      build: (x, graph) => linear(x, 'f', outputs, graph.weight('gain', [outputs])),
      shape: [outputs, inputs],
      gain: (o) => gain[o] ?? 0,
    },
  ],
]

async function run(
  { build, shape }: Layer,
  layout: Layout,
  values: readonly number[],
  keep: boolean,
): Promise<number[]> {
  const { y } = await compute(
    { x: numbers(values, [2, 3, 1, inputs]) },
    ({ x }, graph) => ({ y: build(x, graph) }),
    { x: [symbol('b'), symbol('h'), symbol('w'), inputs] },
    {
      weights: weights(shape, layout),
      keepInt8: (name) => keep && name === 'f.weight',
      isReversed: (name) => layout === 'reversed' && name === 'f.weight',
    },
  )
  return entries(y)
}

function expected(layer: Layer, values: readonly number[], row: number, o: number): number {
  return layer.gain(o) * ((bias[o] ?? 0) + sum(inputs, (i) => weight(o, i) * (values[row * inputs + i] ?? 0)))
}

const everyWay = layers.flatMap(([name, layer]) => layouts.map((layout) => [name, layout, layer] as const))

describe('widened while loading', () => {
  test.each(everyWay)('a layer (%s, %s) is what its 8 bits stand for', async (_, layout, layer) => {
    const y = await run(layer, layout, x, false)
    y.forEach((value, i) => {
      expect(value).toBeCloseTo(expected(layer, x, Math.floor(i / outputs), i % outputs), 4)
    })
  })
})

describe.runIf(await integerProductsAreExact())('multiplied as they are', () => {
  test.each(everyWay)('a layer (%s, %s) is off by what rounding its activations costs', async (_, layout, layer) => {
    for (const values of [x, x.map((v) => v + 1), x.map((v) => v * 1e-3 - 0.1)]) {
      const y = await run(layer, layout, values, true)
      expect(y).toHaveLength(rows * outputs)
      let [error, size] = [0, 0]
      y.forEach((value, i) => {
        const o = i % outputs
        const exact = expected(layer, values, Math.floor(i / outputs), o)
        const most = Math.abs(layer.gain(o)) * stepOf(values) * sum(inputs, (j) => Math.abs(weight(o, j)))
        expect(Math.abs(value - exact)).toBeLessThanOrEqual(most + 1e-5)
        error += (value - exact) ** 2
        size += exact ** 2
      })
      // Rounding errors of many inputs cancel out: about a percent is left.
      expect(Math.sqrt(error / size)).toBeLessThan(0.015)
    }
  })

  test('whole numbers that fit the steps come out exactly', async () => {
    // From 0 to 255 the step is 1, so nothing is rounded.
    const whole = Array.from({ length: rows * inputs }, (_, i) => (i === 0 ? 255 : (i * 37) % 256))
    const [, layer] = layers[0] ?? []
    const y = layer ? await run(layer, 'by rows', whole, true) : []
    expect(y).toHaveLength(rows * outputs)
    y.forEach((value, i) => {
      const exact = layer ? expected(layer, whole, Math.floor(i / outputs), i % outputs) : Number.NaN
      expect(Math.abs(value - exact)).toBeLessThan(1e-3)
    })
  })
})

describe('an embedding', () => {
  const table = quantizeRows(Float32Array.from(random(5 * 8)), 5)
  const tables = new Map<string, StoredWeight>([
    ['e.weight', { tensor: stored([...table.values], [5, 8], 'int8'), scale: stored([...table.scales], [5, 1]) }],
  ])
  const indices = [4, 0, 3, 4, 1, 2]
  const exact = indices.flatMap((row) =>
    Array.from({ length: 8 }, (_, c) => Math.fround((table.values[row * 8 + c] ?? 0) * (table.scales[row] ?? 0))),
  )

  test.each([true, false])('gives the rows that 8 bits stand for, exactly (table kept in 8 bits: %s)', async (keep) => {
    const uses: string[] = []
    const { y } = await compute(
      { i: integers(indices, [2, 3]) },
      ({ i }, graph) => ({ y: embedding(graph, 'e', i, 5, 8) }),
      { i: [symbol('b'), 3] },
      {
        weights: tables,
        keepInt8: (name, use) => {
          uses.push(`${use} ${name}`)
          return keep
        },
      },
    )
    expect(y.shape).toEqual([2, 3, 8])
    expect(entries(y)).toEqual(exact)
    expect(uses).toEqual(['look up e.weight'])
  })
})
