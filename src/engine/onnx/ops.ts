/**
 * The operators that the networks and the sampler are written in: one small typed function each, which checks its operands,
 * infers its result's shape and adds one node. Names and meanings are ONNX's (operator set 20); what is said here is only
 * what differs or surprises.
 */
import { assert } from '../../shared/base/assert.ts'
import type { DType } from '../tensor/dtype.ts'
import { broadcast, convolved, type Dim, formatShape, known, multiply, sameDim, sameShape } from '../tensor/shape.ts'
import type { Value } from './graph.ts'
import { type Attributes, axisOf, fourDims, one, withAxis } from './node.ts'

export * from './moves.ts'

// Elementwise, with broadcasting. A number stands for a constant of the other operand's type.

type Operand = Value | number

function pair(op: string, a: Operand, b: Operand, dtype?: DType): Value {
  const like = typeof a === 'number' ? b : a
  assert(typeof like !== 'number', `${op} of two numbers`)
  const left = typeof a === 'number' ? like.graph.constant(a, like.dtype) : a
  const right = typeof b === 'number' ? like.graph.constant(b, like.dtype) : b
  assert(left.dtype === right.dtype, `${op} of ${left.dtype} and ${right.dtype}`)
  return one(op, [left, right], dtype ?? left.dtype, broadcast(left.shape, right.shape))
}

export const add = (a: Operand, b: Operand): Value => pair('Add', a, b)
export const sub = (a: Operand, b: Operand): Value => pair('Sub', a, b)
export const mul = (a: Operand, b: Operand): Value => pair('Mul', a, b)
export const div = (a: Operand, b: Operand): Value => pair('Div', a, b)
export const max = (a: Operand, b: Operand): Value => pair('Max', a, b)
export const min = (a: Operand, b: Operand): Value => pair('Min', a, b)
export const less = (a: Operand, b: Operand): Value => pair('Less', a, b, 'bool')
export const lessOrEqual = (a: Operand, b: Operand): Value => pair('LessOrEqual', a, b, 'bool')
export const greater = (a: Operand, b: Operand): Value => pair('Greater', a, b, 'bool')

const unary = (op: string, x: Value, attributes?: Attributes): Value => one(op, [x], x.dtype, x.shape, attributes)

export const exp = (x: Value): Value => unary('Exp', x)
export const log = (x: Value): Value => unary('Log', x)
export const abs = (x: Value): Value => unary('Abs', x)
export const neg = (x: Value): Value => unary('Neg', x)
export const sqrt = (x: Value): Value => unary('Sqrt', x)
export const sigmoid = (x: Value): Value => unary('Sigmoid', x)
/** The exact one, with erf. */
export const gelu = (x: Value): Value => unary('Gelu', x, { approximate: 'none' })
/** The approximation by tanh that networks were trained with before the exact one was fast. */
export const geluTanh = (x: Value): Value => unary('Gelu', x, { approximate: 'tanh' })
/** x · sigmoid(x), also called swish. */
export const silu = (x: Value): Value => mul(x, sigmoid(x))

export function cast(x: Value, dtype: DType): Value {
  return x.dtype === dtype ? x : one('Cast', [x], dtype, x.shape, { to: dtype })
}

/** `condition ? a : b` */
export function where(condition: Value, a: Operand, b: Operand): Value {
  assert(condition.dtype === 'bool', 'where needs a bool condition')
  const dtype = typeof a === 'number' ? (typeof b === 'number' ? 'float32' : b.dtype) : a.dtype
  const [left, right] = [a, b].map((x) => (typeof x === 'number' ? condition.graph.constant(x, dtype) : x))
  assert(left && right && left.dtype === right.dtype, 'where needs two operands of one type')
  return one('Where', [condition, left, right], dtype, broadcast(condition.shape, broadcast(left.shape, right.shape)))
}

// Matrices

