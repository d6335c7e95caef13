/**
 * The autoencoder that Paella of 2022 was trained with, `GumbelVQ` f8 (taming-transformers, as published with ruDALL-E; the
 * authors' names are kept as scopes): pictures in [0, 1] become grids of codes, one for every 8 x 8 px, and grids become
 * pictures. Nearly all of it is 3 x 3 convolution, so maps stay [n, C, h, w].
 *
 * Encoder: some residual blocks a level, halving in between, attention at the lowest; the code is the one with the greatest
 * logit. Decoder: the same backwards. What is resized, and where attention sits, is a matter of depth, not of the picture's size.
 */
import { StudioError } from '../../shared/contract/errors.ts'
import { type CheckpointSizes, checkpointSizes } from '../checkpoint/sizes.ts'
import type { TensorSource } from '../checkpoint/stored-tensor.ts'
import { attend } from '../nn/attention.ts'
import { embedding, pointwise, width } from '../nn/layers.ts'
import type { Graph, Value } from '../onnx/graph.ts'
import * as op from '../onnx/ops.ts'
import { known, multiply, product, symbol } from '../tensor/shape.ts'

/** A level's blocks: channels that they give, how many there are, and whether attention follows each. */
interface Level {
  readonly channels: number
  readonly blocks: number
  readonly attention: boolean
}

export interface VqganConfig {
  /** Codes of the codebook, and channels of a code. */
  readonly codes: number
  readonly latent: number
  /** Channels between the encoder and the codes (z_channels). */
  readonly zChannels: number
  /** Channels of the map before the first level and after the last. */
  readonly stem: number
  /** Levels from the pixels down; `decoder` has them in the same order, and walks them backwards. */
  readonly encoder: readonly Level[]
  readonly decoder: readonly Level[]
}

/** Of every norm: channels share a mean and a deviation in so many groups. */
const groups = 32

/**
 * Reads the sizes off the checkpoint's shapes.
 * @throws StudioError 'checkpoint-mismatch' where it is another network's
 */
export function vqganConfig(source: TensorSource): VqganConfig {
  const sizes: CheckpointSizes = checkpointSizes(source, 'the Gumbel VQGAN (f8)')
  const levels = (path: string): Level[] => {
    const count = Math.max(1, sizes.count(new RegExp(`^${path}\\.\\d+\\.block\\.0\\.norm1\\.bias$`)))
    return Array.from({ length: count }, (_, i) => ({
      channels: sizes.size(`${path}.${i}.block.0.conv1.weight`, 0),
      blocks: sizes.count(new RegExp(`^${path}\\.${i}\\.block\\.\\d+\\.norm1\\.bias$`)),
      attention: source.has(`${path}.${i}.attn.0.norm.bias`),
    }))
  }
  const [stem, encoder, decoder] = [
    sizes.size('encoder.conv_in.weight', 0),
    levels('encoder.down'),
    levels('decoder.up'),
  ]
  const uneven = [stem, ...[...encoder, ...decoder].map(({ channels }) => channels)].find(
    (width) => width % groups !== 0,
  )
  if (uneven !== undefined)
    throw new StudioError(
      'checkpoint-mismatch',
      `A level of this VQGAN is ${uneven} wide, which does not divide into its ${groups} groups. Choose another file.`,
    )
  return {
    codes: sizes.size('quantize.embed.weight', 0),
    latent: sizes.size('quantize.embed.weight', 1),
    zChannels: sizes.size('post_quant_conv.weight', 0),
    stem,
    encoder,
    decoder,
  }
}

/** Picture px a code spans on each axis: 8 as published. Both sides of a picture must be multiples of it. */
export const vqganPixelsPerToken = ({ encoder }: VqganConfig): number => 2 ** (encoder.length - 1)

const n = symbol('n')
const h = symbol('h')
const w = symbol('w')

/**
 * Adds to `graph`: input `image` float32 [n, 3, 8h, 8w] in [0, 1]; output `tokens` int32 [n, h, w]. At its lowest level attention
 * costs (h·w)² floats of memory.
 */
export function vqganEncoder(graph: Graph, cfg: VqganConfig): void {
  const span = vqganPixelsPerToken(cfg)
  const image = graph.input('image', 'float32', [n, 3, symbol('h', span), symbol('w', span)])
  const z = graph.scope('encoder', () => {
    let x = conv(op.sub(op.mul(image, 2), 1), 'conv_in', cfg.stem)
    for (const [i, level] of cfg.encoder.entries()) {
      x = graph.scope(`down.${i}`, () => {
        const y = levelBlocks(x, level)
        return i === cfg.encoder.length - 1 ? y : graph.scope('downsample', () => halved(y))
      })
    }
    return conv(swish(norm(middle(x), 'norm_out')), 'conv_out', cfg.zChannels)
  }) // [n, z, h, w]
  const latents = pointwise(op.channelsLast(z), 'quant_conv', cfg.latent)
  const logits = pointwise(latents, 'quantize.proj', cfg.codes) // [n, h, w, K]
  graph.output('tokens', op.dropLast(op.narrow(op.argMax(logits), cfg.codes)))
}

