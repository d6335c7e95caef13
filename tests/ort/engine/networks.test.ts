/**
 * The networks of 2023, the Gumbel VQGAN and ByT5 at sizes of our own choice, with random weights: the sizes are read off the
 * checkpoint, the graphs are built, and what must hold for any weights holds.
 */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bindWeights, storedInt8 } from '../../../src/engine/checkpoint/bind.ts'
import { writeRandomCheckpoint } from '../../../src/engine/import/random-checkpoint.ts'
import { readSafetensors } from '../../../src/engine/checkpoint/safetensors.ts'
import type { TensorSource } from '../../../src/engine/checkpoint/stored-tensor.ts'
import { type ByT5Config, byT5Config, byT5Encoder } from '../../../src/engine/models/byt5.ts'
import { type PaellaV3Config, paellaV3Config } from '../../../src/engine/models/paella-v3.ts'
import { conditionerV3, conditionFeeds, type PassCondition } from '../../../src/engine/models/paella-v3-condition.ts'
import { type PriorConfig, prior, priorConfig } from '../../../src/engine/models/prior.ts'
import { type VqganConfig, vqganConfig, vqganDecoder, vqganEncoder } from '../../../src/engine/models/vqgan-f8.ts'
import { Graph } from '../../../src/engine/onnx/graph.ts'
import { seededDraws } from '../../../src/engine/sampler/draws.ts'
import { planV3 } from '../../../src/engine/sampler/plan.ts'
import { predictor } from '../../../src/engine/sampler/predictor.ts'
import { samplePrior, seededNormals } from '../../../src/engine/sampler/prior-sampler.ts'
import { createRunner, type Runner } from '../../../src/engine/runtime/session.ts'
import { sample } from '../../../src/engine/sampler/sample.ts'
import { stepGraphV3 } from '../../../src/engine/sampler/step-graph.ts'
import { floats, type Tensor } from '../../../src/engine/tensor/tensor.ts'
import { uniforms } from '../../../src/shared/base/philox.ts'
import { entries, integers, numbers, runGraph } from '../../kit/graph.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const folder = await temporaryFolder()
let files = 0

/** A checkpoint of random numbers that fits the graphs. */
async function randomCheckpoint(graphs: readonly Graph[], precision: 'float32' | 'int8' = 'float32') {
  const path = join(folder, `${files++}.safetensors`)
  writeRandomCheckpoint('paella-v3', graphs, path, precision)
  return readSafetensors(path)
}

const graphOf = (build: (graph: Graph) => void, options = {}): Graph => {
  const graph = new Graph(options)
  build(graph)
  return graph
}
const run = (graph: Graph, source: TensorSource, feeds: Readonly<Record<string, Tensor>>, all = [graph]) =>
  runGraph(graph, feeds, bindWeights('random', all, source), folder)

let drawn = 0
const random = (...shape: number[]): Tensor => {
  const count = shape.reduce((a, b) => a * b, 1)
  return numbers(uniforms(3, { purpose: 0, step: drawn++ }, count), shape)
}
const randomTokens = (labels: number, ...shape: number[]): Tensor =>
  integers(
    entries(random(...shape)).map((u) => Math.floor(u * labels)),
    shape,
  )
const worst = (a: Tensor | undefined, b: Tensor | undefined): number => {
  const [x, y] = [floats(a), floats(b)]
  expect(x).toHaveLength(y.length)
  return x.reduce((most, value, i) => Math.max(most, Math.abs(value - (y[i] ?? Number.NaN))), 0)
}

