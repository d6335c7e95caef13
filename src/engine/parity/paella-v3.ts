/**
 * Golden of v3's Paella: for every prefix P of io (`square`, `wide`, ...) the logits of P.x at P.r under ByT5's features alone,
 * with CLIP's of the caption, and with those of a picture too.
 */
import { z } from 'zod'
import {
  classifierV3,
  denoiserV3,
  gridMultipleV3,
  maskShape,
  memoryShapes,
  type PaellaV3Config,
  paellaV3Config,
} from '../models/paella-v3.ts'
import { conditionerV3, conditionFeeds, type PassCondition } from '../models/paella-v3-condition.ts'
import { Graph } from '../onnx/graph.ts'
import * as op from '../onnx/ops.ts'
import { symbol } from '../tensor/shape.ts'
import { float32, floats, type Tensor } from '../tensor/tensor.ts'
import { type Comparison, compareFloats } from './compare.ts'
import { type Golden, parseHead } from './golden.ts'
import { withRunners } from './runner.ts'

/** What the logits of each suffix were made from, besides ByT5's features. */
const variants = {
  logits: ['clip_text', 'clip_image'],
  logits_byt5_text: ['clip_text'],
  logits_byt5_only: [],
} as const satisfies Record<string, readonly string[]>

const headSchema = z.looseObject({
  config: z.looseObject({ nhead: z.array(z.int()).optional(), self_attn: z.boolean().optional() }),
})

export const configOf = (golden: Golden): PaellaV3Config => {
  const { config } = parseHead(golden, headSchema)
  return paellaV3Config(golden.weights, { heads: config.nhead, selfAttention: config.self_attn })
}

export async function checkPaellaV3(golden: Golden): Promise<Comparison[]> {
  const cfg = configOf(golden)
  const graphs = { condition: new Graph(), predict: logitsGraph(cfg) }
  conditionerV3(graphs.condition, cfg)
  return withRunners(golden, graphs, [], async ({ condition, predict }) => {
    const results: Comparison[] = []
    for (const key of golden.io.keys()) {
      const [, prefix = '', suffix = ''] = /^(.*)\.(logits\w*)$/.exec(key) ?? []
      if (!(suffix in variants)) continue
      const tokens = await golden.ints(`${prefix}.x`, 3)
      const clip = variants[suffix as keyof typeof variants]
      const { conditioner, mask } = conditionFeeds(cfg, await conditionsOf(golden, prefix, clip))
      const memories = await condition.run(conditioner)
      const { logits } = await predict.run({ tokens, time: await golden.floats(`${prefix}.r`, 1), ...memories, mask })
      results.push(compareFloats(key, logits, await golden.floats(key, 4)))
    }
    return results
  })
}

/** Every picture's condition of a case of io, which holds them as batches. */
export async function conditionsOf(
  golden: Golden,
  prefix: string,
  clip: readonly ('clip_text' | 'clip_image')[],
): Promise<PassCondition[]> {
  const captions = await golden.floats(`${prefix}.byt5`, 3)
  const text = clip.includes('clip_text') ? items(await golden.floats(`${prefix}.clip_text`, 2)) : []
  const pictures = clip.includes('clip_image') ? items(await golden.floats(`${prefix}.clip_image`, 2)) : []
  return items(captions).map((caption, item) => {
    const picture = pictures[item]
    return { caption: float32(caption, captions.shape.slice(1)), text: text[item], pictures: picture && [picture] }
  })
}

/** The tensor cut along its first axis. */
function items(tensor: Tensor): readonly Float32Array[] {
  const [count = 0] = tensor.shape
  const size = floats(tensor).length / count
  return Array.from({ length: count }, (_, item) => floats(tensor).slice(item * size, (item + 1) * size))
}

function logitsGraph(cfg: PaellaV3Config): Graph {
  const graph = new Graph()
  const multiple = gridMultipleV3(cfg)
  const tokens = graph.input('tokens', 'int32', [symbol('n'), symbol('h', multiple), symbol('w', multiple)])
  const time = graph.input('time', 'float32', [symbol('n')])
  const memories = memoryShapes(cfg).map((shape, block) => graph.input(`condition.${block}`, 'float32', shape))
  const mask = graph.input('mask', 'float32', maskShape)
  const features = denoiserV3(graph, cfg, tokens, time, memories, mask)
  graph.output('logits', op.channelsFirst(classifierV3(features, cfg)))
  return graph
}
