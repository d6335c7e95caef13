/**
 * The autoencoder of the 2023 release, `VQModel` (f4): pictures in [0, 1] become grids of codes, one for every 4 x 4 px, and
 * grids become pictures. The authors' names are kept as scopes; maps are channels-last, [b, h, w, C].
 *
 * Encoder: 2 x 2 px to one cell, a block a level, halving in between, four channels, the nearest code. Decoder: the same
 * backwards, with most of its blocks at the bottom.
 */
import { type CheckpointSizes, checkpointSizes } from '../checkpoint/sizes.ts'
import type { TensorSource } from '../checkpoint/stored-tensor.ts'
import { depthwise, downsample, embedding, linear, patches, pointwise, upsample, width } from '../nn/layers.ts'
import type { Graph, Value } from '../onnx/graph.ts'
import * as op from '../onnx/ops.ts'
import { symbol } from '../tensor/shape.ts'

export interface VQModelConfig {
  /** Codes of the codebook. */
  readonly codes: number
  /** Channels of a code. */
  readonly latent: number
  /** Channels of each level, from the pixels down. */
  readonly widths: readonly number[]
  /** Blocks of the decoder at the lowest level; the others have one each. */
  readonly bottleneckBlocks: number
}

/** Last parts of keys that published checkpoints hold and these graphs do not need (checkpoint/bind.ts). */
export const vqModelUnused: readonly string[] = ['num_batches_tracked']

/**
 * Reads the sizes off the checkpoint's shapes.
 * @throws StudioError 'checkpoint-mismatch' where it is another network's
 */
export function vqModelConfig(source: TensorSource): VQModelConfig {
  const sizes: CheckpointSizes = checkpointSizes(source, 'VQModel (f4)')
  const levels = Math.max(1, sizes.count(/^down_blocks\.\d+\.gammas$/))
  return {
    codes: sizes.size('vquantizer.codebook.weight', 0),
    latent: sizes.size('vquantizer.codebook.weight', 1),
    widths: Array.from({ length: levels }, (_, i) => sizes.size(`down_blocks.${2 * i}.depthwise.1.bias`, 0)),
    bottleneckBlocks: sizes.count(/^up_blocks\.\d+\.gammas$/) - (levels - 1),
  }
}

/** Picture px a code spans on each axis: 4 as published. Both sides of a picture must be multiples of it. */
export const vqPixelsPerToken = ({ widths }: VQModelConfig): number => 2 ** widths.length

const b = symbol('b')
const h = symbol('h')
const w = symbol('w')

/**
 * Adds to `graph`: input `image` float32 [b, 3, 4h, 4w] in [0, 1]; outputs `tokens` int32 [b, h, w], and `latents`
 * [b, 4, h, w], what they were before they became the nearest code. Costs h·w·K floats of memory at its end.
 */
export function encoder(graph: Graph, cfg: VQModelConfig): void {
  const span = vqPixelsPerToken(cfg)
  const image = graph.input('image', 'float32', [b, 3, symbol('h', span), symbol('w', span)])
  let x = patches(image, 'in_block.1', cfg.widths[0] ?? 0, 2)
  cfg.widths.forEach((channels, level) => {
    if (level > 0) x = downsample(x, `down_blocks.${2 * level - 1}`, channels)
    x = graph.scope(`down_blocks.${2 * level}`, () => resBlock(x))
  })
  const latents = graph.scope(`down_blocks.${2 * cfg.widths.length - 1}`, () => normalisedLatents(x, cfg.latent))
  graph.output('latents', op.channelsFirst(latents))
  graph.output('tokens', nearestCode(latents, cfg))
}

/** Adds to `graph`: input `tokens` int32 [b, h, w], output `image` float32 [b, 3, 4h, 4w], about [0, 1] and not clamped. */
export function decoder(graph: Graph, cfg: VQModelConfig): void {
  const tokens = graph.input('tokens', 'int32', [b, h, w])
  let x = embedding(graph, 'vquantizer.codebook', tokens, cfg.codes, cfg.latent)
  x = pointwise(x, 'up_blocks.0.0', cfg.widths.at(-1) ?? 0)
  let index = 1
  for (let level = cfg.widths.length - 1; level >= 0; level--) {
    const blocks = level === cfg.widths.length - 1 ? cfg.bottleneckBlocks : 1
    for (let j = 0; j < blocks; j++) x = graph.scope(`up_blocks.${index++}`, () => resBlock(x))
    if (level > 0) x = upsample(x, `up_blocks.${index++}`, cfg.widths[level - 1] ?? 0)
  }
  graph.output('image', op.pixelShuffle(op.channelsFirst(pointwise(x, 'out_block.0', 12)), 2))
}

/**
 * One block: a depthwise look at the neighbours, then two linear layers on every cell. The six `gammas` are single numbers:
 * scale and shift of the first norm, weight of the first branch, and the same three of the second.
 */
function resBlock(x: Value): Value {
  const { graph } = x
  const channels = width(x)
  const gammas = graph.weight('gammas', [6])
  const gamma = (index: number): Value => op.slice(gammas, 0, index, index + 1)
  const norm = (y: Value, first: number): Value => {
    const ones = graph.constant(Array(channels).fill(1))
    const scale = op.mul(ones, op.add(gamma(first), 1))
    return op.layerNorm(y, scale, op.mul(ones, gamma(first + 1)), 1e-6)
  }
  const y = op.add(x, op.mul(depthwise(norm(x, 0), 'depthwise.1', 'edge'), gamma(2)))
  const hidden = op.gelu(linear(norm(y, 3), 'channelwise.0', 4 * channels))
  return op.add(y, op.mul(linear(hidden, 'channelwise.2', channels), gamma(5)))
}

/** 1x1 convolution `0` and batch norm `1` with its running statistics, folded into one matrix product. */
function normalisedLatents(x: Value, channels: number): Value {
  const { graph } = x
  const weight = op.reshape(graph.weight('0.weight', [channels, width(x), 1, 1]), [channels, width(x)])
  const statistic = (key: string): Value => graph.weight(`1.${key}`, [channels])
  const scale = op.div(statistic('weight'), op.sqrt(op.add(statistic('running_var'), 1e-5)))
  const shift = op.sub(statistic('bias'), op.mul(statistic('running_mean'), scale))
  return op.rowsLike(op.gemm(op.rows(x), op.mul(weight, op.reshape(scale, [channels, 1])), shift), x)
}

/**
 * Index of the code e that lies nearest to each cell z, the first of equals. |z - e|² is least where 2 z·e - |e|² is greatest,
 * and that is one matrix product.
 */
function nearestCode(latents: Value, cfg: VQModelConfig): Value {
  const codebook = latents.graph.weight('vquantizer.codebook.weight', [cfg.codes, cfg.latent])
  const squares = op.reduceSum(op.mul(codebook, codebook), 1, false) // [K]
  const nearness = op.gemm(op.rows(latents), op.mul(codebook, 2), op.neg(squares))
  return op.reshape(op.narrow(op.argMax(nearness), cfg.codes), latents.shape.slice(0, -1))
}