describe('Paella of 2023', () => {
  const even: PaellaV3Config = {
    labels: 24,
    cIn: 8,
    cOut: 12,
    cR: 9,
    patch: 2,
    kernel: 3,
    widths: [16, 24],
    heads: [2, 3],
    down: [
      ['C', 'T', 'A'],
      ['C', 'T', 'A', 'C', 'T', 'A'],
    ],
    up: [
      ['C', 'T', 'A', 'C', 'T', 'A'],
      ['C', 'T', 'A'],
    ],
    selfAttention: true,
    condition: { channels: 10, byt5: 14, clip: 6, clipTokens: 3 },
  } // prettier-ignore
  const odd: PaellaV3Config = {
    ...even,
    cR: 6,
    patch: 1,
    kernel: 5,
    widths: [16, 8, 32],
    heads: [4, 1, 8],
    down: [
      ['F', 'C', 'T'],
      ['T', 'A'],
      ['C', 'T', 'F', 'A'],
    ],
    up: [
      ['A', 'C', 'T'],
      ['C', 'T'],
      ['C', 'F', 'T'],
    ],
    selfAttention: false,
    condition: { channels: 7, byt5: 5, clip: 11, clipTokens: 1 },
  } // prettier-ignore

  const graphsOf = (cfg: PaellaV3Config, options = {}) => ({
    condition: graphOf((graph) => conditionerV3(graph, cfg), options),
    step: stepGraphV3(cfg, { typical: 'mass and count', draw: 'inverse-cdf' }, options),
  })
  const given = (cfg: PaellaV3Config, length: number, clip = true): PassCondition => ({
    caption: random(length, cfg.condition.byt5),
    text: clip ? floats(random(cfg.condition.clip)) : undefined,
    pictures: clip ? [floats(random(cfg.condition.clip)), floats(random(cfg.condition.clip))] : [],
  })

  test.each([
    ['published rows of blocks', even],
    ['rows of its own', odd],
  ])('of %s reads its sizes off the checkpoint', async (_, cfg) => {
    const source = await randomCheckpoint(Object.values(graphsOf(cfg)))
    const { heads, selfAttention } = cfg
    expect(paellaV3Config(source, { heads, selfAttention })).toEqual(cfg)
  })

  test('has heads of 80 channels where none are named, and says so where its widths do not divide', async () => {
    const source = await randomCheckpoint(Object.values(graphsOf({ ...even, widths: [80, 160], heads: [1, 2] })))
    expect(paellaV3Config(source)).toMatchObject({ heads: [1, 2], selfAttention: true })
    expect(() => paellaV3Config(source, { heads: [3, 2] })).toThrow(/80 wide and does not divide into 3 heads/)
    const small = await randomCheckpoint(Object.values(graphsOf(even)))
    expect(() => paellaV3Config(small)).toThrow(/Name its heads/)
  })

  test.each([
    ['published rows of blocks', even, 4, 8],
    ['published rows of blocks', even, 12, 4],
    ['rows of its own', odd, 4, 4],
  ])('of %s samples any grid of whole cells, here of the lowest level', async (_, cfg, height, width) => {
    const graphs = graphsOf(cfg)
    const weights = bindWeights('random', Object.values(graphs), await randomCheckpoint(Object.values(graphs)))
    const runners: Runner[] = []
    for (const graph of Object.values(graphs))
      runners.push(await createRunner(graph, { device: 'cpu', folder, weights }))
    const [condition, step] = runners as [Runner, Runner]
    const { conditioner, mask } = conditionFeeds(cfg, [given(cfg, 9), given(cfg, 1, false)])
    const feeds = { ...(await condition.run(conditioner)), mask }
    const planned = planV3({ steps: 3, guidance: 4, temperature: [1, 0.5], renoiseSteps: 2, start: 1 })
    const plan = { ...planned, typical: { mass: 0.9, minTokens: 2 } }
    const predict = predictor(step, { passes: 2, feeds }, plan, { width, height }, cfg.labels)
    const steps: number[][] = []
    for await (const { tokens, probability } of sample(
      predict,
      plan,
      { cells: height * width, labels: cfg.labels },
      seededDraws(5),
    )) {
      steps.push([...tokens])
      expect(probability.every((p) => p > 0 && p <= 1)).toBe(true)
    }
    for (const runner of runners) await runner.close()
    expect(steps.map((tokens) => tokens.length)).toEqual(Array(3).fill(height * width))
    expect(steps.flat().every((token) => token >= 0 && token < cfg.labels)).toBe(true)
    expect(new Set(steps.map(String)).size).toBeGreaterThan(1)
  })

  /** Logits' stand-in: one step's probability and entropy, alone or beside a longer pass. */
  const certainty = async (
    cfg: PaellaV3Config,
    source: TensorSource,
    passes: readonly PassCondition[],
    only?: number,
  ) => {
    const graphs = graphsOf(cfg)
    const all = Object.values(graphs)
    const { conditioner, mask } = conditionFeeds(cfg, passes)
    const memories = await run(graphs.condition, source, conditioner, all)
    // Guidance 0 takes the last pass alone, 1 the first.
    const n = passes.length
    const tokens = integers(
      Array.from({ length: 16 * n }, (_, i) => i % 16),
      [n, 4, 4],
    )
    const outputs = await run(
      graphs.step,
      source,
      {
        ...memories,
        mask,
        tokens,
        time: numbers(Array(n).fill(0.5), [n]),
        guidance: numbers([only ?? 1], []),
        temperature: numbers([1], []),
        mass: numbers([1], []),
        minTokens: numbers([1], []),
        noise: numbers(Array(16).fill(0.5), [1, 4, 4]),
      },
      all,
    )
    return outputs.entropy
  }

  test('gives a pass beside a longer one what it gives it alone, with or without CLIP', async () => {
    for (const cfg of [even, odd]) {
      const source = await randomCheckpoint(Object.values(graphsOf(cfg)))
      const [long, short, bare] = [given(cfg, 9), given(cfg, 2), given(cfg, 3, false)]
      for (const pass of [short, bare])
        expect(worst(await certainty(cfg, source, [long, pass], 0), await certainty(cfg, source, [pass]))).toBeLessThan(
          1e-5,
        )
      expect(worst(await certainty(cfg, source, [long]), await certainty(cfg, source, [short]))).toBeGreaterThan(1e-4)
    }
  })

  test('in 8 bits, multiplied so, is close to what it is widened', async () => {
    const cfg: PaellaV3Config = {
      ...even,
      widths: [64, 128],
      heads: [4, 8],
      condition: { ...even.condition, channels: 64 },
    }
    const source = await randomCheckpoint(Object.values(graphsOf(cfg)), 'int8')
    const kept = graphOf((graph) => conditionerV3(graph, cfg), storedInt8(source, true))
    const widened = graphOf((graph) => conditionerV3(graph, cfg))
    const { conditioner } = conditionFeeds(cfg, [given(cfg, 5)])
    expect(kept.int8Weights.size).toBeGreaterThan(6)
    const step = stepGraphV3(cfg, { typical: 'nothing', draw: 'inverse-cdf' }, storedInt8(source, true))
    const ours = await run(kept, source, conditioner, [kept, step])
    const theirs = await run(widened, source, conditioner, [widened, graphsOf(cfg).step])
    const largest = entries(theirs['condition.0'] ?? numbers([], [0])).reduce((a, b) => Math.max(a, Math.abs(b)), 0)
    expect(worst(ours['condition.0'], theirs['condition.0']) / largest).toBeLessThan(0.03)
  })
})

