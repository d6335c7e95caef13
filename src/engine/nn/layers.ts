/**
 * The layers that all networks here are made of. Weights are asked for by their checkpoint keys, inside the scope that the
 * caller has opened; feature maps are channels-last, [B, H, W, C], so that a linear layer is one matrix product.
 */
import { assert } from '../../shared/base/assert.ts'
import type { Graph, Value } from '../onnx/graph.ts'
import {
  add,
  cast,
  channelsFirst,
  channelsLast,
  conv,
  convTranspose,
  gatherRows,
  gemm,
  gemmInt8,
  layerNorm as normalise,
  matmul,
  mul,
  padEdges,
  reshape,
  rows,
  rowsLike,
  softmax,
  split,
  transpose,
} from '../onnx/ops.ts'
import { known } from '../tensor/shape.ts'

export const width = (x: Value): number => known(x.shape.at(-1))

/**
 * nn.Linear: [..., C] -> [..., out]
 * @param gain multiplies the result, [out]
 */
export const linear = (x: Value, key: string, out: number, gain?: Value): Value =>
  x.graph.scope(key, () => affine(x, 'weight', 'bias', [out, width(x)], gain))

/** nn.Conv2d of kernel 1: the linear layer of every position, [B, H, W, C] -> [B, H, W, out] */
export const pointwise = (x: Value, key: string, out: number): Value =>
  x.graph.scope(key, () => affine(x, 'weight', 'bias', [out, width(x), 1, 1]))

/**
 * (x · weightᵀ + bias) · gain by the keys of weight and bias; in 8 bits where the graph wants the weight so.
 * @param shape of the weight in the checkpoint: [out, in] and ones
 */
function affine(
  x: Value,
  weightKey: string,
  biasKey: string,
  shape: readonly [number, number, ...1[]],
  gain?: Value,
): Value {
  const { graph } = x
  const [out, inputs] = shape
  const bias = graph.weight(biasKey, [out])
  const int8 = graph.int8Weight(weightKey, shape, 'multiply')
  if (int8) {
    const [weight, scale] = [reshape(int8.weight, [out, inputs]), reshape(int8.scale, [out])]
    // Of known numbers only, so onnxruntime multiplies once, while loading.
    return gain ? gemmInt8(x, weight, mul(scale, gain), mul(bias, gain)) : gemmInt8(x, weight, scale, bias)
  }
  const y = rowsLike(gemm(rows(x), reshape(graph.weight(weightKey, shape), [out, inputs]), bias), x)
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

/**
 * nn.MultiheadAttention of a sequence with itself: [B, N, C] -> [B, N, C], with N known.
 * @param mask added to the scores, [N, N]
 */
export function attention(x: Value, key: string, heads: number, mask?: Value): Value {
  const { graph } = x
  const [batch, length] = x.shape
  const channels = width(x)
  assert(
    x.shape.length === 3 && batch !== undefined && length !== undefined,
    'attention needs [batch, length, channels]',
  )
  assert(channels % heads === 0, `${channels} channels do not divide into ${heads} heads`)
  const headWidth = channels / heads
  return graph.scope(key, () => {
    const packed = affine(x, 'in_proj_weight', 'in_proj_bias', [3 * channels, channels])
    const [q, k, v] = split(packed, -1, [channels, channels, channels]).map((part) =>
      transpose(reshape(part, [batch, length, heads, headWidth]), [0, 2, 1, 3]),
    ) // [B, heads, N, headWidth] each
    assert(q && k && v, 'the packed projection has three parts')
    const scores = matmul(mul(q, headWidth ** -0.5), transpose(k, [0, 1, 3, 2])) // [B, heads, N, N]
    const mixed = matmul(softmax(mask ? add(scores, mask) : scores), v)
    return linear(reshape(transpose(mixed, [0, 2, 1, 3]), [batch, length, channels]), 'out_proj', channels)
  })
}

/** nn.LayerNorm over the last axis. */
export function layerNorm(x: Value, key: string, epsilon: number): Value {
  const { graph } = x
  return graph.scope(key, () =>
    normalise(x, graph.weight('weight', [width(x)]), graph.weight('bias', [width(x)]), epsilon),
  )
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

/** 4x4 convolution of stride 2: half the size. */
export const downsample = (x: Value, key: string, out: number): Value => conv2d(x, key, out, 4, { stride: 2, pad: 1 })

/** 4x4 transposed convolution of stride 2: twice the size. */
export function upsample(x: Value, key: string, out: number): Value {
  const { graph } = x
  return graph.scope(key, () => {
    const weight = graph.weight('weight', [width(x), out, 4, 4])
    return channelsLast(convTranspose(channelsFirst(x), weight, graph.weight('bias', [out]), { stride: 2, pad: 1 }))
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
