/**
 * The measurements. Each runs in a process of its own (worker.ts), so that its peak memory and its load time are its own.
 */
import { access, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { bindWeights, storedInt8 } from '../../engine/checkpoint/bind.ts'
import { readSafetensors } from '../../engine/checkpoint/safetensors.ts'
import { createEngine, type EngineEnv } from '../../engine/engine.ts'
import type { Precision } from '../../engine/import/precision.ts'
import { writeRandomCheckpoint } from '../../engine/import/random-checkpoint.ts'
import { conditioner, type DenoiseUNetConfig } from '../../engine/models/denoise-unet.ts'
import { countOperations } from '../../engine/onnx/cost.ts'
import { Graph, type GraphOptions } from '../../engine/onnx/graph.ts'
import { matmul } from '../../engine/onnx/ops.ts'
import { createRunner } from '../../engine/runtime/session.ts'
import { stepGraph } from '../../engine/sampler/step-graph.ts'
import { float32, int32, ints } from '../../engine/tensor/tensor.ts'
import { uniforms } from '../../shared/base/philox.ts'
import { peakMemory, residentMemory, seconds, type Timing, timed, timing } from './measure.ts'

/** The published v1 model (arXiv 2211.07292): 573 million parameters. */
const published: DenoiseUNetConfig = {
  labels: 8192,
  widths: [320, 640, 1280],
  downBlocks: [4, 8, 16],
  upBlocks: [16, 8, 4],
  cClip: 1024,
  cR: 64,
}
const publishedGrid = 32

export type Task =
  | { readonly task: 'peak' }
  | { readonly task: 'model'; readonly env: Omit<EngineEnv, 'log'>; readonly model: string; readonly pictures: number }
  | {
      readonly task: 'published'
      readonly folder: string
      readonly precision: Precision
      readonly device: string
      readonly kind: StepKind
      readonly steps: number
    }
  | { readonly task: 'fastest'; readonly folder: string }

/** What one step is measured with: guidance takes two passes, the filter looks at every code of every cell. */
export const stepKinds = ['without guidance', 'with guidance', 'with guidance and filter'] as const
export type StepKind = (typeof stepKinds)[number]

const peakSide = 2048
/** Milliseconds after a run for which onnxruntime's threads stay awake, and more. */
const threadsAsleep = 500

/** The float32 matrix product of this machine, its weight packed beforehand: what shares are measured against, in GFLOP/s. */
async function peakProbe(): Promise<() => Promise<number>> {
  const shape = [peakSide, peakSide]
  const values = uniforms(0, { purpose: 0, step: 0 }, peakSide ** 2)
  const graph = new Graph()
  graph.output('product', matmul(graph.input('rows', 'float32', shape), graph.weight('weight', shape)))
  const tensor = { dtype: 'float32' as const, shape, place: { data: new Uint8Array(values.buffer) } }
  const runner = await createRunner(graph, {
    device: 'cpu',
    folder: '.',
    weights: new Map([['weight', { tensor }]]),
    spin: true,
  })
  const rows = float32(values, shape)
  return async () => {
    const { milliseconds } = await timed(() => runner.run({ rows }))
    return (2 * peakSide ** 3) / milliseconds / 1e6
  }
}

/** The best of a dozen products, once the threads of whatever ran before have gone to sleep. */
async function bestOf(product: () => Promise<number>): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, threadsAsleep))
  let best = 0
  for (let i = 0; i < 12; i++) best = Math.max(best, await product())
  return best
}

export const measurePeak = async (): Promise<number> => bestOf(await peakProbe())

export interface ModelReport {
  readonly loadSeconds: number
  readonly firstPictureSeconds: number
  /** Pictures of the model's own size, 8 steps with guidance, decoding included. */
  readonly picture: Timing
  readonly step: Timing
  readonly peakMemoryMB: number
}

export async function measureModel({ env, model, pictures }: Extract<Task, { task: 'model' }>): Promise<ModelReport> {
  const engine = createEngine({ ...env, log: () => undefined })
  const { milliseconds } = await engine.load({ model })
  const steps: number[] = []
  const make = (seed: number) =>
    timed(() =>
      engine.generate(
        { request: { version: 1, model, use: { use: 'text', prompt: 'a red apple' }, seed, sampling: { steps: 8 } } },
        { onEvent: (event) => event.type === 'step' && steps.push(event.milliseconds) },
      ),
    )
  const first = await make(0)
  steps.length = 0
  const times: number[] = []
  for (let seed = 1; seed <= pictures; seed++) times.push((await make(seed)).milliseconds)
  await engine.close()
  return {
    loadSeconds: seconds(milliseconds),
    firstPictureSeconds: seconds(first.milliseconds),
    picture: timing(times),
    step: timing(steps),
    peakMemoryMB: peakMemory(),
  }
}

