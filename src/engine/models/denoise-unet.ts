/**
 * Paella's denoiser of 2022, `DenoiseUNet` (arXiv 2211.07292, section 3; the authors' names are kept as scopes): tokens with
 * some noise, a condition and the share of noise go in, a logit for every code in every cell comes out.
 *
 * It is built as two graphs. The condition's share of every `cond_mapper` depends on the picture alone, so `conditioner`
 * computes it once a picture; `denoiser` is what runs at every step. Widths double from level to level, top to bottom.
 */
import { assert } from '../../shared/base/assert.ts'
import { StudioError } from '../../shared/contract/errors.ts'
import { checkpointSizes } from '../checkpoint/sizes.ts'
import type { TensorSource } from '../checkpoint/stored-tensor.ts'
import { columns, depthwise, downsample, embedding, linear, pointwise, upsample, width } from '../nn/layers.ts'
import { timeEmbedding } from '../nn/time-embedding.ts'
import type { Graph, Value } from '../onnx/graph.ts'
import * as op from '../onnx/ops.ts'
import { type Dim, type Shape, symbol } from '../tensor/shape.ts'

export interface DenoiseUNetConfig {
  /** K, codes of the codebook. */
  readonly labels: number
  /** Channels of each level, from the top (one cell a token) down. */
  readonly widths: readonly number[]
  /** ResBlocks of each level on the way down and, from the deepest level, up. */
  readonly downBlocks: readonly number[]
  readonly upBlocks: readonly number[]
  readonly cClip: number
  readonly cR: number
}

/**
 * Reads the sizes off the checkpoint's shapes.
 * @param cClip width of the condition: the only size that the checkpoint mixes with another (c_clip + c_r)
 */
export function denoiseUNetConfig(source: TensorSource, cClip: number): DenoiseUNetConfig {
  const sizes = checkpointSizes(source, "Paella's DenoiseUNet")
  const [labels, topWidth] = [sizes.size('embedding.weight', 0), sizes.size('embedding.weight', 1)]
  const cR = sizes.size('down_blocks.0.0.cond_mapper.weight', 1) - cClip
  if (cR <= 0) {
    const wide = `its conditions are at most ${cR + cClip} wide, those of the CLIP beside it ${cClip}`
    throw new StudioError(
      'checkpoint-mismatch',
      `The denoiser belongs to another CLIP: ${wide}. Use files that belong together.`,
    )
  }
  // Every level but the first starts with a convolution that halves the size.
  const blocks = (path: string): number => sizes.count(new RegExp(`^${path}\\.\\d+\\.cond_mapper\\.bias$`))
  const levels = 1 + sizes.count(/^down_blocks\.\d+\.0\.weight$/)
  const each = Array.from({ length: levels }, (_, level) => level)
  return {
    labels,
    widths: each.map((level) => topWidth * 2 ** level),
    downBlocks: each.map((level) => blocks(`down_blocks\\.${level}`)),
    upBlocks: each.map((level) => blocks(`up_blocks\\.${level}`)),
    cClip,
    cR,
  }
}

/** Token grids must be a multiple of this on both sides. */
export const gridMultiple = ({ widths }: DenoiseUNetConfig): number => 2 ** (widths.length - 1)

export type Extent = 'global' | 'spatial'

/** Calls `visit` inside the scope of every ResBlock, in the order in which they run. */
function eachBlock(graph: Graph, cfg: DenoiseUNetConfig, visit: (level: number) => void): void {
  const deepest = cfg.widths.length - 1
  cfg.downBlocks.forEach((blocks, i) => {
    for (let j = 0; j < blocks; j++) graph.scope(`down_blocks.${i}.${i === 0 ? j : j + 1}`, () => visit(i))
  })
  cfg.upBlocks.forEach((blocks, i) => {
    for (let j = 0; j < blocks; j++) graph.scope(`up_blocks.${i}.${j}`, () => visit(deepest - i))
  })
}

/** `cond_mapper` is linear, so its weight [C, c_clip + c_r] falls into a condition part and a noise part. */
function condWeight(graph: Graph, cfg: DenoiseUNetConfig, level: number, part: 'clip' | 'r'): Value {
  const all = cfg.cClip + cfg.cR
  return columns(
    graph,
    'cond_mapper.weight',
    [cfg.widths[level] ?? 0, all],
    part === 'clip' ? [0, cfg.cClip] : [cfg.cClip, all],
  )
}

const n = symbol('n')
/** Height or width of a level's map. */
const side = (cfg: DenoiseUNetConfig, name: 'h' | 'w', level: number): Dim =>
  symbol(name, gridMultiple(cfg) / 2 ** level)

/** ResBlocks that work at a level, on the way down and up. */
const blocksOf = (cfg: DenoiseUNetConfig, level: number): number =>
  (cfg.downBlocks[level] ?? 0) + (cfg.upBlocks[cfg.widths.length - 1 - level] ?? 0)

/** Shapes of the mapped conditions, level by level: [n, 1 or h, 1 or w, blocks · C]. */
export function conditionShapes(cfg: DenoiseUNetConfig, extent: Extent): Shape[] {
  return cfg.widths.map((channels, level) => {
    const size = extent === 'global' ? [1, 1] : [side(cfg, 'h', level), side(cfg, 'w', level)]
    return [n, ...size, blocksOf(cfg, level) * channels]
  })
}

