/** Every graph that the models of both releases make, with what its inputs may be fed. */
import { join } from 'node:path'
import { bindWeights, storedInt8 } from '../../src/engine/checkpoint/bind.ts'
import { readSafetensors } from '../../src/engine/checkpoint/safetensors.ts'
import type { StoredWeight, TensorSource } from '../../src/engine/checkpoint/stored-tensor.ts'
import { byT5Config, byT5Encoder, byT5Unused } from '../../src/engine/models/byt5.ts'
import { clipConfig, clipUnused, imageTower, textTower } from '../../src/engine/models/clip.ts'
import { conditioner, denoiseUNetConfig } from '../../src/engine/models/denoise-unet.ts'
import { paellaV3Config } from '../../src/engine/models/paella-v3.ts'
import { conditionerV3 } from '../../src/engine/models/paella-v3-condition.ts'
import { prior, priorConfig } from '../../src/engine/models/prior.ts'
import { findModel } from '../../src/engine/models/store.ts'
import { decoder, encoder, vqModelConfig, vqModelUnused } from '../../src/engine/models/vq-model.ts'
import { vqganConfig, vqganDecoder, vqganEncoder } from '../../src/engine/models/vqgan-f8.ts'
import { Graph, type Value } from '../../src/engine/onnx/graph.ts'
import { stepGraph, stepGraphV3 } from '../../src/engine/sampler/step-graph.ts'
import { sizeOf } from '../../src/engine/tensor/shape.ts'
import { float32, int32, type Tensor } from '../../src/engine/tensor/tensor.ts'

export interface ReleaseGraph {
  readonly name: string
  readonly graph: Graph
  readonly weights: ReadonlyMap<string, StoredWeight>
  readonly folder: string
}

type Build = (graph: Graph) => void

const filters = ['nothing', 'mass', 'mass and count'] as const

/** @param store as `writeTinyStore` makes it. Weights in 8 bits are widened, as they are on every device but the CPU. */
export async function releaseGraphs(store: string): Promise<readonly ReleaseGraph[]> {
  const found: ReleaseGraph[] = []
  for (const id of ['tiny-2022', 'tiny-2023']) {
    const { folder, files, clip } = await findModel(store, id)
    const read = (file: { readonly file: string } | undefined): Promise<TensorSource> =>
      readSafetensors(join(folder, file?.file ?? ''))
    const add = (
      source: TensorSource,
      builds: Readonly<Record<string, Build | (() => Graph)>>,
      unused: readonly string[] = [],
    ): void => {
      const graphs = Object.entries(builds).map(([name, build]) => {
        const graph = new Graph(storedInt8(source, false))
        return { name, graph: build(graph) ?? graph }
      })
      const weights = bindWeights(
        id,
        graphs.map(({ graph }) => graph),
        source,
        unused,
      )
      found.push(...graphs.map(({ name, graph }) => ({ name: `${id} ${name}`, graph, weights, folder })))
    }

    const words = await read(files.clip)
    const towers = clipConfig(words, clip)
    add(words, { text: (graph) => textTower(graph, towers), look: (graph) => imageTower(graph, towers) }, clipUnused)
    const pixels = await read(files.vq)
    const denoiser = await read(files.denoiser)
    const options = storedInt8(denoiser, false)
    if (id === 'tiny-2022') {
      const coder = vqganConfig(pixels)
      add(pixels, { encode: (graph) => vqganEncoder(graph, coder), decode: (graph) => vqganDecoder(graph, coder) })
      const cfg = denoiseUNetConfig(denoiser, towers.embedDim)
      const builds: Record<string, Build | (() => Graph)> = {}
      for (const extent of ['global', 'spatial'] as const) {
        builds[`condition ${extent}`] = (graph) => conditioner(graph, cfg, extent)
        for (const typical of filters)
          for (const draw of ['gumbel-max', 'inverse-cdf'] as const)
            builds[`step ${extent}${typical === 'nothing' ? '' : ` typical by ${typical}`} ${draw}`] = () =>
              stepGraph(cfg, { extent, typical, draw }, options)
      }
      add(denoiser, builds)
    } else {
      const coder = vqModelConfig(pixels)
      add(pixels, { encode: (graph) => encoder(graph, coder), decode: (graph) => decoder(graph, coder) }, vqModelUnused)
      const cfg = paellaV3Config(denoiser)
      const builds: Record<string, Build | (() => Graph)> = { condition: (graph) => conditionerV3(graph, cfg) }
      for (const mixed of [true, false])
        for (const typical of filters)
          for (const draw of ['gumbel-max', 'inverse-cdf'] as const)
            builds[`step${mixed ? ' mixed' : ''}${typical === 'nothing' ? '' : ` typical by ${typical}`} ${draw}`] =
              () => stepGraphV3(cfg, { mixed, typical, draw }, options)
      add(denoiser, builds)
      const bytes = await read(files.byt5)
      const reader = byT5Config(bytes)
      add(bytes, { captions: (graph) => byT5Encoder(graph, reader) }, byT5Unused)
      const imagined = await read(files.prior)
      const network = priorConfig(imagined)
      add(imagined, { prior: (graph) => prior(graph, network) })
    }
  }
  return found
}

/** Two passes, grids that are not square, and no two other unknowns alike. */
const sizes = { n: 2, b: 2, h: 2, w: 3, s: 5, i: 2, m: 7 }

/** Numbers for every input: floats in [0, 1), tokens below 64. */
export function someFeeds({ inputs }: Graph): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(inputs.map((input) => [input.name, someTensor(input)]))
}

function someTensor({ name, dtype, shape }: Value): Tensor {
  const sides = shape.map((dim) => sizeOf(dim, sizes) ?? Number.NaN)
  const length = sides.reduce((a, b) => a * b, 1)
  if (dtype === 'int32')
    return int32(
      Int32Array.from({ length }, (_, i) => (i * 7) % 64),
      sides,
    )
  // The golden ratio's multiples fill [0, 1) evenly.
  const noise = Float32Array.from({ length }, (_, i) => ((i + 1) * 0.618034) % 1)
  if (name === 'minTokens' || name === 'guidance') return float32(noise.fill(3), sides)
  return float32(noise, sides)
}
