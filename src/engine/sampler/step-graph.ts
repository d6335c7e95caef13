/** One sampling step as one graph: denoiser, guidance, filter and choice; tokens and two small maps come back. */
import {
  classifier,
  conditionShapes,
  denoiser,
  type DenoiseUNetConfig,
  type Extent,
  gridMultiple,
} from '../models/denoise-unet.ts'
import { Graph, type GraphOptions } from '../onnx/graph.ts'
import { symbol } from '../tensor/shape.ts'
import { choose, guide, typicalKeep } from './choose.ts'
import type { SamplePlan } from './plan.ts'

/** What is built into the graph; everything else is fed at each step. */
export interface StepVariant {
  readonly extent: Extent
  readonly typical: boolean
  readonly draw: SamplePlan['draw']
}

/**
 * Inputs: tokens int32 [n, h, w] and condition.<level> with n = 2 for guidance (conditional, unconditional) or 1; time [n];
 * guidance, temperature, and with the filter mass and minTokens, all scalars; noise (see `choose`).
 * Outputs: chosen int32, probability and entropy float32, [1, h, w].
 */
export function stepGraph(
  cfg: DenoiseUNetConfig,
  { extent, typical, draw }: StepVariant,
  options: GraphOptions,
): Graph {
  const graph = new Graph(options)
  const multiple = gridMultiple(cfg)
  const [n, h, w] = [symbol('n'), symbol('h', multiple), symbol('w', multiple)]
  const scalar = (name: string) => graph.input(name, 'float32', [])
  const tokens = graph.input('tokens', 'int32', [n, h, w])
  const time = graph.input('time', 'float32', [n])
  const conditions = conditionShapes(cfg, extent).map((shape, level) =>
    graph.input(`condition.${level}`, 'float32', shape),
  )
  const noise = graph.input('noise', 'float32', draw === 'gumbel-max' ? [1, h, w, cfg.labels] : [1, h, w])

  // Guidance mixes logits, which are linear in the features: mixing those first gives the same for less.
  const features = guide(denoiser(graph, cfg, tokens, time, conditions), scalar('guidance'))
  const logits = classifier(features, cfg)
  const keep = typical ? typicalKeep(logits, scalar('mass'), scalar('minTokens')) : undefined
  const choice = choose(logits, keep, scalar('temperature'), noise, draw)
  graph.output('chosen', choice.tokens)
  graph.output('probability', choice.probability)
  graph.output('entropy', choice.entropy)
  return graph
}
