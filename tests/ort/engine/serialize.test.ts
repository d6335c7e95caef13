/** Weights that onnxruntime reads from a file itself: every precision, at odd offsets, gives the numbers that were stored. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bindWeights } from '../../../src/engine/checkpoint/bind.ts'
import { readSafetensors, safetensorsHeader, type TensorToWrite } from '../../../src/engine/checkpoint/safetensors.ts'
import { linear } from '../../../src/engine/nn/layers.ts'
import { Graph } from '../../../src/engine/onnx/graph.ts'
import * as op from '../../../src/engine/onnx/ops.ts'
import { createRunner } from '../../../src/engine/runtime/session.ts'
import { symbol } from '../../../src/engine/tensor/shape.ts'
import { entries, integers, numbers, runGraph } from '../../kit/graph.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const folder = await temporaryFolder()
const bytesOf = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

async function write(name: string, tensors: Readonly<Record<string, TensorToWrite>>): Promise<string> {
  const list = new Map(Object.entries(tensors))
  const path = join(folder, name)
  await writeFile(path, Buffer.concat([safetensorsHeader(list), ...[...list.values()].map(({ data }) => data)]))
  return path
}

/** Each tensor of the file as onnxruntime sees it, added to a zero that is fed. */
async function readByRuntime(path: string, unused: readonly string[] = []): Promise<Record<string, number[]>> {
  const source = await readSafetensors(path)
  const graph = new Graph()
  const zero = graph.input('zero', 'float32', [])
  for (const [key, { shape }] of source)
    if (!key.endsWith(':scale') && !unused.includes(key))
      graph.output(`out.${key}`, op.add(graph.weight(key, shape), zero))
  const weights = bindWeights('it', [graph], source, unused)
  const results = await runGraph(graph, { zero: numbers([0], []) }, weights, folder)
  return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name.slice(4), entries(tensor)]))
}

const float32 = (values: readonly number[], shape: readonly number[] = [values.length]): TensorToWrite => ({
  dtype: 'float32',
  shape,
  data: bytesOf(Float32Array.from(values)),
})
const words = (dtype: 'float16' | 'bfloat16', values: readonly number[]): TensorToWrite => ({
  dtype,
  shape: [values.length],
  data: bytesOf(Uint16Array.from(values)),
})
const int8 = (values: readonly number[], shape: readonly number[]): TensorToWrite => ({
  dtype: 'int8',
  shape,
  data: bytesOf(Int8Array.from(values)),
})

describe('a weight', () => {
  test('is the same numbers in every precision that it may be stored in', async () => {
    const path = await write('precisions.safetensors', {
      f32: float32([1.1, -2, 3e-39]),
      f16: words('float16', [0x3c00, 0xc100, 0x0001, 0x7bff]),
      bf16: words('bfloat16', [0x3f80, 0xbfc0, 0x4049]),
      i8: int8([127, -127, 0, 1], [2, 2]),
      'i8:scale': float32([0.5, 0.25], [2, 1]),
      kernel: int8([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 2, 2]),
      'kernel:scale': float32([1, 10], [2, 1, 1, 1]),
    })
    expect(await readByRuntime(path)).toEqual({
      f32: [Math.fround(1.1), -2, Math.fround(3e-39)],
      f16: [1, -2.5, 2 ** -24, 65504],
      bf16: [1, -1.5, 3.140625],
      i8: [63.5, -63.5, 0, 0.25],
      kernel: [1, 2, 3, 4, 50, 60, 70, 80],
    })
  })

  test.each([1, 2, 3, 5])('is found %i bytes off any boundary', async (shift) => {
    const path = await write(`odd ${shift}.safetensors`, {
      padding: { dtype: 'uint8', shape: [shift], data: new Uint8Array(shift).fill(9) },
      a: float32([1, 2, 3]),
      h: words('float16', [0x4400]),
      tail: { dtype: 'uint8', shape: [1], data: Uint8Array.of(9) },
      b: float32([4, 5]),
      i: int8([6, 7], [1, 2]),
      'i:scale': float32([2], [1, 1]),
      c: float32([8]),
    })
    const source = await readSafetensors(path)
    const at = (key: string) => {
      const place = source.get(key)?.place
      return place && 'offset' in place ? place.offset % 64 : undefined
    }
    expect([at('a'), at('b')]).toEqual([shift, shift + 15])
    const results = await readByRuntime(path, ['padding', 'tail'])
    expect(results).toEqual({ a: [1, 2, 3], h: [4], b: [4, 5], i: [12, 14], c: [8] })
  })

  test('large enough to be mapped is read whole, and its neighbours too', async () => {
    const size = 300_000
    const large = Float32Array.from({ length: size }, (_, i) => i)
    const path = await write('large.safetensors', {
      before: float32([-1]),
      large: { dtype: 'float32', shape: [size], data: bytesOf(large) },
      after: float32([-2]),
    })
    const results = await readByRuntime(path)
    expect([results['before'], results['after']]).toEqual([[-1], [-2]])
    expect(Float32Array.from(results['large'] ?? [])).toEqual(large)
  })

  test('used by two graphs is stored once and read by both', async () => {
    const path = await write('shared.safetensors', {
      'f.weight': float32([1, 2, 3, 4], [2, 2]),
      'f.bias': float32([0, 1]),
    })
    const graphs = [1, 10].map((factor) => {
      const graph = new Graph()
      const x = graph.input('x', 'float32', [symbol('n'), 2])
      graph.output('y', op.mul(linear(x, 'f', 2), factor))
      return graph
    })
    const weights = bindWeights('it', graphs, await readSafetensors(path))
    const results = []
    for (const graph of graphs) {
      const { y } = await runGraph(graph, { x: numbers([1, 1, 0, 1], [2, 2]) }, weights, folder)
      results.push(y && entries(y))
    }
    expect(results).toEqual([
      [3, 8, 2, 5],
      [30, 80, 20, 50],
    ])
  })

  test('that is no longer there is a coded error', async () => {
    const graph = new Graph()
    graph.output('y', graph.weight('w', [2]))
    const tensor = { dtype: 'float32' as const, shape: [2], place: { file: 'gone.safetensors', offset: 0, bytes: 8 } }
    const options = { device: 'cpu', folder, weights: new Map([['w', { tensor }]]) }
    await expect(createRunner(graph, options)).rejects.toMatchObject({ code: 'model-broken' })
  })
})

describe('a runner', () => {
  test('runs any size that its unknown sides can be, one after the other', async () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [symbol('n'), symbol('h', 2)])
    graph.output('y', op.reduceSum(op.mul(x, 2), 1, false))
    const runner = await createRunner(graph, { device: 'cpu', folder, weights: new Map() })
    for (const [n, h] of [
      [1, 2],
      [3, 4],
      [2, 2],
    ] as const) {
      const { y } = await runner.run({ x: numbers(Array<number>(n * h).fill(1), [n, h]) })
      expect(y).toEqual(numbers(Array<number>(n).fill(2 * h), [n]))
    }
    await runner.close()
  })

  test('refuses what does not fit its inputs with a coded error', async () => {
    const graph = new Graph()
    graph.output('y', op.mul(graph.input('x', 'float32', [symbol('n'), 3]), 2))
    const runner = await createRunner(graph, { device: 'cpu', folder, weights: new Map() })
    await expect(runner.run({ x: numbers([1, 2], [1, 2]) })).rejects.toMatchObject({ code: 'model-broken' })
    await expect(runner.run({ x: integers([1, 2, 3], [1, 3]) })).rejects.toMatchObject({ code: 'model-broken' })
    await runner.close()
  })
})