describe('the Gumbel VQGAN', () => {
  const level = (channels: number, blocks: number, attention = false) => ({ channels, blocks, attention })
  const cfg: VqganConfig = {
    codes: 20,
    latent: 6,
    zChannels: 10,
    stem: 32,
    encoder: [level(32, 2), level(64, 1, true), level(32, 1)],
    decoder: [level(32, 2), level(64, 3, true), level(32, 1)],
  }
  const encoder = graphOf((graph) => vqganEncoder(graph, cfg))
  const decoder = graphOf((graph) => vqganDecoder(graph, cfg))

  test('reads its sizes off the checkpoint, and takes any picture of whole cells', async () => {
    const source = await randomCheckpoint([encoder, decoder])
    expect(vqganConfig(source)).toEqual(cfg)
    for (const [n, h, w] of [
      [1, 2, 3],
      [2, 1, 1],
    ] as const) {
      const image = random(n, 3, 4 * h, 4 * w)
      const { tokens } = await run(encoder, source, { image }, [encoder, decoder])
      expect(tokens?.shape).toEqual([n, h, w])
      expect(entries(tokens as Tensor).every((token) => token >= 0 && token < cfg.codes)).toBe(true)
      const { image: back } = await run(decoder, source, { tokens: tokens as Tensor }, [encoder, decoder])
      expect(back?.shape).toEqual(image.shape)
      expect(entries(back as Tensor).every((value) => value >= 0 && value <= 1)).toBe(true)
    }
  }) // prettier-ignore
})

