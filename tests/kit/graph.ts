/**
 * Small graphs for tests: numbers in, one session of onnxruntime, numbers out. Every output's shape is held against the one
 * that the graph inferred while it was built.
 */
import type { StoredTensor, StoredWeight } from '../../src/engine/checkpoint/stored-tensor.ts'
import { Graph, type GraphOptions, type Value } from '../../src/engine/onnx/graph.ts'
import { createRunner } from '../../src/engine/runtime/session.ts'
import { type Dim, formatShape, type Shape } from '../../src/engine/tensor/shape.ts'
import { float32, int32, type Tensor } from '../../src/engine/tensor/tensor.ts'

export const numbers = (values: Iterable<number>, shape: readonly number[]): Tensor =>
  float32(Float32Array.from(values), shape)
export const integers = (values: Iterable<number>, shape: readonly number[]): Tensor =>
  int32(Int32Array.from(values), shape)
export const scalar = (value: number): Tensor => numbers([value], [])
/** 0, 1, 2, ... */
export const counting = (...shape: readonly number[]): Tensor =>
  numbers(Array(shape.reduce((a, b) => a * b, 1)).keys(), shape)

/** The entries of a tensor of any type as plain numbers. */
export const entries = ({ data }: Tensor): number[] => Array.from(data as ArrayLike<number | bigint>, Number)

interface Options extends GraphOptions {
  readonly weights?: ReadonlyMap<string, StoredWeight>
  readonly folder?: string
}

/**
 * Runs a graph whose inputs are `feeds`, by the same names.
 * @param shapes of inputs that the graph is to know by symbols; the others it knows by their numbers
 * @throws where an output has another shape than was inferred
 */
export async function compute<Feed extends string, Output extends string>(
  feeds: Readonly<Record<Feed, Tensor>>,
  build: (inputs: Readonly<Record<Feed, Value>>, graph: Graph) => Readonly<Record<Output, Value>>,
  shapes: Partial<Readonly<Record<Feed, Shape>>> = {},
  { weights = new Map(), folder = '.', ...options }: Options = {},
): Promise<Record<Output, Tensor>> {
  const graph = new Graph(options)
  const inputs = {} as Record<Feed, Value>
  for (const [name, { dtype, shape }] of Object.entries(feeds) as [Feed, Tensor][])
    inputs[name] = graph.input(name, dtype, shapes[name] ?? shape)
  for (const [name, value] of Object.entries<Value>(build(inputs, graph))) graph.output(name, value)
  return runGraph(graph, feeds, weights, folder)
}

/** Runs a finished graph once. @throws where an output has another shape or type than was inferred */
export async function runGraph(
  graph: Graph,
  feeds: Readonly<Record<string, Tensor>>,
  weights: ReadonlyMap<string, StoredWeight> = new Map(),
  folder = '.',
): Promise<Record<string, Tensor>> {
  const runner = await createRunner(graph, { device: 'cpu', folder, weights })
  try {
    const results = await runner.run(feeds)
    const sizes = sizesOf(graph, feeds)
    for (const { name, shape, dtype } of graph.outputs) {
      const result = results[name]
      const inferred = `${dtype}[${shape.map((dim) => sideAt(dim, sizes))}]`
      const found = result && `${result.dtype}[${result.shape}]`
      if (found !== inferred) throw new Error(`${name} ${formatShape(shape)} was inferred as ${inferred}, is ${found}`)
    }
    return { ...results }
  } finally {
    await runner.close()
  }
}

/** What each symbol of the inputs' shapes is in these feeds. */
function sizesOf(graph: Graph, feeds: Readonly<Record<string, Tensor>>): Map<string, number> {
  const sizes = new Map<string, number>()
  for (const { name, shape } of graph.inputs) {
    for (const [axis, dim] of shape.entries()) {
      if (typeof dim === 'number' || dim.symbols.length !== 1) continue
      sizes.set(dim.symbols[0] ?? '', ((feeds[name]?.shape[axis] ?? Number.NaN) - dim.plus) / dim.times)
    }
  }
  return sizes
}

const sideAt = (dim: Dim, sizes: ReadonlyMap<string, number>): number =>
  typeof dim === 'number' ? dim : dim.symbols.reduce((n, s) => n * unknown(s, sizes), dim.times) + dim.plus

/** An unknown by its name, or the sum that it is called by: '(s+4*i)'. */
function unknown(name: string, sizes: ReadonlyMap<string, number>): number {
  const [, sum] = /^\((.*)\)$/.exec(name) ?? []
  if (sum === undefined) return sizes.get(name) ?? Number.NaN
  const factor = (text: string): number => (/^\d+$/.test(text) ? Number(text) : unknown(text, sizes))
  return sum.split('+').reduce((total, part) => total + part.split('*').reduce((n, text) => n * factor(text), 1), 0)
}

/** Numbers in memory as a weight of type float32, or int8 as they are. */
export function stored(values: readonly number[], shape: readonly number[], dtype: 'float32' | 'int8' = 'float32') {
  const typed = dtype === 'int8' ? Int8Array.from(values) : Float32Array.from(values)
  return { dtype, shape, place: { data: new Uint8Array(typed.buffer) } } satisfies StoredTensor
}
