/**
 * CLIP as open_clip publishes it: two transformers from one checkpoint, which map a text and a picture into the same space.
 * Both are stacks of one block; keys are the checkpoint's. Features come out as they are, not normalised.
 */
import { StudioError } from '../../shared/contract/errors.ts'
import { type CheckpointSizes, checkpointSizes } from '../checkpoint/sizes.ts'
import type { TensorSource } from '../checkpoint/stored-tensor.ts'
import { attention } from '../nn/attention.ts'
import { embedding, layerNorm, linear, width } from '../nn/layers.ts'
import type { Graph, Value } from '../onnx/graph.ts'
import * as op from '../onnx/ops.ts'
import { symbol } from '../tensor/shape.ts'

interface TransformerConfig {
  readonly width: number
  readonly heads: number
  readonly layers: number
  /** Width inside the two linear layers of a block. */
  readonly hidden: number
}

export interface ClipConfig {
  readonly embedDim: number
  /** x·sigmoid(1.702x), as OpenAI's checkpoints have it, in place of the exact GELU. */
  readonly quickGelu: boolean
  readonly text: TransformerConfig & { readonly contextLength: number; readonly vocabulary: number }
  /** Absent where the checkpoint holds the text tower alone. Sizes in px; pictures and patches are square. */
  readonly vision: (TransformerConfig & { readonly imageSize: number; readonly patchSize: number }) | undefined
}

/** What no shape tells. */
export interface ClipOptions {
  readonly quickGelu?: boolean | undefined
  /** Default: as many as are 64 wide, as in all published text towers. */
  readonly textHeads?: number | undefined
  /** Default: what open_clip's model of that width has. */
  readonly visionHeadWidth?: number | undefined
}

/** Last parts of keys that published checkpoints hold and these graphs do not need (checkpoint/bind.ts). */
export const clipUnused: readonly string[] = ['logit_scale']

/** open_clip's vision towers whose heads are not 64 wide, by width: ViT-H, ViT-g, ViT-bigG and ViT-e. */
const visionHeadWidths = new Map([
  [1280, 80],
  [1408, 88],
  [1664, 104],
  [1792, 112],
])

/**
 * Reads the sizes off the checkpoint's shapes.
 * @throws StudioError 'checkpoint-mismatch' where it is another network's or does not divide into its heads
 */
export function clipConfig(source: TensorSource, options: ClipOptions = {}): ClipConfig {
  const sizes = checkpointSizes(source, 'CLIP')
  const textWidth = sizes.size('token_embedding.weight', 1)
  return {
    embedDim: sizes.size('text_projection', 1),
    quickGelu: options.quickGelu ?? false,
    text: {
      ...transformerConfig(sizes, '', textWidth, options.textHeads ?? textWidth / 64),
      contextLength: sizes.size('positional_embedding', 0),
      vocabulary: sizes.size('token_embedding.weight', 0),
    },
    vision: source.has('visual.conv1.weight') ? visionConfig(sizes, options) : undefined,
  }
}

function visionConfig(sizes: CheckpointSizes, { visionHeadWidth }: ClipOptions): ClipConfig['vision'] {
  const width = sizes.size('visual.conv1.weight', 0)
  const patchSize = sizes.size('visual.conv1.weight', 2)
  const patchesOfSide = Math.sqrt(sizes.size('visual.positional_embedding', 0) - 1)
  const headWidth = visionHeadWidth ?? visionHeadWidths.get(width) ?? 64
  return {
    ...transformerConfig(sizes, 'visual.', width, width / headWidth),
    imageSize: Math.round(patchesOfSide) * patchSize,
    patchSize,
  }
}

function transformerConfig(sizes: CheckpointSizes, tower: string, width: number, heads: number): TransformerConfig {
  if (!Number.isInteger(heads) || width % heads !== 0)
    throw new StudioError(
      'checkpoint-mismatch',
      `This CLIP's tower of width ${width} does not divide into ${heads} heads. Name its heads, or choose another CLIP.`,
    )
  const blocks = `${tower}transformer.resblocks.`
  return {
    width,
    heads,
    layers: sizes.count(new RegExp(`^${blocks.replaceAll('.', '\\.')}\\d+\\.ln_1\\.bias$`)),
    hidden: sizes.size(`${blocks}0.mlp.c_fc.weight`, 0),
  }
}