test('networks whose shapes cannot be are refused by name', () => {
  const shapes = (list: Readonly<Record<string, readonly number[]>>): TensorSource =>
    new Map(
      Object.entries(list).map(([key, shape]) => [key, { dtype: 'float32', shape, place: { data: new Uint8Array() } }]),
    )
  const uneven = shapes({
    'encoder.conv_in.weight': [32, 3, 3, 3],
    'encoder.down.0.block.0.conv1.weight': [48, 32, 3, 3],
    'decoder.up.0.block.0.conv1.weight': [32, 32, 3, 3],
  })
  expect(() => vqganConfig(uneven)).toThrow(/48 wide, which does not divide into its 32 groups/)
  const narrow = shapes({ 'blocks.0.weight': [14, 10], 'blocks.1.0.weight': [30, 24] })
  expect(() => priorConfig(narrow)).toThrow(/24 wide, which leaves nothing for the time/)
  const headless = shapes({
    'shared.weight': [40, 12],
    'encoder.block.0.layer.0.SelfAttention.q.weight': [20, 12],
    'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight': [8, 3],
  })
  expect(() => byT5Config(headless)).toThrow(/20 wide and has 3 heads/)
  for (const config of [paellaV3Config, vqganConfig, byT5Config, priorConfig])
    expect(() => config(new Map())).toThrow(/is no checkpoint of/)
})

describe("ByT5's encoder", () => {
  const cfg: ByT5Config = {
    table: 'encoder.embed_tokens',
    vocabulary: 40,
    width: 12,
    attentionWidth: 20,
    hidden: 28,
    heads: 5,
    layers: 3,
    buckets: 8,
    maxDistance: 16,
  }

  test.each(['encoder.embed_tokens', 'shared'] as const)(
    'reads its sizes off the checkpoint, its bytes under %s',
    async (table) => {
      const graph = graphOf((graph) => byT5Encoder(graph, { ...cfg, table }))
      expect(byT5Config(await randomCheckpoint([graph]), { maxDistance: 16 })).toEqual({ ...cfg, table })
    },
  )

  test('gives each caption of a batch what it gives it alone, past the farthest distance too', async () => {
    const graph = graphOf((graph) => byT5Encoder(graph, cfg))
    const source = await randomCheckpoint([graph])
    for (const length of [1, 40]) {
      const tokens = randomTokens(40, 2, length)
      const { features } = await run(graph, source, { tokens })
      expect(features?.shape).toEqual([2, length, 12])
      const alone = await run(graph, source, { tokens: integers(entries(tokens).slice(length), [1, length]) })
      const second = numbers(entries(features as Tensor).slice(length * 12), [1, length, 12])
      expect(worst(alone.features, second)).toBeLessThan(1e-5)
    }
  })
})

describe('the prior', () => {
  const cfg: PriorConfig = { clip: 10, width: 14, hidden: 30, cR: 7, blocks: 2 }
  const graph = graphOf((graph) => prior(graph, cfg))

  test('reads its sizes off the checkpoint, and its features follow seed, caption and method', async () => {
    const source = await randomCheckpoint([graph])
    expect(priorConfig(source)).toEqual(cfg)
    const runner = await createRunner(graph, { device: 'cpu', folder, weights: bindWeights('random', [graph], source) })
    const text = floats(random(cfg.clip))
    const features = (seed: number, caption: Float32Array, method: 'ddpm' | 'ddim') =>
      samplePrior(runner, caption, { steps: 6, guidance: 3, method }, seededNormals(seededDraws(seed), cfg.clip))
    const first = await features(1, text, 'ddpm')
    expect(first).toHaveLength(cfg.clip)
    expect(first.every(Number.isFinite)).toBe(true)
    expect(await features(1, text, 'ddpm')).toEqual(first)
    for (const other of [
      await features(2, text, 'ddpm'),
      await features(1, floats(random(cfg.clip)), 'ddpm'),
      await features(1, text, 'ddim'),
    ])
      expect(other).not.toEqual(first)
    await runner.close()
  })

  test('takes normal numbers: mean 0, variance 1, and one in three beyond one deviation', () => {
    const values = seededNormals(seededDraws(7), 20_000)(3)
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    const variance = values.reduce((a, b) => a + b * b, 0) / values.length
    expect(mean).toBeCloseTo(0, 1)
    expect(variance).toBeCloseTo(1, 1)
    expect(values.filter((x) => Math.abs(x) > 1).length / values.length).toBeCloseTo(0.3173, 2)
  })
})
