/**
 * ByT5's encoder (T5 v1.1 over bytes; the checkpoint's names are kept as scopes): a caption's bytes become a vector each, which
 * Paella of 2023 reads as they are. A stack of one block, attention and a gated pair of linear layers; positions enter
 * only as a bias of the scores, by how far apart two bytes lie. Nothing has a bias vector, norms have no mean.
 */
import { StudioError } from '../../shared/contract/errors.ts'
import { checkpointSizes } from '../checkpoint/sizes.ts'
import type { TensorSource } from '../checkpoint/stored-tensor.ts'
import { attend } from '../nn/attention.ts'
import { embedding, projection, width } from '../nn/layers.ts'
import type { Graph, Value } from '../onnx/graph.ts'
import * as op from '../onnx/ops.ts'
import { symbol } from '../tensor/shape.ts'
import { int32 } from '../tensor/tensor.ts'

export interface ByT5Config {
  /** Key of the table of bytes: files hold it under one name or under two. */
  readonly table: 'shared' | 'encoder.embed_tokens'
  readonly vocabulary: number
  /** Channels of a byte's vector, of all heads together, and inside the linear layers. */
  readonly width: number
  readonly attentionWidth: number
  readonly hidden: number
  readonly heads: number
  readonly layers: number
  /** Distances are told apart in so many classes, up to `maxDistance`. */
  readonly buckets: number
  readonly maxDistance: number
}

/** What no shape tells: 128 in all that was published. */
export interface ByT5Options {
  readonly maxDistance?: number | undefined
}

/** The second name of the table of bytes, where a file has both (checkpoint/bind.ts). */
export const byT5Unused: readonly string[] = ['encoder.embed_tokens.weight']

const block = (layer: number): string => `encoder.block.${layer}`
const selfAttention = 'layer.0.SelfAttention'

/**
 * Reads the sizes off the checkpoint's shapes.
 * @throws StudioError 'checkpoint-mismatch' where it is another network's or does not divide into its heads
 */
export function byT5Config(source: TensorSource, { maxDistance = 128 }: ByT5Options = {}): ByT5Config {
  const sizes = checkpointSizes(source, "ByT5's encoder")
  const table = source.has('shared.weight') ? 'shared' : 'encoder.embed_tokens'
  const bias = `${block(0)}.${selfAttention}.relative_attention_bias.weight`
  const attentionWidth = sizes.size(`${block(0)}.${selfAttention}.q.weight`, 0)
  const [buckets, heads] = [sizes.size(bias, 0), sizes.size(bias, 1)]
  if (heads === 0 || attentionWidth % heads !== 0 || buckets < 4 || buckets % 4 !== 0)
    throw new StudioError(
      'checkpoint-mismatch',
      `This ByT5's attention is ${attentionWidth} wide and has ${heads} heads and ${buckets} distances, which is of no ByT5. Choose another file.`,
    )
  return {
    table,
    vocabulary: sizes.size(`${table}.weight`, 0),
    width: sizes.size(`${table}.weight`, 1),
    attentionWidth,
    hidden: sizes.size(`${block(0)}.layer.1.DenseReluDense.wi_0.weight`, 0),
    heads,
    layers: sizes.count(/^encoder\.block\.\d+\.layer\.0\.layer_norm\.weight$/),
    buckets,
    maxDistance,
  }
}

const b = symbol('b')
const s = symbol('s')

/** Adds to `graph`: input `tokens` int32 [b, s], padded with 0 and not masked, as Paella's authors do; output `features` [b, s, C]. */
export function byT5Encoder(graph: Graph, cfg: ByT5Config): void {
  const tokens = graph.input('tokens', 'int32', [b, s])
  let x = embedding(graph, cfg.table, tokens, cfg.vocabulary, cfg.width) // [b, s, C]
  const bias = graph.scope(`${block(0)}.${selfAttention}.relative_attention_bias`, () => distanceBias(tokens, cfg))
  for (let layer = 0; layer < cfg.layers; layer++) {
    x = graph.scope(block(layer), () => {
      const y = op.add(
        x,
        graph.scope('layer.0', () => lookAround(norm(x, 'layer_norm'), cfg, bias)),
      )
      return op.add(
        y,
        graph.scope('layer.1', () => gated(norm(y, 'layer_norm'), cfg.hidden)),
      )
    })
  }
  graph.output('features', norm(x, 'encoder.final_layer_norm'))
}

function lookAround(x: Value, { attentionWidth, heads, width }: ByT5Config, bias: Value): Value {
  return x.graph.scope('SelfAttention', () => {
    const [q, k, v] = ['q', 'k', 'v'].map((key) => projection(x, key, attentionWidth)) as [Value, Value, Value]
    // T5 leaves out the usual 1 / √width: its weights were made for that.
    return projection(attend(q, k, v, heads, { scale: 1, mask: bias }), 'o', width)
  })
}

/** gelu(x·a) · (x·b), then back to the width there was. */
function gated(x: Value, hidden: number): Value {
  return x.graph.scope('DenseReluDense', () => {
    const gate = op.geluTanh(projection(x, 'wi_0', hidden))
    return projection(op.mul(gate, projection(x, 'wi_1', hidden)), 'wo', width(x))
  })
}

const norm = (x: Value, key: string): Value =>
  x.graph.scope(key, () => op.rmsNorm(x, x.graph.weight('weight', [width(x)]), 1e-6))

/** What is added to the score of byte i for byte j: by their distance, the same for all layers. [1, heads, s, s] */
function distanceBias(tokens: Value, { buckets, heads, maxDistance }: ByT5Config): Value {
  const { graph } = tokens
  const classes = graph.hostInput('distances', 'int32', [s, s], tokens, ({ shape: [, length = 0] }) => {
    const cells = Int32Array.from({ length: length * length }, (_, cell) =>
      distanceClass((cell % length) - Math.floor(cell / length), buckets, maxDistance),
    )
    return int32(cells, [length, length])
  })
  const bias = op.gatherRows(graph.weight('weight', [buckets, heads]), classes) // [s, s, heads]
  return op.reshape(op.transpose(bias, [2, 0, 1]), [1, heads, s, s])
}

/**
 * Class of a distance: half of them look back, half ahead; of each half the near ones are told apart one by one and the far
 * ones by their logarithm, the last class holding all beyond. Rounded in float32 where PyTorch rounds.
 */
export function distanceClass(distance: number, buckets: number, maxDistance: number): number {
  const half = buckets / 2
  const exact = half / 2
  const far = Math.abs(distance)
  const ahead = distance > 0 ? half : 0
  if (far < exact) return ahead + far
  const share = Math.fround(Math.fround(Math.log(far / exact)) / Math.fround(Math.log(maxDistance / exact)))
  return ahead + Math.min(half - 1, exact + Math.floor(Math.fround(share * (half - exact))))
}
