/**
 * The operators that the networks and the sampler are written in: one small typed function each, which checks its operands,
 * infers its result's shape and adds one node. Names and meanings are ONNX's (operator set 20); what is said here is only
 * what differs or surprises.
 */
import { assert } from '../../shared/base/assert.ts'
import type { DType } from '../tensor/dtype.ts'
import {
  broadcast,
  convolved,
  type Dim,
  divide,
  formatShape,
  grow,
  known,
  multiply,
  product,
  sameDim,
  sameShape,
  type Shape,
} from '../tensor/shape.ts'
import type { Attribute, Value } from './graph.ts'

type Attributes = Readonly<Record<string, Attribute>>

function one(
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

const axisOf = (x: Value, axis: number): number => (axis < 0 ? axis + x.shape.length : axis)
const withAxis = (shape: Shape, axis: number, dim: Dim): Shape => shape.map((d, i) => (i === axis ? dim : d))

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
export const sin = (x: Value): Value => unary('Sin', x)
export const cos = (x: Value): Value => unary('Cos', x)
export const abs = (x: Value): Value => unary('Abs', x)
export const neg = (x: Value): Value => unary('Neg', x)
export const sqrt = (x: Value): Value => unary('Sqrt', x)
export const sigmoid = (x: Value): Value => unary('Sigmoid', x)
/** The exact one, with erf. */
export const gelu = (x: Value): Value => unary('Gelu', x, { approximate: 'none' })

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
 * [..., K] x int8 [N, K] + [N] -> [..., N] by 8-bit integer products (onnxruntime's own operator, CPU only). Activations are
 * rounded to 8 bits over the range of the whole tensor, at each run: about three times as fast, within about a percent.
 */
export function gemmInt8(x: Value, weight: Value, scale: Value, bias: Value): Value {
  const [columns, inner] = weight.shape.map(known)
  assert(
    columns && inner === x.shape.at(-1),
    `8-bit product of ${formatShape(x.shape)} and ${formatShape(weight.shape)}`,
  )
  const inputs = [x, transpose(weight, [1, 0]), reshape(scale, [columns]), null, bias]
  return one('DynamicQuantizeMatMul', inputs, 'float32', [...x.shape.slice(0, -1), columns], {}, 'com.microsoft')
}

interface ConvOptions {
  readonly stride?: number
  /** The same on all four sides. */
  readonly pad?: number
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
  const across = (dim: Dim): Dim => convolved(dim, kernel, stride, pad)
  const attributes = {
    strides: [stride, stride],
    pads: [pad, pad, pad, pad],
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
  { stride = 1, pad = 0 }: ConvOptions,
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

function fourDims(x: Value): [Dim, Dim, Dim, Dim] {
  const [a, b, c, d] = x.shape
  assert(
    x.shape.length === 4 && a !== undefined && b !== undefined && c !== undefined && d !== undefined,
    `four dimensions were needed, not ${formatShape(x.shape)}`,
  )
  return [a, b, c, d]
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

export const softmax = (x: Value, axis = -1): Value => unary('Softmax', x, { axis })
export const logSoftmax = (x: Value, axis = -1): Value => unary('LogSoftmax', x, { axis })

function reduce(op: string, x: Value, axis: number, keep: boolean): Value {
  const at = axisOf(x, axis)
  const shape = keep ? withAxis(x.shape, at, 1) : x.shape.filter((_, i) => i !== at)
  return one(op, [x, x.graph.constant([at], 'int64')], x.dtype, shape, { keepdims: keep ? 1 : 0 })
}

export const reduceSum = (x: Value, axis: number, keep = true): Value => reduce('ReduceSum', x, axis, keep)
export const reduceMax = (x: Value, axis: number, keep = true): Value => reduce('ReduceMax', x, axis, keep)
export const reduceMean = (x: Value, axis: number, keep = true): Value => reduce('ReduceMean', x, axis, keep)
export const reduceL2 = (x: Value, axis: number, keep = true): Value => reduce('ReduceL2', x, axis, keep)

/** Index of the (first) largest entry as int64; the axis goes. */
export function argMax(x: Value, axis: number): Value {
  const at = axisOf(x, axis)
  return one(
    'ArgMax',
    [x],
    'int64',
    x.shape.filter((_, i) => i !== at),
    { axis: at, keepdims: 0 },
  )
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

// Moving things about

export function transpose(x: Value, order: readonly number[]): Value {
  assert(order.length === x.shape.length, `transpose ${order} of ${formatShape(x.shape)}`)
  const shape = order.map((axis) => x.shape[axis] ?? 0)
  return one('Transpose', [x], x.dtype, shape, { perm: order })
}

/** [B, C, H, W] -> [B, H, W, C] */
export const channelsLast = (x: Value): Value => transpose(x, [0, 2, 3, 1])
/** [B, H, W, C] -> [B, C, H, W] */
export const channelsFirst = (x: Value): Value => transpose(x, [0, 3, 1, 2])

/**
 * Unknown dimensions may stay at their axis or, one of them, be merged or split; the file then says 0 or -1 for them.
 * @throws where the number of elements would change
 */
export function reshape(x: Value, shape: Shape): Value {
  assert(sameDim(product(x.shape), product(shape)), `reshape of ${formatShape(x.shape)} to ${formatShape(shape)}`)
  let free = 0
  const target = shape.map((dim, axis) => {
    if (typeof dim === 'number') return dim
    const before = x.shape[axis]
    if (before !== undefined && sameDim(before, dim)) return 0
    free += 1
    return -1
  })
  assert(free <= 1, `reshape of ${formatShape(x.shape)} to ${formatShape(shape)} has ${free} unknown sides`)
  return one('Reshape', [x, x.graph.constant(target, 'int64')], x.dtype, shape)
}

/** `x` with the leading dimensions that `like` has: rows [b·h·w, C] back to [b, h, w, C]. */
export function rowsLike(x: Value, like: Value): Value {
  const lead = like.shape.slice(0, -1)
  const width = known(x.shape.at(-1))
  assert(sameDim(product(lead), x.shape[0] ?? -1), `rows ${formatShape(x.shape)} for ${formatShape(like.shape)}`)
  const dims = one('Shape', [like], 'int64', [lead.length], { start: 0, end: lead.length })
  const target = one('Concat', [dims, x.graph.constant([width], 'int64')], 'int64', [lead.length + 1], { axis: 0 })
  return one('Reshape', [x, target], x.dtype, [...lead, width])
}

/** [..., C] -> [rows, C] */
export function rows(x: Value): Value {
  const width = known(x.shape.at(-1))
  return one('Reshape', [x, x.graph.constant([-1, width], 'int64')], x.dtype, [product(x.shape.slice(0, -1)), width])
}

export function concat(values: readonly Value[], axis: number): Value {
  const first = values[0]
  assert(first, 'concat of nothing')
  const at = axisOf(first, axis)
  const total = values.reduce((sum, value) => sum + known(value.shape[at]), 0)
  for (const value of values)
    assert(sameShape(withAxis(value.shape, at, 0), withAxis(first.shape, at, 0)), 'concat of unlike shapes')
  return one('Concat', values, first.dtype, withAxis(first.shape, at, total), { axis: at })
}

/** Entries start..end (not included) of one axis of known size. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  const at = axisOf(x, axis)
  assert(start >= 0 && end > start && end <= known(x.shape[at]), `slice ${start}..${end} of ${formatShape(x.shape)}`)
  const { graph } = x
  const bounds = [[start], [end], [at]].map((list) => graph.constant(list, 'int64'))
  return one('Slice', [x, ...bounds], x.dtype, withAxis(x.shape, at, end - start))
}

/** First or last entry of the first axis, whose size need not be known: [n, ...] -> [1, ...] */
export const firstOf = (x: Value): Value => entry(x, 0, 1)
export const lastOf = (x: Value): Value => entry(x, -1, 2 ** 31)

function entry(x: Value, start: number, end: number): Value {
  const bounds = [[start], [end], [0]].map((list) => x.graph.constant(list, 'int64'))
  return one('Slice', [x, ...bounds], x.dtype, withAxis(x.shape, 0, 1))
}

/** [...] -> [..., 1] */
export const addLast = (x: Value): Value => reshape(x, [...x.shape, 1])
/** [..., 1] -> [...] */
export const dropLast = (x: Value): Value => reshape(x, x.shape.slice(0, -1))
/** [..., blocks·size] -> [..., blocks, size] */
export const splitLast = (x: Value, size: number): Value =>
  reshape(x, [...x.shape.slice(0, -1), divide(x.shape.at(-1) ?? 0, size), size])

/** Pieces of the given sizes along one axis. */
export function split(x: Value, axis: number, sizes: readonly number[]): readonly Value[] {
  const at = axisOf(x, axis)
  assert(sizes.reduce((a, b) => a + b, 0) === known(x.shape[at]), `split of ${formatShape(x.shape)} into ${sizes}`)
  if (sizes.length === 1) return [x]
  const results = sizes.map((size) => ({ dtype: x.dtype, shape: withAxis(x.shape, at, size) }))
  return x.graph.node('Split', [x, x.graph.constant(sizes, 'int64')], results, { axis: at })
}

/** Whole rows of `table` [K, C] by index: [...] -> [..., C] */
export function gatherRows(table: Value, indices: Value): Value {
  return one('Gather', [table, indices], table.dtype, [...indices.shape, ...table.shape.slice(1)], { axis: 0 })
}

/** One entry of the last axis by the indices there: like torch.gather(-1). */
export function gatherLast(x: Value, indices: Value): Value {
  assert(indices.shape.length === x.shape.length, `gather of ${formatShape(x.shape)} by ${formatShape(indices.shape)}`)
  return one('GatherElements', [x, indices], x.dtype, indices.shape, { axis: x.shape.length - 1 })
}

/** One row of the axis before the last for each cell: x [..., N, C], index int64 [..., 1] -> [..., C] */
export function pick(x: Value, index: Value): Value {
  const lead = x.shape.slice(0, -2)
  assert(sameShape(index.shape, [...lead, 1]), `pick from ${formatShape(x.shape)} by ${formatShape(index.shape)}`)
  return one('GatherND', [x, index], x.dtype, [...lead, ...x.shape.slice(-1)], { batch_dims: lead.length })
}

/** `x` [1, ...] once for every item of `like` [B, ...] -> [B, ...] */
export function repeatFor(x: Value, like: Value): Value {
  const [batch] = like.shape
  assert(x.shape[0] === 1 && batch !== undefined, `${formatShape(x.shape)} for the items of ${formatShape(like.shape)}`)
  const items = one('Shape', [like], 'int64', [1], { start: 0, end: 1 })
  const ones = x.graph.constant(Array(x.shape.length - 1).fill(1), 'int64')
  const target = one('Concat', [items, ones], 'int64', [x.shape.length], { axis: 0 })
  return one('Expand', [x, target], x.dtype, [batch, ...x.shape.slice(1)])
}

/** `count` zeros at the end of the last axis. */
export function padLast(x: Value, count: number): Value {
  const zeros = x.shape.map(() => 0)
  const pads = x.graph.constant([...zeros, ...zeros.slice(1), count], 'int64')
  return one('Pad', [x, pads], x.dtype, withAxis(x.shape, x.shape.length - 1, known(x.shape.at(-1)) + count), {
    mode: 'constant',
  })
}

/** Pads height and width of [B, H, W, C] by one cell on each side. */
export function padEdges(x: Value, mode: 'reflect' | 'edge'): Value {
  const [batch, height, width, channels] = fourDims(x)
  const pads = x.graph.constant([0, 1, 1, 0, 0, 1, 1, 0], 'int64')
  return one('Pad', [x, pads], x.dtype, [batch, grow(height, 2), grow(width, 2), channels], { mode })
}

/** Bilinear, half-pixel centres, no corner alignment: [B, C, H, W] -> [B, C, H/n, W/n] */
export function shrink(x: Value, n: number): Value {
  if (n === 1) return x
  const [batch, channels, height, width] = fourDims(x)
  const scales = x.graph.constant([1, 1, 1 / n, 1 / n])
  const attributes = { mode: 'linear', coordinate_transformation_mode: 'half_pixel' }
  return one('Resize', [x, null, scales], x.dtype, [batch, channels, divide(height, n), divide(width, n)], attributes)
}

/** PyTorch's pixel_shuffle: channel c·n² + dy·n + dx moves to (dy, dx). [B, C·n², H, W] -> [B, C, n·H, n·W] */
export function pixelShuffle(x: Value, n: number): Value {
  const [batch, channels, height, width] = fourDims(x)
  const shape = [batch, divide(channels, n * n), multiply(height, n), multiply(width, n)]
  return one('DepthToSpace', [x], x.dtype, shape, { blocksize: n, mode: 'CRD' })
}
