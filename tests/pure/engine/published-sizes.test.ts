/** The networks as they were published: their graphs ask for as many numbers as the files hold. */
import { expect, test } from 'vitest'
import { type ByT5Config, byT5Encoder } from '../../../src/engine/models/byt5.ts'
import { type BlockKind, type PaellaV3Config, gridMultipleV3 } from '../../../src/engine/models/paella-v3.ts'
import { conditionerV3 } from '../../../src/engine/models/paella-v3-condition.ts'
import {
  type VqganConfig,
  vqganDecoder,
  vqganEncoder,
  vqganPixelsPerToken,
} from '../../../src/engine/models/vqgan-f8.ts'
import { Graph } from '../../../src/engine/onnx/graph.ts'
import { stepGraphV3 } from '../../../src/engine/sampler/step-graph.ts'
import { elementCount } from '../../../src/engine/tensor/dtype.ts'
import { known } from '../../../src/engine/tensor/shape.ts'

/** Millions of weights of all graphs together, those that they share counted once. */
function millions(...graphs: readonly Graph[]): number {
  const sizes = new Map<string, number>()
  for (const graph of graphs)
    for (const { name, shape } of graph.weights.values()) sizes.set(name, elementCount(shape.map(known)))
  return Math.round([...sizes.values()].reduce((a, b) => a + b, 0) / 1e6)
}

const graphOf = (build: (graph: Graph) => void): Graph => {
  const graph = new Graph()
  build(graph)
  return graph
}

test('Paella of 2023 has 1.0 billion, in grids of a multiple of 8 tokens', () => {
  const blocks = (kinds: readonly BlockKind[], count: number): BlockKind[] =>
    Array.from({ length: count }, () => kinds).flat()
  const [top, lower, deepest] = [blocks(['C', 'T'], 6), blocks(['C', 'T', 'A'], 16), blocks(['C', 'T', 'A'], 6)]
  const cfg: PaellaV3Config = {
    labels: 8192,
    cIn: 256,
    cOut: 256,
    cR: 64,
    patch: 2,
    kernel: 3,
    widths: [640, 1280, 1280],
    heads: [8, 16, 16],
    down: [top, lower, deepest],
    up: [deepest, lower, top],
    selfAttention: true,
    condition: { channels: 1024, byt5: 2560, clip: 1024, clipTokens: 4 },
  }
  const step = stepGraphV3(cfg, { typical: 'nothing', draw: 'inverse-cdf' }, {})
  expect(
    millions(
      step,
      graphOf((graph) => conditionerV3(graph, cfg)),
    ),
  ).toBe(1008)
  expect(gridMultipleV3(cfg)).toBe(8)
})

test('the encoder of ByT5-XL has 2.6 billion', () => {
  const cfg: ByT5Config = {
    table: 'shared',
    vocabulary: 384,
    width: 2560,
    attentionWidth: 2048,
    hidden: 6720,
    heads: 32,
    layers: 36,
    buckets: 32,
    maxDistance: 128,
  }
  expect(millions(graphOf((graph) => byT5Encoder(graph, cfg)))).toBe(2614)
})

test('the Gumbel VQGAN has 69 million, a token for 8 x 8 px', () => {
  const level = (channels: number, blocks: number) => ({ channels, blocks, attention: channels === 512 })
  const cfg: VqganConfig = {
    codes: 8192,
    latent: 256,
    zChannels: 256,
    stem: 128,
    encoder: [level(128, 2), level(128, 2), level(256, 2), level(512, 2)],
    decoder: [level(128, 3), level(128, 3), level(256, 3), level(512, 3)],
  }
  expect(
    millions(
      graphOf((graph) => vqganEncoder(graph, cfg)),
      graphOf((graph) => vqganDecoder(graph, cfg)),
    ),
  ).toBe(69)
  expect(vqganPixelsPerToken(cfg)).toBe(8)
})
