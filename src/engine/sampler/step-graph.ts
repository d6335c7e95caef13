/** One sampling step as one graph: denoiser, guidance, filter and choice; tokens and two small maps come back. */
import {
  classifier,
  conditionShapes,
  denoiser,
  type DenoiseUNetConfig,
  type Extent,
  gridMultiple,
} from '../models/denoise-unet.ts'
import {
  classifierV3,
  denoiserV3,
  gridMultipleV3,
  maskShape,
  memoryShapes,
  type PaellaV3Config,
} from '../models/paella-v3.ts'
import { Graph, type GraphOptions, type Value } from '../onnx/graph.ts'
import * as op from '../onnx/ops.ts'
import { symbol } from '../tensor/shape.ts'
import { choose, guide, untypical } from './choose.ts'
import type { SamplePlan, TypicalBy } from './plan.ts'

/** What is built into the graph; everything else is fed at each step. */
export interface StepVariant {
  readonly extent: Extent
  readonly typical: TypicalBy
  readonly draw: SamplePlan['draw']
}

/**
 * Inputs: tokens int32 [n, h, w] and condition.<level> with n = 2 for guidance (conditional, unconditional) or 1; time [n];
 * guidance, temperature, and with the filter mass and perhaps minTokens, all scalars; noise (see `choose`).
 * Outputs: chosen int32, probability and entropy float32, [1, h, w].
 */
export function stepGraph(cfg: DenoiseUNetConfig, variant: StepVariant, options: GraphOptions): Graph {
  return step(cfg.labels, gridMultiple(cfg), variant, options, (graph, tokens, time) => {
    const conditions = conditionShapes(cfg, variant.extent).map((shape, level) =>
      graph.input(`condition.${level}`, 'float32', shape),
    )
    return [denoiser(graph, cfg, tokens, time, conditions), (features) => classifier(features, cfg)]
  })
}

export interface StepVariantV3 extends Pick<StepVariant, 'typical' | 'draw'> {
  /** Any number of passes, mixed by the input `shares` float32 [n, h, w, 1] in place of `guidance`. */
  readonly mixed?: boolean | undefined
}

/** The same for the network of 2023: condition.<block> and mask as its conditioner gives them (models/paella-v3-condition.ts). */
export function stepGraphV3(cfg: PaellaV3Config, variant: StepVariantV3, options: GraphOptions): Graph {
  return step(cfg.labels, gridMultipleV3(cfg), variant, options, (graph, tokens, time) => {
    const memories = memoryShapes(cfg).map((shape, block) => graph.input(`condition.${block}`, 'float32', shape))
    const mask = graph.input('mask', 'float32', maskShape)
    return [denoiserV3(graph, cfg, tokens, time, memories, mask), (features) => classifierV3(features, cfg)]
  })
}

/** @param network gives features, and what makes logits of them */
function step(
  labels: number,
  multiple: number,
  { typical, draw, mixed }: StepVariantV3,
  options: GraphOptions,
  network: (graph: Graph, tokens: Value, time: Value) => [features: Value, classify: (features: Value) => Value],
): Graph {
  const graph = new Graph(options)
  const [n, h, w] = [symbol('n'), symbol('h', multiple), symbol('w', multiple)]
  const scalar = (name: string) => graph.input(name, 'float32', [])
  const tokens = graph.input('tokens', 'int32', [n, h, w])
  const [features, classify] = network(graph, tokens, graph.input('time', 'float32', [n]))
  const noise = graph.input('noise', 'float32', draw === 'gumbel-max' ? [1, h, w, labels] : [1, h, w])

  // Guidance mixes logits, which are linear in the features: mixing those first gives the same for less.
  const logits = classify(
    mixed
      ? op.reduceSum(op.mul(features, graph.input('shares', 'float32', [n, h, w, 1])), 0)
      : guide(features, scalar('guidance')),
  )
  const atLeast = typical === 'mass and count' ? scalar('minTokens') : undefined
  const dropped = typical === 'nothing' ? undefined : untypical(logits, scalar('mass'), atLeast)
  const choice = choose(logits, dropped, scalar('temperature'), noise, draw)
  graph.output('chosen', choice.tokens)
  graph.output('probability', choice.probability)
  graph.output('entropy', choice.entropy)
  return graph
}
