/**
 * Golden of v1's DenoiseUNet: the embedding of r, and for every prefix P of io (`square`, `wide`, …) the logits of P.x at P.r
 * under one condition a picture (P.c), one a token (P.c_spatial), and none.
 */
import type { TensorSource } from '../checkpoint/stored-tensor.ts'
import {
  classifier,
  conditioner,
  conditionShapes,
  denoiser,
  type DenoiseUNetConfig,
  denoiseUNetConfig,
  type Extent,
  gridMultiple,
  noiseEmbedding,
} from '../models/denoise-unet.ts'
import { Graph } from '../onnx/graph.ts'
import * as op from '../onnx/ops.ts'
import type { Runner } from '../runtime/session.ts'
import { elementCount } from '../tensor/dtype.ts'
import { symbol } from '../tensor/shape.ts'
import { float32, floats, type Tensor } from '../tensor/tensor.ts'
import { type Comparison, compareFloats } from './compare.ts'
import { type Golden, goldenBroken } from './golden.ts'
import { withBareRunner, withRunners } from './runner.ts'

/** What the logits of each suffix were made from. */
const variants: readonly {
  readonly suffix: string
  readonly extent: Extent
  readonly condition: 'c' | 'c_spatial' | 0
}[] = [
  { suffix: 'logits', extent: 'global', condition: 'c' },
  { suffix: 'logits_spatial', extent: 'spatial', condition: 'c_spatial' },
  { suffix: 'logits_uncond', extent: 'global', condition: 0 },
]

export async function checkDenoiser(golden: Golden): Promise<Comparison[]> {
  const cfg = denoiseUNetConfig(golden.weights, conditionWidth(golden))
  const results = golden.io.has('r_embedding') ? [await checkNoiseEmbedding(golden, cfg.cR)] : []
  for (const extent of ['global', 'spatial'] as const) {
    const graphs = { condition: new Graph(), predict: logitsGraph(cfg, extent) }
    conditioner(graphs.condition, cfg, extent)
    const checked = await withRunners(golden, graphs, [], ({ condition, predict }) =>
      checkLogits(golden, cfg, extent, condition, predict),
    )
    results.push(...checked)
  }
  return results
}

/** c_clip, which the weights alone do not tell, as wide as the conditions of io are. */
export function conditionWidth(golden: Golden): number {
  const key = [...golden.io.keys()].find((name) => /\.c(_spatial)?$/.test(name))
  const width = key === undefined ? undefined : golden.io.get(key)?.shape[1]
  if (width === undefined) throw goldenBroken(golden.folder, 'io.safetensors has no condition, such as square.c')
  return width
}

function logitsGraph(cfg: DenoiseUNetConfig, extent: Extent): Graph {
  const graph = new Graph()
  const [n, h, w] = [symbol('n'), symbol('h', gridMultiple(cfg)), symbol('w', gridMultiple(cfg))]
  const tokens = graph.input('tokens', 'int32', [n, h, w])
  const r = graph.input('r', 'float32', [n])
  const conditions = conditionShapes(cfg, extent).map((shape, i) => graph.input(`condition.${i}`, 'float32', shape))
  graph.output('logits', op.channelsFirst(classifier(denoiser(graph, cfg, tokens, r, conditions), cfg)))
  return graph
}

async function checkLogits(
  golden: Golden,
  cfg: DenoiseUNetConfig,
  extent: Extent,
  condition: Runner,
  predict: Runner,
): Promise<Comparison[]> {
  const results: Comparison[] = []
  for (const variant of variants.filter((candidate) => candidate.extent === extent)) {
    for (const prefix of prefixes(golden.io, variant.suffix)) {
      const tokens = await golden.ints(`${prefix}.x`, 3)
      const r = await golden.floats(`${prefix}.r`, 1)
      const c = variant.condition
        ? await golden.floats(`${prefix}.${variant.condition}`, extent === 'global' ? 2 : 4)
        : zeros([tokens.shape[0] ?? 0, cfg.cClip])
      const { logits } = await predict.run({ tokens, r, ...(await condition.run({ c })) })
      const key = `${prefix}.${variant.suffix}`
      results.push(compareFloats(key, logits, await golden.floats(key, 4)))
    }
  }
  return results
}

const prefixes = (io: TensorSource, suffix: string): string[] =>
  [...io.keys()].filter((key) => key.endsWith(`.${suffix}`)).map((key) => key.slice(0, -suffix.length - 1))

const zeros = (shape: readonly number[]): Tensor => float32(new Float32Array(elementCount(shape)), shape)

/**
 * The embedding is the sine and cosine of angles up to 10,000, where float32 numbers lie 1/1024 apart: what a machine's own
 * cosine and exponential round in the angle (PyTorch's included) is let pass, two units in the last place of it.
 */
async function checkNoiseEmbedding(golden: Golden, cR: number): Promise<Comparison> {
  const graph = new Graph()
  graph.output('embedding', noiseEmbedding(graph.input('r', 'float32', [symbol('n')]), cR))
  const r = await golden.floats('r_embedding.r', 1)
  const { embedding } = await withBareRunner(golden, graph, (runner) => runner.run({ r }))
  const half = Math.floor(cR / 2)
  const angle = (index: number): number => {
    const noise = Math.cos(((floats(r)[Math.floor(index / cR)] ?? 0) * Math.PI) / 2)
    return 10_000 * noise * 10_000 ** (-((index % cR) % half) / (half - 1))
  }
  const theirs = await golden.floats('r_embedding', 2)
  return compareFloats('r_embedding', embedding, theirs, (index) => Math.abs(angle(index)) * 2 ** -22)
}
