/**
 * The layers that all networks here are made of. Weights are asked for by their checkpoint keys, inside the scope that the
 * caller has opened; feature maps are channels-last, [B, H, W, C], so that a linear layer is one matrix product.
 */
import { assert } from '../../shared/base/assert.ts'
import type { Graph, Value } from '../onnx/graph.ts'
import {
  cast,
  channelsFirst,
  channelsLast,
  conv,
  convTranspose,
  gatherRows,
  gemm,
  gemmInt8,
  layerNorm as normalise,
  mul,
  padEdges,
  reshape,
  rows,
  rowsLike,
  slice,
  transpose,
} from '../onnx/ops.ts'
import { known } from '../tensor/shape.ts'

export const width = (x: Value): number => known(x.shape.at(-1))

/**
 * nn.Linear: [..., C] -> [..., out]
 * @param gain multiplies the result, [out]
 */
export const linear = (x: Value, key: string, out: number, gain?: Value): Value =>
  x.graph.scope(key, () => affine(x, 'weight', 'bias', [out, width(x)], { gain }))

/** nn.Linear without a bias: [..., C] -> [..., out] */
export const projection = (x: Value, key: string, out: number): Value =>
  x.graph.scope(key, () => affine(x, 'weight', null, [out, width(x)]))

/** nn.Conv2d of kernel 1: the linear layer of every position, [B, H, W, C] -> [B, H, W, out] */
export const pointwise = (x: Value, key: string, out: number): Value =>
  x.graph.scope(key, () => affine(x, 'weight', 'bias', [out, width(x), 1, 1]))

/** nn.Conv2d of kernel 1 without a bias: [B, H, W, C] -> [B, H, W, out] */
export const pointwiseProjection = (x: Value, key: string, out: number): Value =>
  x.graph.scope(key, () => affine(x, 'weight', null, [out, width(x), 1, 1]))

interface AffineOptions {
  /** Multiplies the result, [out]. */
  readonly gain?: Value | undefined
  /** Only these rows of weight and bias, from and to (not included). */
  readonly rows?: readonly [number, number]
}

/**
 * (x · weightᵀ + bias) · gain by the keys of weight and bias; in 8 bits where the graph wants the weight so.
 * @param shape of the weight in the checkpoint: [out, in] and ones
 */
export function affine(
  x: Value,
  weightKey: string,
  biasKey: string | null,
  shape: readonly [number, number, ...1[]],
  { gain, rows: [from, to] = [0, shape[0]] }: AffineOptions = {},
): Value {
  const { graph } = x
  const [out, inputs] = shape
  const wanted = (all: Value, axis = 0): Value => (to - from === out ? all : slice(all, axis, from, to))
  const bias = biasKey === null ? null : wanted(graph.weight(biasKey, [out]))
  const int8 = graph.int8Weight(weightKey, shape, 'multiply')
  if (int8) {
    const turned = int8.reversed
      ? reshape(int8.weight, [inputs, out])
      : transpose(reshape(int8.weight, [out, inputs]), [1, 0])
    const [weight, scale] = [wanted(turned, 1), wanted(reshape(int8.scale, [out]))]
    // Of known numbers only, so onnxruntime multiplies once, while loading.
    return gain ? gemmInt8(x, weight, mul(scale, gain), bias && mul(bias, gain)) : gemmInt8(x, weight, scale, bias)
  }
  const y = rowsLike(gemm(rows(x), wanted(reshape(graph.weight(weightKey, shape), [out, inputs])), bias), x)
  return gain ? mul(y, gain) : y
}

/** nn.Embedding: indices [...] -> [..., C]. Of a table in 8 bits only the rows asked for are widened. */
export function embedding(graph: Graph, key: string, indices: Value, count: number, channels: number): Value {
  return graph.scope(key, () => {
    const int8 = graph.int8Weight('weight', [count, channels], 'look up')
    if (!int8) return gatherRows(graph.weight('weight', [count, channels]), indices)
    return mul(cast(gatherRows(int8.weight, indices), 'float32'), gatherRows(int8.scale, indices))
  })
}