/**
 * Adds to `graph`: input `c` ([n, c_clip], or with a vector a token [n, c_clip, h, w]), outputs `condition.<level>` with the
 * mapped condition of all blocks of a level side by side, [n, 1 or h, 1 or w, blocks · C]. Spatial conditions are resized
 * before they are mapped, as the authors do; mapping and spreading commute, so a global one is mapped just once.
 */
export function conditioner(graph: Graph, cfg: DenoiseUNetConfig, extent: Extent): void {
  const shape = extent === 'global' ? [n, cfg.cClip] : [n, cfg.cClip, side(cfg, 'h', 0), side(cfg, 'w', 0)]
  const c = graph.input('c', 'float32', shape)
  const mapped: Value[][] = cfg.widths.map(() => [])
  const sources = cfg.widths.map((_, level) => (extent === 'global' ? c : op.channelsLast(op.shrink(c, 2 ** level))))
  eachBlock(graph, cfg, (level) => {
    const source = sources[level] ?? c
    const bias = graph.weight('cond_mapper.bias', [cfg.widths[level] ?? 0])
    const rows = op.gemm(op.rows(source), condWeight(graph, cfg, level, 'clip'), bias)
    mapped[level]?.push(op.rowsLike(rows, source)) // [n, C] or [n, h, w, C]
  })
  mapped.forEach((parts, level) => {
    const joined = op.concat(parts, -1)
    const spread = extent === 'global' ? op.reshape(joined, [n, 1, 1, width(joined)]) : joined
    graph.output(`condition.${level}`, spread)
  })
}

/** Sinusoids of the share of noise cos(r·π/2): r [n] -> [n, c_r] */
export const noiseEmbedding = (r: Value, cR: number): Value =>
  timeEmbedding(r, cR, (clean) => Math.cos(Math.fround(clean * Math.fround(Math.PI / 2))))

/**
 * @param tokens int32 [n, h, w]
 * @param r float32 [n], 0 = all noise, 1 = clean
 * @param conditions what `conditioner` gave, one [n, 1 or h, 1 or w, blocks · C] a level
 * @returns features [n, h, w, C of the top level], which `classifier` turns into logits
 */
export function denoiser(
  graph: Graph,
  cfg: DenoiseUNetConfig,
  tokens: Value,
  r: Value,
  conditions: readonly Value[],
): Value {
  const { widths } = cfg
  const deepest = widths.length - 1
  const noise = noiseEmbedding(r, cfg.cR)
  const shares = conditions.map((condition, level) => {
    return op.split(condition, -1, Array(blocksOf(cfg, level)).fill(widths[level]))[Symbol.iterator]()
  })
  const block = (x: Value, level: number, skip?: Value): Value => {
    const fromNoise = op.gemm(noise, condWeight(graph, cfg, level, 'r'), null) // [n, C]
    const share = shares[level]?.next().value
    assert(share, `level ${level} has more blocks than conditions`)
    return resBlock(x, op.add(share, op.reshape(fromNoise, [n, 1, 1, width(x)])), skip)
  }

  let x = embedding(graph, 'embedding', tokens, cfg.labels, widths[0] ?? 0) // [n, h, w, C]
  const kept: Value[] = []
  cfg.downBlocks.forEach((blocks, i) => {
    graph.scope(`down_blocks.${i}`, () => {
      if (i > 0) x = downsample(x, '0', widths[i] ?? 0)
      for (let j = 0; j < blocks; j++)
        graph.scope(i === 0 ? j : j + 1, () => {
          x = block(x, i)
        })
    })
    kept.push(x)
  })
  cfg.upBlocks.forEach((blocks, i) => {
    const level = deepest - i
    graph.scope(`up_blocks.${i}`, () => {
      for (let j = 0; j < blocks; j++)
        graph.scope(j, () => {
          x = block(x, level, i > 0 && j === 0 ? kept[level] : undefined)
        })
      if (level > 0) x = upsample(x, String(blocks), widths[level - 1] ?? 0)
    })
  })
  return x
}

/** Logits [n, h, w, K] of the denoiser's features. Linear, so guidance may be applied before it, at a fraction of the size. */
export const classifier = (features: Value, { labels }: DenoiseUNetConfig): Value => pointwise(features, 'clf', labels)

/**
 * One block: a depthwise look at the neighbours, a layer norm whose scale and shift follow the condition, two linear layers.
 * @param w condition of every position, [n, 1 or h, 1 or w, C]
 * @param skip the map of the way down, joined to the channels before the linear layers
 */
function resBlock(x: Value, w: Value, skip: Value | undefined): Value {
  const { graph } = x
  const channels = width(x)
  let y = depthwise(x, 'depthwise.1', 'reflect')
  // gamma · w · LN(y) + beta · w, with gamma and beta (single numbers) folded into the layer norm's own affine part.
  y = graph.scope('ln', () => {
    const gamma = op.reshape(graph.weight('gamma', [1, 1, 1]), [1])
    const beta = op.reshape(graph.weight('beta', [1, 1, 1]), [1])
    const scale = op.mul(graph.weight('ln.weight', [channels]), gamma)
    const shift = op.add(op.mul(graph.weight('ln.bias', [channels]), gamma), beta)
    return op.mul(op.layerNorm(y, scale, shift, 1e-6), w)
  })
  if (skip) y = op.concat([y, skip], -1)
  y = op.gelu(linear(y, 'channelwise.0', 4 * channels))
  return op.add(x, linear(y, 'channelwise.2', channels, graph.weight('gamma', [channels])))
}