/** [..., M, K] x [K, N] or batched on both sides -> [..., M, N] */
export function matmul(a: Value, b: Value): Value {
  const inner = a.shape.at(-1)
  const rows = a.shape.at(-2)
  const columns = b.shape.at(-1)
  const matches =
    inner !== undefined && rows !== undefined && columns !== undefined && sameDim(inner, b.shape.at(-2) ?? -1)
  assert(matches, `MatMul of ${formatShape(a.shape)} and ${formatShape(b.shape)}`)
  return one('MatMul', [a, b], a.dtype, [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns])
}

/** [M, K] x [N, K] + [N] -> [M, N]: a linear layer on rows, its weight as PyTorch stores it. */
export function gemm(x: Value, weight: Value, bias: Value | null): Value {
  const [rows, inner] = x.shape
  const [columns, weightInner] = weight.shape
  const matches = x.shape.length === 2 && rows !== undefined && columns !== undefined && inner !== undefined
  assert(
    matches && sameDim(inner, weightInner ?? -1),
    `Gemm of ${formatShape(x.shape)} and ${formatShape(weight.shape)}`,
  )
  return one('Gemm', bias ? [x, weight, bias] : [x, weight], x.dtype, [rows, columns], { transB: 1 })
}

/**
 * [..., K] x int8 [K, N] · scale [N] + bias [N] -> [..., N] by 8-bit integer products (onnxruntime's own operator, CPU only). Activations are
 * rounded to 8 bits over the range of the whole tensor, at each run: about three times as fast, within about a percent.
 */
export function gemmInt8(x: Value, weight: Value, scale: Value, bias: Value | null): Value {
  const [inner, columns] = weight.shape.map(known)
  assert(
    columns && inner === x.shape.at(-1),
    `8-bit product of ${formatShape(x.shape)} and ${formatShape(weight.shape)}`,
  )
  const inputs = [x, weight, scale, ...(bias ? [null, bias] : [])]
  return one('DynamicQuantizeMatMul', inputs, 'float32', [...x.shape.slice(0, -1), columns], {}, 'com.microsoft')
}

export interface ConvOptions {
  readonly stride?: number
  /** The same on all four sides, or [above and on the left, below and on the right]. */
  readonly pad?: number | readonly [number, number]
  readonly groups?: number
}

/** x [B, Cin, H, W], weight [Cout, Cin/groups, k, k] -> [B, Cout, H', W'] */
export function conv(
  x: Value,
  weight: Value,
  bias: Value | null,
  { stride = 1, pad = 0, groups = 1 }: ConvOptions = {},
): Value {
  const [batch, inputs, height, width] = fourDims(x)
  const [outputs, inputsOfGroup, kernel] = weight.shape.map(known)
  assert(
    outputs && kernel && known(inputs) === known(inputsOfGroup) * groups,
    `Conv of ${formatShape(x.shape)} by ${formatShape(weight.shape)}`,
  )
  const [before, after] = typeof pad === 'number' ? [pad, pad] : pad
  const across = (dim: Dim): Dim => convolved(dim, kernel, stride, (before + after) / 2)
  const attributes = {
    strides: [stride, stride],
    pads: [before, before, after, after],
    group: groups,
    kernel_shape: [kernel, kernel],
  }
  return one(
    'Conv',
    bias ? [x, weight, bias] : [x, weight],
    x.dtype,
    [batch, outputs, across(height), across(width)],
    attributes,
  )
}

/** x [B, Cin, H, W], weight [Cin, Cout, k, k]; k = stride + 2 pad, so that a side grows exactly `stride` times. */
export function convTranspose(
  x: Value,
  weight: Value,
  bias: Value | null,
  { stride = 1, pad = 0 }: { readonly stride?: number; readonly pad?: number },
): Value {
  const [batch, inputs, height, width] = fourDims(x)
  const [weightInputs, outputs, kernel] = weight.shape.map(known)
  assert(
    outputs && kernel === stride + 2 * pad && known(inputs) === weightInputs,
    `ConvTranspose of ${formatShape(x.shape)} by ${formatShape(weight.shape)}`,
  )
  const attributes = { strides: [stride, stride], pads: [pad, pad, pad, pad], kernel_shape: [kernel, kernel] }
  const shape = [batch, outputs, multiply(height, stride), multiply(width, stride)]
  return one('ConvTranspose', bias ? [x, weight, bias] : [x, weight], x.dtype, shape, attributes)
}