const b = symbol('b')

/**
 * Adds to `graph`: inputs `tokens` int32 [b, contextLength] and `end` int32 [b], the position of the end mark in each row;
 * output `features` float32 [b, embedDim].
 */
export function textTower(graph: Graph, cfg: ClipConfig): void {
  const { contextLength, vocabulary, width } = cfg.text
  const tokens = graph.input('tokens', 'int32', [b, contextLength])
  const end = graph.input('end', 'int32', [b])
  let x = embedding(graph, 'token_embedding', tokens, vocabulary, width) // [b, n, C]
  x = op.add(x, graph.weight('positional_embedding', [contextLength, width]))
  x = transformer(x, cfg.text, cfg.quickGelu, causalMask(graph, contextLength))
  x = layerNorm(op.pick(x, op.cast(op.addLast(end), 'int64')), 'ln_final', epsilon)
  graph.output('features', op.matmul(x, graph.weight('text_projection', [width, cfg.embedDim])))
}

/**
 * Adds to `graph`: input `image` float32 [b, 3, S, S], normalised by CLIP's mean and deviation; output `features` float32
 * [b, embedDim].
 * @throws StudioError 'checkpoint-mismatch' where the checkpoint had no vision tower
 */
export function imageTower(graph: Graph, cfg: ClipConfig): void {
  const { vision } = cfg
  if (!vision)
    throw new StudioError(
      'checkpoint-mismatch',
      'This CLIP understands text alone: it has no vision tower. Choose a model with one to start from a picture.',
    )
  const { width, imageSize, patchSize } = vision
  const image = graph.input('image', 'float32', [b, 3, imageSize, imageSize])
  const patches = (imageSize / patchSize) ** 2
  graph.scope('visual', () => {
    const weight = graph.weight('conv1.weight', [width, 3, patchSize, patchSize])
    const map = op.channelsLast(op.conv(image, weight, null, { stride: patchSize }))
    const cells = op.reshape(map, [b, patches, width])
    const mark = op.reshape(graph.weight('class_embedding', [width]), [1, 1, width])
    let x = op.concat([op.repeatFor(mark, cells), cells], 1) // [b, 1 + patches, C]
    x = op.add(x, graph.weight('positional_embedding', [1 + patches, width]))
    x = transformer(layerNorm(x, 'ln_pre', epsilon), vision, cfg.quickGelu)
    const pooled = op.reshape(op.slice(x, 1, 0, 1), [b, width])
    const features = layerNorm(pooled, 'ln_post', epsilon)
    graph.output('features', op.matmul(features, graph.weight('proj', [width, cfg.embedDim])))
  })
}

const epsilon = 1e-5

/** [b, n, C] -> [b, n, C] */
function transformer(x: Value, { layers, heads, hidden }: TransformerConfig, quick: boolean, mask?: Value): Value {
  const { graph } = x
  const activation = quick ? (y: Value) => op.mul(y, op.sigmoid(op.mul(y, 1.702))) : op.gelu
  for (let layer = 0; layer < layers; layer++) {
    x = graph.scope(`transformer.resblocks.${layer}`, () => {
      const y = op.add(x, attention(layerNorm(x, 'ln_1', epsilon), 'attn', heads, mask))
      const inner = activation(linear(layerNorm(y, 'ln_2', epsilon), 'mlp.c_fc', hidden))
      return op.add(y, linear(inner, 'mlp.c_proj', width(y)))
    })
  }
  return x
}

/** Nobody looks ahead. -1e9 does to a softmax what -infinity does, and every device can compute with it. */
function causalMask(graph: Graph, length: number): Value {
  const cells = Array.from({ length: length * length }, (_, i) => (i % length > Math.floor(i / length) ? -1e9 : 0))
  return graph.constant(cells, 'float32', [length, length])
}
