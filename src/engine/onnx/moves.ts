/** The operators that move numbers about without computing: layout, slices, lookups, padding. */
import { assert } from '../../shared/base/assert.ts'
import {
  divide,
  formatShape,
  grow,
  known,
  multiply,
  product,
  sameDim,
  sameShape,
  type Shape,
  sum,
} from '../tensor/shape.ts'
import type { Value } from './graph.ts'
import { axisOf, fourDims, one, withAxis } from './node.ts'

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
 * Where unknown dimensions stay at their axis and one at most is merged or split, the file says 0 or -1 for them; else the host
 * is asked for the sides at each run.
 * @throws where the number of elements would change
 */
export function reshape(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x
  assert(sameDim(product(x.shape), product(shape)), `reshape of ${formatShape(x.shape)} to ${formatShape(shape)}`)
  let free = 0
  const target = shape.map((dim, axis) => {
    if (typeof dim === 'number') return dim
    const before = x.shape[axis]
    if (before !== undefined && sameDim(before, dim)) return 0
    free += 1
    return -1
  })
  const sides = free <= 1 ? x.graph.constant(target, 'int64') : x.graph.sides(shape)
  return one('Reshape', [x, sides], x.dtype, shape)
}

/** `x` with the leading dimensions that `like` has: rows [b·h·w, C] back to [b, h, w, C]. */
export const rowsLike = (x: Value, like: Value): Value =>
  reshape(x, [...like.shape.slice(0, -1), known(x.shape.at(-1))])

/** [..., C] -> [rows, C] */
export const rows = (x: Value): Value => reshape(x, [product(x.shape.slice(0, -1)), known(x.shape.at(-1))])

export function concat(values: readonly Value[], axis: number): Value {
  const first = values[0]
  assert(first, 'concat of nothing')
  if (values.length === 1) return first
  const at = axisOf(first, axis)
  const total = sum(values.map((value) => value.shape[at] ?? 0))
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

/** A shader has room for 12 buffers at most on some devices; the input is one of them. */
const mostPieces = 8

/** Pieces of the given sizes along one axis. Many of them in two or more rounds, as WebGPU's kernel cannot write them at once. */
export function split(x: Value, axis: number, sizes: readonly number[]): readonly Value[] {
  if (sizes.length > mostPieces) {
    const groups = Array.from({ length: Math.ceil(sizes.length / mostPieces) }, (_, i) =>
      sizes.slice(i * mostPieces, (i + 1) * mostPieces),
    )
    const parts = split(x, axis, groups.map(total))
    return parts.flatMap((part, i) => split(part, axis, groups[i] ?? []))
  }
  const at = axisOf(x, axis)
  assert(total(sizes) === known(x.shape[at]), `split of ${formatShape(x.shape)} into ${sizes}`)
  if (sizes.length === 1) return [x]
  const results = sizes.map((size) => ({ dtype: x.dtype, shape: withAxis(x.shape, at, size) }))
  return x.graph.node('Split', [x, x.graph.constant(sizes, 'int64')], results, { axis: at })
}

const total = (sizes: readonly number[]): number => sizes.reduce((a, b) => a + b, 0)

/** Whole rows of `table` [K, C] by index: [...] -> [..., C] */
export function gatherRows(table: Value, indices: Value): Value {
  return one('Gather', [table, indices], table.dtype, [...indices.shape, ...table.shape.slice(1)], { axis: 0 })
}

/** int64 indices below `count` as int32. Looked up, as WebGPU computes with no int64 but takes them as indices. */
export function narrow(indices: Value, count: number): Value {
  assert(indices.dtype === 'int64', 'only int64 is narrowed')
  return gatherRows(indices.graph.constant([...Array(count).keys()], 'int32'), indices)
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
  const shape = [batch, ...x.shape.slice(1)]
  return one('Expand', [x, x.graph.sides(shape)], x.dtype, shape)
}

/** Zeros of the shape that `x` has without its last axis: [..., C] -> [...] */
export function zerosLike(x: Value): Value {
  const shape = x.shape.slice(0, -1)
  return one('Expand', [x.graph.constant(0), x.graph.sides(shape)], 'float32', shape)
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

/** Every cell n x n times: [B, C, H, W] -> [B, C, n·H, n·W] */
export function repeatCells(x: Value, n: number): Value {
  const [batch, channels, height, width] = fourDims(x)
  const attributes = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
  const shape = [batch, channels, multiply(height, n), multiply(width, n)]
  return one('Resize', [x, null, x.graph.constant([1, 1, n, n])], x.dtype, shape, attributes)
}

/** PyTorch's pixel_shuffle: channel c·n² + dy·n + dx moves to (dy, dx). [B, C·n², H, W] -> [B, C, n·H, n·W] */
export function pixelShuffle(x: Value, n: number): Value {
  const [batch, channels, height, width] = fourDims(x)
  const shape = [batch, divide(channels, n * n), multiply(height, n), multiply(width, n)]
  return one('DepthToSpace', [x], x.dtype, shape, { blocksize: n, mode: 'CRD' })
}