// Normalisation and reduction

/** Over the last axis; weight and bias [C]. */
export function layerNorm(x: Value, weight: Value, bias: Value, epsilon: number): Value {
  const width = x.shape.slice(-1)
  assert(
    sameShape(weight.shape, width) && sameShape(bias.shape, width),
    `LayerNormalization of ${formatShape(x.shape)} by ${formatShape(weight.shape)}`,
  )
  return one('LayerNormalization', [x, weight, bias], x.dtype, x.shape, { axis: -1, epsilon: { float: epsilon } })
}

/** x / √(mean of x² + epsilon) · weight over the last axis (T5's norm); onnxruntime's own operator, in the standard set's name. */
export function rmsNorm(x: Value, weight: Value, epsilon: number): Value {
  assert(
    sameShape(weight.shape, x.shape.slice(-1)),
    `RMS norm of ${formatShape(x.shape)} by ${formatShape(weight.shape)}`,
  )
  return one('SimplifiedLayerNormalization', [x, weight], x.dtype, x.shape, { axis: -1, epsilon: { float: epsilon } })
}

/** Every channel of every picture by its own mean and deviation: [B, C, H, W] -> [B, C, H, W] */
export function instanceNorm(x: Value, epsilon: number): Value {
  const channels = known(x.shape[1])
  const [ones, zeros] = [1, 0].map((value) => x.graph.constant(Array<number>(channels).fill(value)))
  return one('InstanceNormalization', [x, ones ?? null, zeros ?? null], x.dtype, x.shape, {
    epsilon: { float: epsilon },
  })
}

export const softmax = (x: Value, axis = -1): Value => unary('Softmax', x, { axis })
/** By its parts: WebGPU has no such operator. */
export function logSoftmax(x: Value, axis = -1): Value {
  const below = sub(x, reduceMax(x, axis))
  return sub(below, log(reduceSum(exp(below), axis)))
}

function reduce(op: string, x: Value, axis: number, keep: boolean): Value {
  const at = axisOf(x, axis)
  const shape = keep ? withAxis(x.shape, at, 1) : x.shape.filter((_, i) => i !== at)
  return one(op, [x, x.graph.constant([at], 'int64')], x.dtype, shape, { keepdims: keep ? 1 : 0 })
}

export const reduceSum = (x: Value, axis: number, keep = true): Value => reduce('ReduceSum', x, axis, keep)
export const reduceMax = (x: Value, axis: number, keep = true): Value => reduce('ReduceMax', x, axis, keep)
export const reduceMean = (x: Value, axis: number, keep = true): Value => reduce('ReduceMean', x, axis, keep)
export const reduceL2 = (x: Value, axis: number, keep = true): Value => reduce('ReduceL2', x, axis, keep)

/** Index of the (first) largest entry of the last axis, as int64: [..., C] -> [..., 1] */
export function argMax(x: Value): Value {
  const at = x.shape.length - 1
  return one('ArgMax', [x], 'int64', withAxis(x.shape, at, 1), { axis: at, keepdims: 1 })
}

export function cumSum(x: Value, axis: number): Value {
  return one('CumSum', [x, x.graph.constant(axisOf(x, axis), 'int64')], x.dtype, x.shape)
}

/** The `count` smallest entries of the last axis in ascending order, and where they were. */
export function smallest(x: Value, count: number): { values: Value; indices: Value } {
  const shape = withAxis(x.shape, x.shape.length - 1, count)
  const results = [
    { dtype: x.dtype, shape },
    { dtype: 'int64' as const, shape },
  ]
  const [values, indices] = x.graph.node('TopK', [x, x.graph.constant([count], 'int64')], results, {
    axis: -1,
    largest: 0,
    sorted: 1,
  })
  assert(values && indices, 'TopK gave no value')
  return { values, indices }
}
