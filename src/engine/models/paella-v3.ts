/**
 * Paella's denoiser of 2023 (the 1B model; the authors' names are kept as scopes): tokens with some noise, the share of noise
 * and a condition go in, a logit for every code in every cell comes out. Patches of 2 x 2 cells walk down and up through
 * levels of half the size; maps are channels-last, [n, h, w, C].
 *
 * A level is a row of blocks of four kinds: C looks at the neighbours (convolution), T is told the time, A attends to all
 * cells and to the condition, F is C that looks at no neighbour. The condition is a sequence of vectors; what depends on it
 * alone is computed once a picture (paella-v3-condition.ts).
 */
import { assert } from '../../shared/base/assert.ts'
import { StudioError } from '../../shared/contract/errors.ts'
import { checkpointSizes } from '../checkpoint/sizes.ts'
import type { TensorSource } from '../checkpoint/stored-tensor.ts'
import { attentionOver } from '../nn/attention.ts'
import {
  downsample,
  embedding,
  grouped,
  linear,
  patches,
  plainNorm,
  pointwise,
  pointwiseProjection,
  upsample,
  width,
} from '../nn/layers.ts'
import { timeEmbedding } from '../nn/time-embedding.ts'
import type { Graph, Value } from '../onnx/graph.ts'
import * as op from '../onnx/ops.ts'
import { product, type Shape, symbol } from '../tensor/shape.ts'

export type BlockKind = 'C' | 'T' | 'A' | 'F'

export interface PaellaV3Config {
  /** K, codes of the codebook. */
  readonly labels: number
  /** Channels of a token as it comes in, and of a cell's features as they go out (c_in, c_out). */
  readonly cIn: number
  readonly cOut: number
  readonly cR: number
  /** Tokens of a patch on each axis. */
  readonly patch: number
  /** Side of the convolutions of C blocks. */
  readonly kernel: number
  /** Channels and heads of each level, from the top down; levels without attention have heads too, unused. */
  readonly widths: readonly number[]
  readonly heads: readonly number[]
  /** Blocks of each level in order, on the way down and, from the deepest level, up. */
  readonly down: readonly (readonly BlockKind[])[]
  readonly up: readonly (readonly BlockKind[])[]
  /** Whether A blocks attend to the cells too, and not to the condition alone. */
  readonly selfAttention: boolean
  readonly condition: {
    /** Channels of the vectors that A blocks attend to. */
    readonly channels: number
    readonly byt5: number
    readonly clip: number
    /** Vectors that one CLIP feature becomes. */
    readonly clipTokens: number
  }
}

/** What no shape tells. */
export interface PaellaV3Options {
  /** Heads of each level. Default: as many as are 80 wide, as published. */
  readonly heads?: readonly number[] | undefined
  readonly selfAttention?: boolean | undefined
}

/**
 * Reads the sizes off the checkpoint's shapes.
 * @throws StudioError 'checkpoint-mismatch' where it is another network's or does not divide into its heads
 */
export function paellaV3Config(source: TensorSource, options: PaellaV3Options = {}): PaellaV3Config {
  const sizes = checkpointSizes(source, "Paella's denoiser of 2023")
  const channels = sizes.size('byt5_mapper.weight', 0)
  const cIn = sizes.size('in_mapper.0.weight', 1)
  const top = sizes.size('embedding.1.weight', 0)
  /** The first block that has such a weight. */
  const keyOf = (ending: string): string =>
    [...source.keys()].find((key) => /^down_blocks\.\d+\.\d+\./.test(key) && key.endsWith(`.${ending}`)) ??
    `down_blocks.0.0.${ending}`
  const levels = 1 + sizes.count(/^down_blocks\.\d+\.0\.1\.weight$/)
  const each = Array.from({ length: levels }, (_, level) => level)
  const widths = each.map((level) => (level === 0 ? top : sizes.size(`down_blocks.${level}.0.1.weight`, 0)))
  const down = each.map((level) => blockKinds(source, `down_blocks.${level}`, level === 0 ? 0 : 1))
  const heads = options.heads ?? widths.map((width) => width / 80)
  down.forEach((kinds, level) => {
    const [width = 0, count = 0] = [widths[level], heads[level]]
    if (!kinds.includes('A') || (Number.isInteger(count) && count > 0 && width % count === 0)) return
    throw new StudioError(
      'checkpoint-mismatch',
      `A level of this denoiser is ${width} wide and does not divide into ${count} heads. Name its heads, or choose another file.`,
    )
  })
  return {
    labels: sizes.size('in_mapper.0.weight', 0),
    cIn,
    cOut: sizes.size('out_mapper.1.weight', 1),
    cR: sizes.size(keyOf('mapper.weight'), 1),
    patch: Math.round(Math.sqrt(sizes.size('embedding.1.weight', 1) / cIn)),
    // Odd, as zeros go around evenly; of another one bindWeights says that it is misshapen.
    kernel: 2 * Math.floor(sizes.size(keyOf('depthwise.weight'), 2) / 2) + 1,
    widths,
    heads,
    down,
    up: each.map((i) => blockKinds(source, `up_blocks.${i}`, 0)),
    selfAttention: options.selfAttention ?? true,
    condition: {
      channels,
      byt5: sizes.size('byt5_mapper.weight', 1),
      clip: sizes.size('clip_mapper.weight', 1),
      clipTokens: Math.max(1, Math.round(sizes.size('clip_mapper.weight', 0) / channels)),
    },
  }
}