/** Adds to `graph`: input `tokens` int32 [n, h, w], output `image` float32 [n, 3, 8h, 8w] in [0, 1]. Memory as in the encoder. */
export function vqganDecoder(graph: Graph, cfg: VqganConfig): void {
  const tokens = graph.input('tokens', 'int32', [n, h, w])
  const codes = graph.scope('quantize', () => embedding(graph, 'embed', tokens, cfg.codes, cfg.latent))
  const z = op.channelsFirst(pointwise(codes, 'post_quant_conv', cfg.zChannels))
  const image = graph.scope('decoder', () => {
    let x = middle(conv(z, 'conv_in', cfg.decoder.at(-1)?.channels ?? 0))
    for (const [i, level] of [...cfg.decoder.entries()].toReversed()) {
      x = graph.scope(`up.${i}`, () => {
        const y = levelBlocks(x, level)
        return i === 0 ? y : graph.scope('upsample', () => conv(op.repeatCells(y, 2), 'conv', channelsOf(y)))
      })
    }
    return conv(swish(norm(x, 'norm_out')), 'conv_out', 3)
  })
  const clamped = op.min(op.max(image, -1), 1)
  graph.output('image', op.mul(op.add(clamped, 1), 0.5))
}

function levelBlocks(x: Value, { channels, blocks, attention }: Level): Value {
  const { graph } = x
  for (let j = 0; j < blocks; j++) {
    x = graph.scope(`block.${j}`, () => resBlock(x, channels))
    if (attention) x = graph.scope(`attn.${j}`, () => attentionBlock(x))
  }
  return x
}

function middle(x: Value): Value {
  const { graph } = x
  return graph.scope('mid', () => {
    const first = graph.scope('block_1', () => resBlock(x, channelsOf(x)))
    const mixed = graph.scope('attn_1', () => attentionBlock(first))
    return graph.scope('block_2', () => resBlock(mixed, channelsOf(x)))
  })
}

/** Two convolutions beside the way through, which has one of its own where the channels change. */
function resBlock(x: Value, channels: number): Value {
  const y = conv(swish(norm(x, 'norm1')), 'conv1', channels)
  const branch = conv(swish(norm(y, 'norm2')), 'conv2', channels)
  return op.add(channelsOf(x) === channels ? x : conv(x, 'nin_shortcut', channels, 1), branch)
}

/** Every cell looks at every other, with one head. */
function attentionBlock(x: Value): Value {
  const channels = channelsOf(x)
  const y = op.channelsLast(norm(x, 'norm')) // [n, h, w, C]
  const [q, k, v] = ['q', 'k', 'v'].map((key) => {
    const part = pointwise(y, key, channels)
    return op.reshape(part, [n, product(part.shape.slice(1, 3)), channels]) // [n, h·w, C]
  }) as [Value, Value, Value]
  const mixed = op.rowsLike(op.rows(attend(q, k, v, 1)), y)
  return op.add(x, op.channelsFirst(pointwise(mixed, 'proj_out', width(y))))
}

/** 3 x 3 convolution of stride 2 that looks at one cell more below and on the right, and none above: half the size. */
const halved = (x: Value): Value => conv(x, 'conv', channelsOf(x), 3, { stride: 2, pad: [0, 1] })

function conv(
  x: Value,
  key: string,
  out: number,
  kernel = 3,
  options: op.ConvOptions = { pad: (kernel - 1) / 2 },
): Value {
  const { graph } = x
  return graph.scope(key, () => {
    const weight = graph.weight('weight', [out, channelsOf(x), kernel, kernel])
    return op.conv(x, weight, graph.weight('bias', [out]), options)
  })
}

/** Group norm, as an instance norm of the groups: [n, C, h, w] -> [n, C, h, w] */
function norm(x: Value, key: string): Value {
  const { graph } = x
  const channels = channelsOf(x)
  const [, , height = 0, width = 0] = x.shape
  return graph.scope(key, () => {
    const grouped = op.reshape(x, [n, groups, multiply(height, channels / groups), width])
    const even = op.reshape(op.instanceNorm(grouped, 1e-6), x.shape)
    const [weight, bias] = ['weight', 'bias'].map((part) =>
      op.reshape(graph.weight(part, [channels]), [channels, 1, 1]),
    ) as [Value, Value]
    return op.add(op.mul(even, weight), bias)
  })
}

const channelsOf = (x: Value): number => known(x.shape[1])
const swish = op.silu
