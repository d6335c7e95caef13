/** A graph under construction, and the file that it becomes. Nothing is run here. */
import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, test } from 'vitest'
import type { StoredWeight } from '../../../src/engine/checkpoint/stored-tensor.ts'
import {
  classifier,
  conditionShapes,
  denoiser,
  type DenoiseUNetConfig,
} from '../../../src/engine/models/denoise-unet.ts'
import { attention } from '../../../src/engine/nn/attention.ts'
import { conv2d, embedding, linear } from '../../../src/engine/nn/layers.ts'
import { Graph } from '../../../src/engine/onnx/graph.ts'
import * as op from '../../../src/engine/onnx/ops.ts'
import { encodeModel } from '../../../src/engine/onnx/serialize.ts'
import { stepGraph } from '../../../src/engine/sampler/step-graph.ts'
import { known, sum, symbol } from '../../../src/engine/tensor/shape.ts'
import { float32 } from '../../../src/engine/tensor/tensor.ts'

const cfg: DenoiseUNetConfig = { labels: 12, widths: [4, 8], downBlocks: [1, 2], upBlocks: [2, 1], cClip: 6, cR: 4 }

function tinyDenoiser(): Graph {
  const graph = new Graph()
  const tokens = graph.input('tokens', 'int32', [symbol('n'), symbol('h', 2), symbol('w', 2)])
  const conditions = conditionShapes(cfg, 'global').map((shape, i) => graph.input(`c.${i}`, 'float32', shape))
  const features = denoiser(graph, cfg, tokens, graph.input('r', 'float32', [symbol('n')]), conditions)
  graph.output('logits', classifier(features, cfg))
  return graph
}

/** A place for every weight, without a file. */
function placesFor(graph: Graph): Map<string, StoredWeight> {
  return new Map(
    [...graph.weights].map(([name, { shape }], index) => {
      const place = {
        file: 'w.safetensors',
        offset: 64 * index,
        bytes: 4 * shape.map(known).reduce((a, b) => a * b, 1),
      }
      return [name, { tensor: { dtype: 'float32', shape: shape.map(known), place } }]
    }),
  )
}

const decode = (graph: Graph, weights = placesFor(graph)) => fromBinary(ModelProtoSchema, encodeModel(graph, weights))