/** Columns `from` to `to` (not included) of a matrix [out, in]. In 8 bits only they are widened, while loading. */
export function columns(
  graph: Graph,
  key: string,
  shape: readonly [number, number],
  [from, to]: readonly [number, number],
): Value {
  const int8 = graph.int8Weight(key, shape, 'look up')
  if (!int8) return slice(graph.weight(key, shape), 1, from, to)
  return mul(cast(slice(int8.weight, 1, from, to), 'float32'), int8.scale)
}

/** nn.LayerNorm over the last axis. */
export function layerNorm(x: Value, key: string, epsilon: number): Value {
  const { graph } = x
  return graph.scope(key, () =>
    normalise(x, graph.weight('weight', [width(x)]), graph.weight('bias', [width(x)]), epsilon),
  )
}

/** nn.LayerNorm over the last axis, without scale and shift. */
export function plainNorm(x: Value, epsilon: number): Value {
  const [ones, zeros] = [1, 0].map((value) => x.graph.constant(Array<number>(width(x)).fill(value)))
  assert(ones && zeros, 'two in, two out')
  return normalise(x, ones, zeros, epsilon)
}

/** nn.Conv2d on a channels-last map: [B, H, W, C] -> [B, H/stride, W/stride, out] */
export function conv2d(
  x: Value,
  key: string,
  out: number,
  kernel: number,
  options: { stride?: number; pad?: number } = {},
): Value {
  const { graph } = x
  return graph.scope(key, () => {
    const weight = graph.weight('weight', [out, width(x), kernel, kernel])
    return channelsLast(conv(channelsFirst(x), weight, graph.weight('bias', [out]), options))
  })
}

/** Convolution of stride 2, its kernel 4 or 2: half the size. */
export const downsample = (x: Value, key: string, out: number, kernel: 4 | 2 = 4): Value =>
  conv2d(x, key, out, kernel, { stride: 2, pad: (kernel - 2) / 2 })

/** Transposed convolution of stride 2, its kernel 4 or 2: twice the size. */
export function upsample(x: Value, key: string, out: number, kernel: 4 | 2 = 4): Value {
  const { graph } = x
  return graph.scope(key, () => {
    const weight = graph.weight('weight', [width(x), out, kernel, kernel])
    const options = { stride: 2, pad: (kernel - 2) / 2 }
    return channelsLast(convTranspose(channelsFirst(x), weight, graph.weight('bias', [out]), options))
  })
}

/**
 * nn.PixelUnshuffle(n) and a 1x1 convolution, as the one convolution that they are: channel c·n² + dy·n + dx of the weight
 * is cell (dy, dx) of plane c. [B, C, n·H, n·W] -> [B, H, W, out]
 */
export function patches(x: Value, key: string, out: number, n: number): Value {
  const { graph } = x
  const channels = known(x.shape[1])
  return graph.scope(key, () => {
    const weight = reshape(graph.weight('weight', [out, channels * n * n, 1, 1]), [out, channels, n, n])
    return channelsLast(conv(x, weight, graph.weight('bias', [out]), { stride: n }))
  })
}

/** k x k convolution with zeros around, each group of channels by itself: [B, H, W, groups · n] -> [B, H, W, groups] */
export function grouped(x: Value, key: string, groups: number, kernel: number): Value {
  const { graph } = x
  return graph.scope(key, () => {
    const weight = graph.weight('weight', [groups, width(x) / groups, kernel, kernel])
    const options = { groups, pad: Math.floor(kernel / 2) }
    return channelsLast(conv(channelsFirst(x), weight, graph.weight('bias', [groups]), options))
  })
}

/** 3x3 depthwise convolution, the map padded by its reflection or by its edge. */
export function depthwise(x: Value, key: string, padding: 'reflect' | 'edge'): Value {
  const { graph } = x
  const channels = width(x)
  return graph.scope(key, () => {
    const weight = graph.weight('weight', [channels, 1, 3, 3])
    const padded = channelsFirst(padEdges(x, padding))
    return channelsLast(conv(padded, weight, graph.weight('bias', [channels]), { groups: channels }))
  })
}