export interface PublishedReport {
  readonly loadSeconds: number
  readonly firstStepSeconds: number
  readonly step: Timing
  /** Operations of one step's products and convolutions, in units of 10^9. */
  readonly gigaOperations: number
  /** Best of the float32 products that were measured before and after the steps. */
  readonly float32PeakGflops: number
  /** Operations of the median step against that; 8-bit products can go beyond 1. */
  readonly shareOfFloat32Peak: number
  /** While loading. */
  readonly peakMemoryMB: number
  /** After the first step. */
  readonly residentMemoryMB: number
  /**
   * Of one more step at temperature 0: the likeliest code of each cell, to be compared between precisions and devices. None with the
   * filter: the likeliest code that it leaves lies at its edge, which any rounding moves.
   */
  readonly tokens: readonly number[] | undefined
}

/** The step of the published architecture at random weights, which are made on first use and kept in `folder`. */
export async function measurePublished(task: Extract<Task, { task: 'published' }>): Promise<PublishedReport> {
  const path = join(task.folder, `paella-v1-573m-random-${task.precision}.safetensors`)
  await access(path).catch(async () => {
    await mkdir(task.folder, { recursive: true })
    writeRandomCheckpoint('paella-v1', [step(task.kind, {}), condition({})], path, task.precision)
  })
  const source = await readSafetensors(path)
  const options = storedInt8(source, task.device === 'cpu')
  const graphs = [step(task.kind, options), condition(options)] as const
  const weights = bindWeights('the random weights', graphs, source)
  const place = { device: task.device, folder: dirname(path), weights, spin: true }
  const { result: runner, milliseconds: load } = await timed(() => createRunner(graphs[0], place))
  const passes = task.kind === 'without guidance' ? 1 : 2
  const cells = publishedGrid ** 2
  const grid = [publishedGrid, publishedGrid]
  const scalar = (value: number) => float32(Float32Array.of(value), [])
  const feeds = {
    tokens: int32(
      new Int32Array(cells * passes).map((_, i) => (i * 7919) % published.labels),
      [passes, ...grid],
    ),
    time: float32(new Float32Array(passes).fill(0.5), [passes]),
    guidance: scalar(4),
    temperature: scalar(1),
    ...(filters(task.kind) && { mass: scalar(0.2) }),
    noise: float32(uniforms(1, { purpose: 1, step: 0 }, cells), [1, ...grid]),
    // Zeros: what the condition is changes nothing about how long a step takes.
    ...Object.fromEntries(
      published.widths.map((width, level) => {
        const side =
          width * ((published.downBlocks[level] ?? 0) + (published.upBlocks[published.widths.length - 1 - level] ?? 0))
        return [`condition.${level}`, float32(new Float32Array(passes * side), [passes, 1, 1, side])]
      }),
    ),
  }
  const { milliseconds: first } = await timed(() => runner.run(feeds))
  const [peakMemoryMB, residentMemoryMB] = [peakMemory(), residentMemory()]
  // The peak before and after: on a machine shared with others it is not the same from one minute to the next.
  const product = await peakProbe()
  const peakBefore = await bestOf(product)
  const times: number[] = []
  for (let i = 0; i < task.steps; i++) times.push((await timed(() => runner.run(feeds))).milliseconds)
  const gigaOperations = countOperations(graphs[0], { n: passes, h: publishedGrid / 4, w: publishedGrid / 4 }) / 1e9
  const peak = Math.max(peakBefore, await bestOf(product))
  const measured = timing(times)
  const likeliest = filters(task.kind) ? undefined : await runner.run({ ...feeds, temperature: scalar(0) })
  return {
    loadSeconds: seconds(load),
    firstStepSeconds: seconds(first),
    step: measured,
    gigaOperations: Math.round(gigaOperations),
    float32PeakGflops: Math.round(peak),
    shareOfFloat32Peak: Math.round((gigaOperations / measured.median / peak) * 100) / 100,
    peakMemoryMB,
    residentMemoryMB,
    tokens: likeliest && [...ints(likeliest['chosen'])],
  }
}

const filters = (kind: StepKind): boolean => kind === 'with guidance and filter'

const step = (kind: StepKind, options: GraphOptions): Graph =>
  stepGraph(published, { extent: 'global', typical: filters(kind) ? 'mass' : 'nothing', draw: 'inverse-cdf' }, options)

function condition(options: GraphOptions): Graph {
  const graph = new Graph(options)
  conditioner(graph, published, 'global')
  return graph
}