describe('scopes', () => {
  test('spell the keys of the checkpoint', () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [2, 8])
    graph.scope('down_blocks', () => graph.scope(3, () => linear(x, 'channelwise.0', 4)))
    expect([...graph.weights.keys()].sort()).toEqual([
      'down_blocks.3.channelwise.0.bias',
      'down_blocks.3.channelwise.0.weight',
    ])
  })

  test('give a network the keys of its published checkpoint', () => {
    const keys = [...tinyDenoiser().weights.keys()]
    for (const key of [
      'embedding.weight',
      'clf.weight',
      'down_blocks.0.0.ln.gamma',
      'down_blocks.1.0.weight',
      'down_blocks.1.2.channelwise.2.bias',
      'up_blocks.0.2.weight',
      'up_blocks.1.0.cond_mapper.weight',
    ])
      expect(keys).toContain(key)
  })

  test('name where an error happened, once, by the innermost scope', () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [2, 3])
    const build = () => graph.scope('a', () => graph.scope('b.1', () => op.add(x, graph.weight('w', [2]))))
    expect(build).toThrow(/^assertion failed: \[2, 3\] and \[2\] do not broadcast \(at a\.b\.1\)$/)
  })

  test('are left when an error passes through them', () => {
    const graph = new Graph()
    const fail = () =>
      graph.scope('a', () => {
        throw new Error('no')
      })
    expect(fail).toThrow('no (at a)')
    expect(graph.weight('w', [1]).name).toBe('w')
  })

  test('keep the nodes of equal blocks apart by name', () => {
    const { nodes } = tinyDenoiser()
    const names = nodes.flatMap(({ name, outputs }) => [name, ...outputs.map((value) => `value ${value.name}`)])
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('a weight', () => {
  test('asked for twice is one', () => {
    const graph = new Graph()
    expect(graph.weight('w', [2, 3])).toBe(graph.weight('w', [2, 3]))
    expect(graph.weights.size).toBe(1)
  })

  test('is refused two shapes', () => {
    const graph = new Graph({ keepInt8: (name) => name === 'q' })
    graph.weight('w', [2, 3])
    expect(() => graph.weight('w', [3, 2])).toThrow('w used with two shapes')
    graph.int8Weight('q', [2, 3], 'multiply')
    expect(() => graph.int8Weight('q', [3, 2], 'multiply')).toThrow('q used with two shapes')
  })

  test('is int8 only where it is wanted so for that use, and never both', () => {
    const graph = new Graph({ keepInt8: (name, use) => name !== 'f.weight' && use === 'multiply' })
    const x = graph.input('x', 'float32', [2, 8])
    linear(x, 'q', 4)
    linear(x, 'f', 4)
    embedding(graph, 'e', graph.input('i', 'int32', [3]), 9, 8)
    expect([...graph.int8Weights.keys()]).toEqual(['q.weight'])
    expect([...graph.weights.keys()].sort()).toEqual(['e.weight', 'f.bias', 'f.weight', 'q.bias'])
    expect(() => graph.weight('q.weight', [4, 8])).toThrow('q.weight used in float32 and in 8 bits')
    const other = new Graph({ keepInt8: () => true })
    other.weight('w', [4, 8])
    expect(() => other.int8Weight('w', [4, 8], 'look up')).toThrow('w used in float32 and in 8 bits')
  })
})

describe('constants', () => {
  test('of the same numbers are stored once', () => {
    const graph = new Graph()
    expect(graph.constant([1, 2])).toBe(graph.constant([1, 2]))
    const x = graph.input('x', 'float32', [3])
    op.add(op.mul(x, 0.5), 0.5)
    expect(graph.constants.size).toBe(2)
  })

  test('of another type or shape are others', () => {
    const graph = new Graph()
    graph.constant([1, 2])
    graph.constant([1, 2], 'int64')
    graph.constant([1, 2], 'float32', [2, 1])
    graph.constant([12])
    graph.constant(12)
    expect(graph.constants.size).toBe(5)
  })
})

describe('operands', () => {
  const graph = new Graph()
  const x = graph.input('x', 'float32', [2, 3])

  test('of another graph are refused', () => {
    expect(() => op.add(x, new Graph().input('y', 'float32', [3]))).toThrow('input of another graph')
  })

  test('of unlike types or shapes are refused', () => {
    expect(() => op.add(x, graph.input('i', 'int32', [3]))).toThrow('Add of float32 and int32')
    expect(() => op.matmul(x, x)).toThrow('MatMul of [2, 3] and [2, 3]')
    expect(() => op.gemm(x, graph.weight('g', [4, 2]), null)).toThrow('Gemm of [2, 3] and [4, 2]')
    expect(() => op.slice(x, 1, 2, 4)).toThrow('slice 2..4 of [2, 3]')
    expect(() => op.split(x, 1, [1, 1])).toThrow('split of [2, 3] into 1,1')
    expect(() => op.concat([x, graph.input('t', 'float32', [3, 3])], 1)).toThrow('concat of unlike shapes')
    expect(() => op.layerNorm(x, graph.weight('n', [2]), graph.weight('b', [3]), 1e-6)).toThrow('LayerNormalization')
    expect(() => op.where(x, 0, x)).toThrow('where needs a bool condition')
  })

  test('of convolutions must fit the kernel and the groups', () => {
    const map = graph.input('map', 'float32', [1, 4, 8, 8])
    expect(() => op.conv(map, graph.weight('c', [8, 3, 3, 3]), null)).toThrow('Conv of [1, 4, 8, 8] by [8, 3, 3, 3]')
    expect(() => op.conv(map, graph.weight('d', [4, 4, 3, 3]), null, { groups: 4 })).toThrow('Conv of')
    expect(() => op.convTranspose(map, graph.weight('t', [4, 2, 3, 3]), null, { stride: 2, pad: 1 })).toThrow(
      'ConvTranspose of',
    )
    expect(() => conv2d(x, 'e', 8, 3)).toThrow('(at e)')
  })

  test('of attention must divide into heads', () => {
    const y = graph.input('sequence', 'float32', [symbol('b'), 5, 6])
    expect(() => attention(y, 'attn', 4)).toThrow('6 channels do not divide into 4 heads')
  })
})

describe('an input that the host makes', () => {
  test('is made of an input of the graph, and is an input of the file', () => {
    const graph = new Graph()
    const x = graph.input('x', 'float32', [symbol('n')])
    graph.output(
      'y',
      graph.hostInput('twice', 'float32', [symbol('n')], x, (tensor) => tensor),
    )
    expect(graph.inputs).toEqual([x])
    expect(decode(graph, new Map()).graph?.input.map(({ name }) => name)).toEqual(['x', 'twice'])
    const other = new Graph().input('x', 'float32', [1])
    expect(() => graph.hostInput('more', 'float32', [1], other, (tensor) => tensor)).toThrow(
      /made of x, which is no input/,
    )
  })

  test('may be the sides of a shape: each shape once, known ones by their numbers', () => {
    const graph = new Graph()
    const [n, h] = [symbol('n'), symbol('h')]
    graph.input('x', 'float32', [n, symbol('h', 4), 3])
    const sides = graph.sides([n, h, sum([n, h])])
    expect(graph.sides([n, h, sum([n, h])])).toBe(sides)
    expect(sides).toMatchObject({ dtype: 'int64', shape: [3] })
    graph.sides([5, 6])
    expect(graph.constants.get('int64[2]:5,6')?.data).toEqual([5, 6])
    const [host, ...others] = graph.hostInputs
    expect(others).toEqual([])
    const feed = (...shape: number[]) => host?.make({ x: float32(new Float32Array(0), shape) })
    // Nobody is fed what things joined are long; the operator works it out.
    expect(feed(2, 20, 3)?.data).toEqual(BigInt64Array.of(2n, 5n, -1n))
    expect(() => feed(2, 18, 3)).toThrow('x was fed [2,18,3], not [n, 4*h, 3]')
    expect(() => feed(2, 20)).toThrow('x was fed [2,20]')
    expect(() => host?.make({})).toThrow('nothing was fed to x')
  })

  test('knows its sides only where inputs agree on them', () => {
    const graph = new Graph()
    const n = symbol('n')
    for (const name of ['x', 'y']) graph.input(name, 'float32', [n])
    graph.sides([n, n])
    const flat = (length: number) => float32(new Float32Array(length), [length])
    expect(graph.hostInputs[0]?.make({ x: flat(2), y: flat(2) }).data).toEqual(BigInt64Array.of(2n, 2n))
    expect(() => graph.hostInputs[0]?.make({ x: flat(2), y: flat(3) })).toThrow('y was fed [3], not [n]')
  })
})

describe('the file of a graph', () => {
  test('is the same bytes whenever it is built', () => {
    const variant = { extent: 'spatial', typical: 'mass', draw: 'inverse-cdf' } as const
    for (const build of [tinyDenoiser, () => stepGraph(cfg, variant, {})]) {
      const [a, b] = [build(), build()]
      expect(encodeModel(a, placesFor(a))).toEqual(encodeModel(b, placesFor(b)))
    }
  })

  test('holds no weights, only where they lie', () => {
    const graph = new Graph()
    graph.output('y', linear(graph.input('x', 'float32', [symbol('n'), 100]), 'f', 1000))
    const weights = placesFor(graph)
    expect(encodeModel(graph, weights).length).toBeLessThan(2000)
    const stored = decode(graph, weights).graph?.initializer.find(({ name }) => name === 'f.weight')
    expect(stored?.dims).toEqual([1000n, 100n])
    expect(stored?.externalData.map(({ key, value }) => `${key} ${value}`)).toEqual([
      'location w.safetensors',
      'offset 64',
      'length 400000',
    ])
  })

  test('names inputs and outputs with their unknown sides', () => {
    const graph = decode(tinyDenoiser()).graph
    const shapeOf = (value: { type?: { value: { case?: string | undefined; value?: unknown } } } | undefined) =>
      JSON.stringify(value?.type?.value.value, (_, v: unknown) => (typeof v === 'bigint' ? Number(v) : v))
    const names = graph?.input.map(({ name }) => name) ?? []
    expect(names.slice(0, 5)).toEqual(['tokens', 'c.0', 'c.1', 'r', 'r.embedding'])
    expect(names.slice(5)).toContain('sides.[n, 2*h, 2*w, 12]')
    expect(shapeOf(graph?.input[0])).toMatch(/"n".*"2\*h".*"2\*w"/)
    expect(shapeOf(graph?.output[0])).toMatch(/"n".*"2\*h".*"2\*w".*12/)
  })

  test('widens what is stored in 16 or 8 bits in front of everything else', () => {
    const graph = new Graph()
    graph.output('y', op.add(graph.weight('half', [2]), graph.weight('quarter', [2, 1])))
    const place = (bytes: number) => ({ data: new Uint8Array(bytes) })
    const model = decode(
      graph,
      new Map<string, StoredWeight>([
        ['half', { tensor: { dtype: 'float16', shape: [2], place: place(4) } }],
        [
          'quarter',
          {
            tensor: { dtype: 'int8', shape: [2, 1], place: place(2) },
            scale: { dtype: 'float32', shape: [2, 1], place: place(8) },
          },
        ],
      ]),
    )
    expect(model.graph?.node.map(({ opType, output }) => `${opType} ${output}`)).toEqual([
      'Cast half',
      'Cast quarter:wide',
      'Mul quarter',
      'Add Add.0',
      'Identity y',
    ])
  })

  test('cannot be written without a place for every weight', () => {
    const graph = new Graph({ keepInt8: () => true })
    graph.output('y', linear(graph.input('x', 'float32', [1, 2]), 'f', 3))
    const bias: StoredWeight = { tensor: { dtype: 'float32', shape: [3], place: { data: new Uint8Array(12) } } }
    expect(() => encodeModel(graph, new Map())).toThrow('no storage for f.bias')
    expect(() => encodeModel(graph, new Map([['f.bias', bias]]))).toThrow('no 8-bit storage for f.weight')
  })
})