/** The kinds of the blocks `path.first`, `path.(first + 1)`, ... until something else follows, each known by a key of its own. */
function blockKinds(source: TensorSource, path: string, first: number): readonly BlockKind[] {
  const kinds: BlockKind[] = []
  for (;;) {
    const has = (key: string): boolean => source.has(`${path}.${first + kinds.length}.${key}`)
    if (has('depthwise.weight')) kinds.push('C')
    else if (has('mapper.weight')) kinds.push('T')
    else if (has('kv_mapper.1.weight')) kinds.push('A')
    else if (has('channelwise.0.weight')) kinds.push('F')
    else return kinds
  }
}

/** Token grids must be a multiple of this on both sides. */
export const gridMultipleV3 = ({ patch, widths }: PaellaV3Config): number => patch * 2 ** (widths.length - 1)

interface LevelPass {
  readonly path: string
  /** Depth, 0 = top. */
  readonly level: number
  readonly kinds: readonly BlockKind[]
  /** Index of the first block: 1 where the way into the level is 0. */
  readonly first: number
}

/** All levels on the way down, then up. */
function levelPasses(cfg: PaellaV3Config): readonly LevelPass[] {
  const deepest = cfg.widths.length - 1
  return [
    ...cfg.down.map((kinds, i) => ({ path: `down_blocks.${i}`, level: i, kinds, first: i === 0 ? 0 : 1 })),
    ...cfg.up.map((kinds, i) => ({ path: `up_blocks.${i}`, level: deepest - i, kinds, first: 0 })),
  ]
}

/** Calls `visit` inside the scope of every A block, in the order in which they run. */
export function eachAttention(graph: Graph, cfg: PaellaV3Config, visit: (channels: number) => void): void {
  for (const { path, level, kinds, first } of levelPasses(cfg))
    for (const [j, kind] of kinds.entries())
      if (kind === 'A') graph.scope(`${path}.${first + j}`, () => visit(cfg.widths[level] ?? 0))
}

const n = symbol('n')
/** Vectors of the condition. */
const m = symbol('m')

/** Shapes of what A blocks are fed, in the order in which they run: [n, m, 2·C], keys and values of the condition. */
export function memoryShapes(cfg: PaellaV3Config): Shape[] {
  return levelPasses(cfg).flatMap(({ level, kinds }) =>
    kinds.filter((kind) => kind === 'A').map(() => [n, m, 2 * (cfg.widths[level] ?? 0)]),
  )
}

/** Shape of the condition's mask: [n, m] */
export const maskShape: Shape = [n, m]

/**
 * @param tokens int32 [n, h, w]
 * @param t share of noise, float32 [n]: 1 = all noise, 0 = clean
 * @param memories keys and values of the condition for each A block, in the order in which they run (`memoryShapes`)
 * @param mask float32 [n, m]: 0 where there is a vector of the condition, -1e9 where there is none
 * @returns features [n, h, w, c_out], which `classifierV3` turns into logits
 */
