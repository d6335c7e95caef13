/**
 * The condition of Paella's denoiser of 2023: a caption's features from ByT5, and from CLIP those of the caption and of any
 * number of pictures, as one sequence of vectors. Each A block looks at it through keys and values of its own, which depend on
 * the condition alone and are computed here, once a picture.
 *
 * Passes of one run (with and without the condition, say) have sequences of different lengths: they are padded to the longest,
 * and a mask says what is there. CLIP's features may be missing.
 */
import { attentionMemory } from '../nn/attention.ts'
import { linear, plainNorm } from '../nn/layers.ts'
import type { Graph, Value } from '../onnx/graph.ts'
import * as op from '../onnx/ops.ts'
import { multiply, symbol } from '../tensor/shape.ts'
import { float32, floats, type Tensor } from '../tensor/tensor.ts'
import { eachAttention, type PaellaV3Config } from './paella-v3.ts'

const n = symbol('n')
/** Bytes of the longest caption, and pictures. */
const s = symbol('s')
const i = symbol('i')

/**
 * Adds to `graph`: inputs `caption` [n, s, byt5], `text` [n, clip] and `pictures` [n, i, clip], of which some may be padding;
 * outputs `condition.<block>` for every A block in the order in which they run, [n, s + q + i·q, 2·C] with q vectors for each
 * of CLIP's features.
 */
export function conditionerV3(graph: Graph, cfg: PaellaV3Config): void {
  const { channels, byt5, clip, clipTokens } = cfg.condition
  const caption = linear(graph.input('caption', 'float32', [n, s, byt5]), 'byt5_mapper', channels)
  const text = linear(graph.input('text', 'float32', [n, clip]), 'clip_mapper', clipTokens * channels)
  const pictures = linear(graph.input('pictures', 'float32', [n, i, clip]), 'clip_image_mapper', clipTokens * channels)
  const sequence = op.concat(
    [
      caption,
      op.reshape(text, [n, clipTokens, channels]),
      op.reshape(pictures, [n, multiply(i, clipTokens), channels]),
    ],
    1,
  )
  const shared = op.silu(plainNorm(sequence, 1e-6)) // [n, s + q + i·q, channels]
  const memories: Value[] = []
  eachAttention(graph, cfg, (width) => {
    memories.push(attentionMemory(linear(shared, 'kv_mapper.1', width), 'attention.attn'))
  })
  memories.forEach((memory, block) => graph.output(`condition.${block}`, memory))
}

/** What one pass is told. */
export interface PassCondition {
  /** ByT5's features, [length, byt5]. */
  readonly caption: Tensor
  /** CLIP's features of the caption, [clip]. */
  readonly text?: Float32Array | undefined
  /** CLIP's features of pictures, [clip] each. */
  readonly pictures?: readonly Float32Array[] | undefined
}

export interface ConditionFeeds {
  /** Inputs of `conditionerV3`. */
  readonly conditioner: Readonly<Record<'caption' | 'text' | 'pictures', Tensor>>
  /** [n, m], which the denoiser wants beside what `conditionerV3` gives. */
  readonly mask: Tensor
}

/** Lays the conditions of all passes of a run side by side. */
export function conditionFeeds(cfg: PaellaV3Config, passes: readonly PassCondition[]): ConditionFeeds {
  const { byt5, clip, clipTokens } = cfg.condition
  const longest = Math.max(...passes.map(({ caption }) => caption.shape[0] ?? 0))
  const most = Math.max(1, ...passes.map(({ pictures = [] }) => pictures.length))
  const length = longest + (1 + most) * clipTokens
  const caption = new Float32Array(passes.length * longest * byt5)
  const text = new Float32Array(passes.length * clip)
  const pictures = new Float32Array(passes.length * most * clip)
  const mask = new Float32Array(passes.length * length).fill(nothing)
  for (const [pass, given] of passes.entries()) {
    const there = (from: number, vectors: number): void => {
      mask.fill(0, pass * length + from, pass * length + from + vectors)
    }
    caption.set(floats(given.caption), pass * longest * byt5)
    there(0, given.caption.shape[0] ?? 0)
    if (given.text) {
      text.set(given.text, pass * clip)
      there(longest, clipTokens)
    }
    for (const [picture, features] of (given.pictures ?? []).entries()) {
      pictures.set(features, (pass * most + picture) * clip)
      there(longest + (1 + picture) * clipTokens, clipTokens)
    }
  }
  return {
    conditioner: {
      caption: float32(caption, [passes.length, longest, byt5]),
      text: float32(text, [passes.length, clip]),
      pictures: float32(pictures, [passes.length, most, clip]),
    },
    mask: float32(mask, [passes.length, length]),
  }
}

/** Does to a softmax what -infinity does, and every device can compute with it. */
const nothing = -1e9
