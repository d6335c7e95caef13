/**
 * A graph under construction: values, nodes, weights and constants in the order they were made, so that the same program
 * always yields the same bytes. Nothing is computed and no weight is read here; ops.ts adds nodes, serialize.ts writes the
 * file, checkpoint/bind.ts says where the weights lie.
 *
 * Scopes spell checkpoint keys: inside scope 'down_blocks.1' a weight 'gamma' is the tensor 'down_blocks.1.gamma', and an
 * error names the scope it happened in.
 */
import { assert } from '../../shared/base/assert.ts'
import type { DType } from '../tensor/dtype.ts'
import { formatShape, type Shape, sizeOf } from '../tensor/shape.ts'
import { int64, type Tensor } from '../tensor/tensor.ts'
import { fed, type Feeds, sizesFed } from './feeds.ts'

/** One tensor of the graph: an input, a weight, a constant, or what a node gives. */
export interface Value {
  readonly graph: Graph
  readonly name: string
  readonly dtype: DType
  readonly shape: Shape
}

export type Attribute = number | { readonly float: number } | string | readonly number[]

export interface Node {
  readonly op: string
  /** '' is the standard ONNX set, 'com.microsoft' onnxruntime's own. */
  readonly domain: string
  readonly name: string
  /** null stands for an optional input that is left out. */
  readonly inputs: readonly (Value | null)[]
  readonly outputs: readonly Value[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

export interface Constant {
  readonly value: Value
  readonly data: readonly number[]
}

/** An input that the host makes of the others at each run: what devices compute coarsely or not at all. */
export interface HostInput {
  readonly value: Value
  readonly make: (feeds: Feeds) => Tensor
}

export interface GraphOptions {
  /**
   * Whether the weight of this name is stored in 8 bits and is to stay so for this use (nn/layers.ts); all other 8-bit weights
   * are widened to float32 while loading.
   */
  readonly keepInt8?: (name: string, use: Int8Use) => boolean
  /** Whether the 8-bit weight of this name lies with its axes reversed (checkpoint/stored-tensor.ts). */
  readonly isReversed?: (name: string) => boolean
}

/** A weight that enters the graph in 8 bits, as it lies: [out, ...] with a scale [out, 1, ...], or both with their axes reversed. */
export interface Int8Weight {
  readonly weight: Value
  readonly scale: Value
  readonly reversed: boolean
}

/** Rows looked up are widened exactly, on any device; products in 8 bits need one that can, and round what they multiply. */
export type Int8Use = 'look up' | 'multiply'

export interface Result {
  readonly dtype: DType
  readonly shape: Shape
}

export class Graph {
  readonly nodes: Node[] = []
  readonly inputs: Value[] = []
  readonly hostInputs: HostInput[] = []
  readonly outputs: Value[] = []
  readonly weights = new Map<string, Value>()
  readonly constants = new Map<string, Constant>()
  readonly int8Weights = new Map<string, Int8Weight>()
  private readonly path: string[] = []
  private readonly counters = new Map<string, number>()
  private readonly keepInt8: (name: string, use: Int8Use) => boolean
  private readonly isReversed: (name: string) => boolean

  constructor({ keepInt8, isReversed }: GraphOptions = {}) {
    this.keepInt8 = keepInt8 ?? (() => false)
    this.isReversed = isReversed ?? (() => false)
  }

  input(name: string, dtype: DType, shape: Shape): Value {
    const value = { graph: this, name, dtype, shape }
    this.inputs.push(value)
    return value
  }

  /** Nobody feeds it: `make` does, from what the input `from` is fed. */
  hostInput(name: string, dtype: DType, shape: Shape, from: Value, make: (tensor: Tensor) => Tensor): Value {
    assert(this.inputs.includes(from), `${name} is made of ${from.name}, which is no input`)
    return this.madeInput(name, dtype, shape, (feeds) => make(fed(feeds, from.name)))
  }

  /**
   * The sides of a shape, int64 [rank], for an operator that is told where to go: the host works them out of what is fed, as WebGPU
   * has no integers of 64 bits. A side that no input has, which is that of things joined, is -1.
   */
  sides(shape: Shape): Value {
    const numbers = shape.filter((dim) => typeof dim === 'number')
    if (numbers.length === shape.length) return this.constant(numbers, 'int64')
    const name = `sides.${formatShape(shape)}`
    const before = this.hostInputs.find(({ value }) => value.name === name)
    if (before) return before.value
    return this.madeInput(name, 'int64', [shape.length], (feeds) => {
      const sizes = sizesFed(this.inputs, feeds)
      return int64(
        shape.map((dim) => sizeOf(dim, sizes) ?? -1),
        [shape.length],
      )
    })
  }

  private madeInput(name: string, dtype: DType, shape: Shape, make: HostInput['make']): Value {
    const value: Value = { graph: this, name, dtype, shape }
    this.hostInputs.push({ value, make })
    return value
  }

  /** A float32 tensor of the checkpoint, by its key relative to the scope; asked for twice it is the same value. */
  weight(key: string, shape: Shape): Value {
    const name = [...this.path, key].join('.')
    assert(!this.int8Weights.has(name), `${name} used in float32 and in 8 bits`)
    const before = this.weights.get(name)
    if (before) {
      assert(formatShape(before.shape) === formatShape(shape), `${name} used with two shapes`)
      return before
    }
    const value: Value = { graph: this, name, dtype: 'float32', shape }
    this.weights.set(name, value)
    return value
  }

  /**
   * The int8 form of a matrix where it is to be used so; else undefined, and `weight` is to be asked for.
   * @param shape of the weight in the checkpoint, [out, ...]
   */
  int8Weight(key: string, shape: readonly number[], use: Int8Use): Int8Weight | undefined {
    const name = [...this.path, key].join('.')
    const reversed = this.isReversed(name)
    // The rows of a reversed table lie in pieces.
    if (!this.keepInt8(name, use) || (reversed && use === 'look up')) return undefined
    assert(!this.weights.has(name), `${name} used in float32 and in 8 bits`)
    const lies = reversed ? shape.toReversed() : shape
    const before = this.int8Weights.get(name)
    if (before) {
      assert(formatShape(before.weight.shape) === formatShape(lies), `${name} used with two shapes`)
      return before
    }
    const axis = reversed ? lies.length - 1 : 0
    const weight: Value = { graph: this, name, dtype: 'int8', shape: lies }
    const scale: Value = {
      graph: this,
      name: `${name}:scale`,
      dtype: 'float32',
      shape: lies.map((side, i) => (i === axis ? side : 1)),
    }
    const made = { weight, scale, reversed }
    this.int8Weights.set(name, made)
    return made
  }

  /** Numbers known while building; equal ones are stored once. A single number is a scalar unless a shape is given. */
  constant(data: number | readonly number[], dtype: DType = 'float32', shape?: readonly number[]): Value {
    const list = typeof data === 'number' ? [data] : data
    const dims = shape ?? (typeof data === 'number' ? [] : [data.length])
    const key = `${dtype}[${dims}]:${list}`
    const before = this.constants.get(key)
    if (before) return before.value
    const value: Value = { graph: this, name: `constant.${this.constants.size}`, dtype, shape: dims }
    this.constants.set(key, { value, data: list })
    return value
  }

  node(
    op: string,
    inputs: readonly (Value | null)[],
    results: readonly Result[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): readonly Value[] {
    for (const input of inputs)
      assert(!input || input.graph === this, `${op} at ${this.scopePath()}: input of another graph`)
    const stem = [...this.path, op].join('.')
    const count = this.counters.get(stem) ?? 0
    this.counters.set(stem, count + 1)
    const name = `${stem}.${count}`
    const outputs = results.map(({ dtype, shape }, index) => ({
      graph: this,
      name: results.length === 1 ? name : `${name}:${index}`,
      dtype,
      shape,
    }))
    this.nodes.push({ op, domain, name, inputs, outputs, attributes })
    return outputs
  }

  /** Names made by `body` start with `name.`; so do the assertions that fail in it. */
  scope<T>(name: string | number, body: () => T): T {
    this.path.push(String(name))
    try {
      return body()
    } catch (error) {
      if (error instanceof Error && !error.message.includes(' (at ')) error.message += ` (at ${this.scopePath()})`
      throw error
    } finally {
      this.path.pop()
    }
  }

  output(name: string, value: Value): void {
    // An Identity gives the output its public name, whatever made the value; onnxruntime removes it.
    const output: Value = { graph: this, name, dtype: value.dtype, shape: value.shape }
    this.nodes.push({
      op: 'Identity',
      domain: '',
      name: `output.${name}`,
      inputs: [value],
      outputs: [output],
      attributes: {},
    })
    this.outputs.push(output)
  }

  scopePath(): string {
    return this.path.join('.') || 'the top of the graph'
  }
}
