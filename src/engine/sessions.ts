/**
 * A model's graphs and sessions. Headers are read and every weight is checked at once; a session, which costs a pass over its
 * weights, is made when it is first needed.
 */
import { join } from 'node:path'
import { StudioError } from '../shared/contract/errors.ts'
import { bindWeights } from './checkpoint/bind.ts'
import { readSafetensors } from './checkpoint/safetensors.ts'
import { type StoredWeight, type TensorSource, weightOfScale } from './checkpoint/stored-tensor.ts'
import { type ClipConfig, clipConfig, clipUnused, imageTower, textTower } from './models/clip.ts'
import { conditioner, type DenoiseUNetConfig, denoiseUNetConfig, type Extent } from './models/denoise-unet.ts'
import type { Manifest } from './models/store.ts'
import { decoder, encoder, type VQModelConfig, vqModelConfig, vqModelUnused } from './models/vq-model.ts'
import { Graph, type GraphOptions } from './onnx/graph.ts'
import { createRunner, type Runner } from './runtime/session.ts'
import { type StepVariant, stepGraph } from './sampler/step-graph.ts'
import { elementCount } from './tensor/dtype.ts'

/** Variants of the step graph are kept side by side below this many bytes of weights; above, one is let go for the next. */
const keepVariantsBelow = 256 * 1024 * 1024

export interface SessionOptions {
  readonly device: string
  /** Multiply 8-bit weights as they are (on a CPU with exact integer products). */
  readonly multiplyInt8: boolean
}

/** Which graph: the step of sampling comes in variants, the conditioner in two extents. */
export type Job =
  | { readonly graph: 'text' | 'image' | 'encoder' | 'decoder' }
  | { readonly graph: 'conditioner'; readonly extent: Extent }
  | { readonly graph: 'step'; readonly variant: StepVariant }

type Part = 'denoiser' | 'vq' | 'clip'

const partOf: Readonly<Record<Job['graph'], Part>> = {
  text: 'clip',
  image: 'clip',
  encoder: 'vq',
  decoder: 'vq',
  conditioner: 'denoiser',
  step: 'denoiser',
}

export class Sessions {
  readonly denoiser: DenoiseUNetConfig
  readonly clip: ClipConfig
  readonly vq: VQModelConfig
  readonly parameters: number
  readonly #folder: string
  readonly #sources: Readonly<Record<Part, TensorSource>>
  readonly #weights: Readonly<Record<Part, ReadonlyMap<string, StoredWeight>>>
  readonly #options: SessionOptions
  readonly #runners = new Map<string, Promise<Runner>>()

  /** @throws StudioError 'file-not-found', 'model-broken' or 'checkpoint-mismatch' with the weights by name */
  static async open(manifest: Manifest, options: SessionOptions): Promise<Sessions> {
    const read = (part: Part) => readSafetensors(join(manifest.folder, manifest.files[part].file))
    const [denoiser, vq, clip] = await Promise.all([read('denoiser'), read('vq'), read('clip')])
    return new Sessions(manifest, { denoiser, vq, clip }, options)
  }

  private constructor(manifest: Manifest, sources: Record<Part, TensorSource>, options: SessionOptions) {
    this.#folder = manifest.folder
    this.#sources = sources
    this.#options = options
    this.clip = clipConfig(sources.clip, manifest.clip)
    this.vq = vqModelConfig(sources.vq)
    this.denoiser = denoiseUNetConfig(sources.denoiser, this.clip.embedDim)
    this.parameters = [...sources.denoiser].reduce(
      (sum, [key, { shape }]) => sum + (weightOfScale(key) === undefined ? elementCount(shape) : 0),
      0,
    )
    if (this.denoiser.labels !== this.vq.codes) {
      const said = `the denoiser knows ${this.denoiser.labels} codes, the pictures have ${this.vq.codes}`
      throw new StudioError(
        'checkpoint-mismatch',
        `The files of ${manifest.id} do not belong together: ${said}. Install the model again.`,
      )
    }
    const bind = (part: Part, jobs: readonly Job[], unused: readonly string[]) =>
      bindWeights(
        `${manifest.id}/${manifest.files[part].file}`,
        jobs.map((job) => this.#build(job)),
        sources[part],
        unused,
      )
    this.#weights = {
      denoiser: bind(
        'denoiser',
        [
          { graph: 'conditioner', extent: 'global' },
          { graph: 'step', variant: { extent: 'global', typical: false, draw: 'inverse-cdf' } },
        ],
        [],
      ),
      vq: bind('vq', [{ graph: 'encoder' }, { graph: 'decoder' }], vqModelUnused),
      clip: bind('clip', this.clip.vision ? [{ graph: 'text' }, { graph: 'image' }] : [{ graph: 'text' }], clipUnused),
    }
  }

  /** @throws StudioError as createRunner does; a failure is not remembered */
  async runner(job: Job): Promise<Runner> {
    const name = JSON.stringify(job)
    const known = this.#runners.get(name)
    if (known) return known
    if (job.graph === 'step' && this.#bytes('denoiser') > keepVariantsBelow)
      await this.#release((other) => other.includes('"step"'))
    const weights = this.#weights[partOf[job.graph]]
    const made = createRunner(this.#build(job), {
      device: this.#options.device,
      folder: this.#folder,
      spin: job.graph === 'step',
      weights,
    })
    this.#runners.set(name, made)
    made.catch(() => this.#runners.delete(name))
    return made
  }

  async close(): Promise<void> {
    await this.#release(() => true)
  }

  async #release(which: (name: string) => boolean): Promise<void> {
    for (const [name, runner] of this.#runners) {
      if (!which(name)) continue
      this.#runners.delete(name)
      await (await runner).close()
    }
  }

  #build(job: Job): Graph {
    const source = this.#sources[partOf[job.graph]]
    const keepInt8: NonNullable<GraphOptions['keepInt8']> = (name, use) =>
      source.get(name)?.dtype === 'int8' && (use === 'look up' || this.#options.multiplyInt8)
    if (job.graph === 'step') return stepGraph(this.denoiser, job.variant, { keepInt8 })
    const graph = new Graph({ keepInt8 })
    if (job.graph === 'conditioner') conditioner(graph, this.denoiser, job.extent)
    else if (job.graph === 'text') textTower(graph, this.clip)
    else if (job.graph === 'image') imageTower(graph, this.clip)
    else if (job.graph === 'encoder') encoder(graph, this.vq)
    else decoder(graph, this.vq)
    return graph
  }

  #bytes(part: Part): number {
    return [...this.#sources[part].values()].reduce(
      (sum, { place }) => sum + ('bytes' in place ? place.bytes : place.data.length),
      0,
    )
  }
}
