/** The one way an operator adds a node, and small questions about shapes that operators share. */
import { assert } from '../../shared/base/assert.ts'
import type { DType } from '../tensor/dtype.ts'
import { type Dim, formatShape, type Shape } from '../tensor/shape.ts'
import type { Attribute, Value } from './graph.ts'

export type Attributes = Readonly<Record<string, Attribute>>

/** A node with one output, in the graph of its first input. */
export function one(
  op: string,
  inputs: readonly (Value | null)[],
  dtype: DType,
  shape: Shape,
  attributes?: Attributes,
  domain?: string,
): Value {
  const first = inputs[0]
  assert(first, `${op} needs an input`)
  const [value] = first.graph.node(op, inputs, [{ dtype, shape }], attributes, domain)
  assert(value, `${op} gave no value`)
  return value
}

export const axisOf = (x: Value, axis: number): number => (axis < 0 ? axis + x.shape.length : axis)
export const withAxis = (shape: Shape, axis: number, dim: Dim): Shape => shape.map((d, i) => (i === axis ? dim : d))

export function fourDims(x: Value): [Dim, Dim, Dim, Dim] {
  const [a, b, c, d] = x.shape
  assert(
    x.shape.length === 4 && a !== undefined && b !== undefined && c !== undefined && d !== undefined,
    `four dimensions were needed, not ${formatShape(x.shape)}`,
  )
  return [a, b, c, d]
}