export function denoiserV3(
  graph: Graph,
  cfg: PaellaV3Config,
  tokens: Value,
  t: Value,
  memories: readonly Value[],
  mask: Value,
): Value {
  const { widths, patch } = cfg
  const deepest = widths.length - 1
  const time = timeEmbedding(t, cfg.cR)
  const remaining = memories[Symbol.iterator]()
  /** One mask a level, over its cells and the condition: [n, 1, 1, cells + m] */
  const masks = new Map<number, Value>()

  const block = (x: Value, kind: BlockKind, level: number, skip?: Value): Value => {
    if (kind === 'C') return convolutionBlock(x, cfg.kernel, skip)
    if (kind === 'T') return timeBlock(x, time)
    if (kind === 'F') return op.add(x, channelwise(plainNorm(x, epsilon)))
    const cells = flat(plainNorm(x, epsilon)) // [n, cells, C]
    const memory = remaining.next().value
    assert(memory, 'there are more A blocks than memories')
    const seen = masks.get(level) ?? cellsAndCondition(cells, mask, cfg.selfAttention)
    masks.set(level, seen)
    const options = { self: cfg.selfAttention, mask: seen }
    const mixed = attentionOver(cells, 'attention.attn', cfg.heads[level] ?? 0, memory, options)
    return op.add(x, op.rowsLike(op.rows(mixed), x))
  }

  const looked = graph.scope('in_mapper', () => embedding(graph, '0', tokens, cfg.labels, cfg.cIn)) // [n, h, w, c_in]
  const cut = patches(op.channelsFirst(plainNorm(looked, epsilon)), 'embedding.1', widths[0] ?? 0, patch)
  let x = plainNorm(cut, epsilon) // [n, h/2, w/2, C]
  const kept: Value[] = []
  for (const [index, { path, level, kinds, first }] of levelPasses(cfg).entries()) {
    const down = index < widths.length
    graph.scope(path, () => {
      if (down && level > 0) x = graph.scope(0, () => downsample(plainNorm(x, epsilon), '1', widths[level] ?? 0, 2))
      for (const [j, kind] of kinds.entries()) {
        const skip = !down && level < deepest && j === 0 ? kept[level] : undefined
        x = graph.scope(first + j, () => block(x, kind, level, skip))
      }
      if (!down && level > 0)
        x = graph.scope(kinds.length, () => upsample(plainNorm(x, epsilon), '1', widths[level - 1] ?? 0, 2))
    })
    if (down) kept.push(x)
  }
  const cells = pointwise(plainNorm(x, epsilon), 'clf.1', cfg.cOut * patch * patch)
  return plainNorm(op.channelsLast(op.pixelShuffle(op.channelsFirst(cells), patch)), epsilon)
}

/** Logits [n, h, w, K] of the denoiser's features. Linear, so guidance may be applied before it, at a fraction of the size. */
export const classifierV3 = (features: Value, { labels }: PaellaV3Config): Value =>
  pointwiseProjection(features, 'out_mapper.1', labels)

const epsilon = 1e-6

/** [n, h, w, C] -> [n, h·w, C] */
const flat = (x: Value): Value => op.reshape(x, [x.shape[0] ?? 0, product(x.shape.slice(1, 3)), width(x)])

/** All cells may be seen; of the condition what `mask` leaves. cells [n, N, C], mask [n, m] -> [n, 1, 1, N + m] */
function cellsAndCondition(cells: Value, mask: Value, self: boolean): Value {
  const all = self ? op.concat([op.zerosLike(cells), mask], 1) : mask
  return op.reshape(all, [n, 1, 1, all.shape[1] ?? 0])
}

/**
 * C: a look at the neighbours, then two linear layers on every cell.
 * @param skip the map of the way down. The authors join it to the channels before the grouped convolution, whose groups are
 *   pairs of neighbouring channels of the two maps laid end to end.
 */
function convolutionBlock(x: Value, kernel: number, skip: Value | undefined): Value {
  const seen = grouped(skip ? op.concat([x, skip], -1) : x, 'depthwise', width(x), kernel)
  return op.add(x, channelwise(plainNorm(seen, epsilon)))
}

/** Two linear layers, and between them a norm by which channels compete. */
function channelwise(x: Value): Value {
  const channels = width(x)
  const hidden = op.gelu(linear(x, 'channelwise.0', 4 * channels))
  return linear(responseNorm(hidden, 'channelwise.2'), 'channelwise.4', channels)
}

/**
 * Global response norm (ConvNeXt V2): a channel's energy over all cells against the mean of all channels. x·(1 + gamma·share) + beta,
 * [n, h, w, C] -> [n, h, w, C]
 */
function responseNorm(x: Value, key: string): Value {
  const { graph } = x
  const channels = width(x)
  return graph.scope(key, () => {
    const energy = op.reduceL2(flat(x), 1) // [n, 1, C]
    const share = op.div(energy, op.add(op.reduceMean(energy, -1), 1e-6))
    const gamma = op.reshape(graph.weight('gamma', [1, 1, 1, channels]), [1, 1, channels])
    const gain = op.reshape(op.add(op.mul(share, gamma), 1), [n, 1, 1, channels])
    return op.add(op.mul(x, gain), graph.weight('beta', [1, 1, 1, channels]))
  })
}

/** T: scale and shift of every channel by the time. */
function timeBlock(x: Value, time: Value): Value {
  const channels = width(x)
  const mapped = op.reshape(linear(time, 'mapper', 2 * channels), [n, 1, 1, 2 * channels])
  const [scale, shift] = op.split(mapped, -1, [channels, channels])
  assert(scale && shift, 'two in, two out')
  return op.add(op.mul(x, op.add(scale, 1)), shift)
}
