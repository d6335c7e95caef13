/**
 * Models of the 2022 release: `DenoiseUNet`, steered by CLIP's features of a prompt or of a picture. The vector may differ from cell to
 * cell, so several prompts cost no more than one.
 */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import type { Sampling } from '../shared/contract/request.ts'
import type { Size } from '../shared/geometry/rect.ts'
import { ClipReader } from './clip-reader.ts'
import { isVector, type Meaning } from './conditions.ts'
import type { LoadedModel, LoadOptions, Steering, TextMeaning } from './loaded-model.ts'
import {
  conditioner,
  type DenoiseUNetConfig,
  denoiseUNetConfig,
  type Extent,
  gridMultiple,
} from './models/denoise-unet.ts'
import type { Manifest } from './models/store.ts'
import type { Feeds } from './onnx/feeds.ts'
import { PixelCoder } from './pixel-coder.ts'
import { Remembered } from './remembered.ts'
import { planV1, type SamplePlan, typicalBy } from './sampler/plan.ts'
import { predictor } from './sampler/predictor.ts'
import type { Predict } from './sampler/sample.ts'
import { stepGraph, type StepVariant } from './sampler/step-graph.ts'
import { type Job, job, refuseStrangers, Sessions } from './sessions.ts'
import { float32 } from './tensor/tensor.ts'

const promptsRemembered = 256

export class Release2022 implements LoadedModel {
  readonly manifest: Manifest
  readonly parameters: number
  readonly stored: LoadedModel['stored']
  readonly #sessions: Sessions
  readonly #denoiser: DenoiseUNetConfig
  readonly #pixels: PixelCoder
  readonly #clip: ClipReader
  readonly #nothing: Float32Array
  readonly #conditioners: Readonly<Record<Extent, Job>>
  /** Pictures of one prompt, and of the next request for it, share what it was mapped to. */
  #lastMapped:
    | { readonly values: Float32Array; readonly against: Float32Array | undefined; readonly feeds: Feeds }
    | undefined
  readonly #texts = new Remembered<TextMeaning>(promptsRemembered)

  static async open(manifest: Manifest, options: LoadOptions): Promise<Release2022> {
    return new Release2022(manifest, await Sessions.open(manifest, options), options)
  }

  private constructor(manifest: Manifest, sessions: Sessions, { resourcesDir }: LoadOptions) {
    this.manifest = manifest
    this.#sessions = sessions
    this.#clip = new ClipReader(manifest, sessions, resourcesDir)
    this.#nothing = new Float32Array(this.#clip.width)
    this.#pixels = new PixelCoder(sessions)
    const cfg = denoiseUNetConfig(sessions.source('denoiser'), this.#clip.width)
    this.#denoiser = cfg
    if (cfg.labels !== this.#pixels.codes)
      refuseStrangers(manifest, `the denoiser knows ${cfg.labels} codes, the pictures have ${this.#pixels.codes}`)
    const map = (extent: Extent): Job =>
      job('denoiser', `conditioner ${extent}`, (graph) => conditioner(graph, cfg, extent))
    this.#conditioners = { global: map('global'), spatial: map('spatial') }
    sessions.bind('denoiser', [
      this.#conditioners.global,
      this.#step({ extent: 'global', typical: 'nothing', draw: 'inverse-cdf' }),
    ])
    this.parameters = sessions.parameters('denoiser')
    this.stored = sessions.stored('denoiser')
  }

  get pixelsPerToken(): number {
    return this.#pixels.pixelsPerToken
  }

  get sizeMultiple(): number {
    return this.pixelsPerToken * gridMultiple(this.#denoiser)
  }

  get labels(): number {
    return this.#denoiser.labels
  }

  async warmUp(sampling: Sampling, onPart: (part: string) => void): Promise<void> {
    onPart('text encoder')
    await this.#clip.warmUp()
    await this.doneReading()
    onPart('denoiser')
    await this.#stepRunner('global', planV1(sampling))
    onPart('picture decoder')
    await this.#pixels.warmUp()
  }

  async text(prompt: string): Promise<TextMeaning> {
    return this.#texts.get(prompt, async () => {
      const { features, cut } = await this.#clip.text(prompt)
      return { meaning: features, cut }
    })
  }

  async nothing(): Promise<Meaning> {
    return this.#nothing
  }

  clipSquare(rgb: Pixels): Pixels {
    return this.#clip.square(rgb)
  }

  async image(square: Pixels): Promise<Meaning> {
    return this.#clip.image(square)
  }

  async doneReading(): Promise<void> {
    const mappers = Object.values(this.#conditioners)
    await this.#sessions.releaseLarge((one) => one.role === 'clip' || mappers.includes(one))
  }

  encode(rgb: Pixels): Promise<Int32Array> {
    return this.#pixels.encode(rgb)
  }

  decode(tokens: Int32Array, grid: Size): Promise<Pixels> {
    return this.#pixels.decode(tokens, grid)
  }

  plan(sampling: Sampling, firstStep: number): SamplePlan {
    return planV1(sampling, firstStep)
  }

  async predictor({ condition, against, isLast }: Steering, plan: SamplePlan, grid: Size): Promise<Predict> {
    assert(condition.extent !== 'voices' && isVector(against), 'voices of another release')
    const { extent, values } = condition
    const passes = plan.steps.some((step) => step.guidance !== undefined) ? 2 : 1
    const feeds = await this.#map(extent, values, passes === 2 ? against : undefined, grid)
    if (isLast) await this.doneReading()
    return predictor(await this.#stepRunner(extent, plan), { passes, feeds }, plan, grid, this.labels)
  }

  /** @param against of the unconditional pass, if there is one */
  async #map(extent: Extent, values: Float32Array, against: Float32Array | undefined, grid: Size): Promise<Feeds> {
    const last = this.#lastMapped
    if (extent === 'global' && last?.values === values && last.against === against) return last.feeds
    const width = this.#clip.width
    const cells = values.length / width
    const passes = against ? 2 : 1
    const conditions = new Float32Array(values.length * passes)
    conditions.set(values)
    against?.forEach((x, c) => conditions.fill(x, values.length + c * cells, values.length + (c + 1) * cells))
    const shape = extent === 'global' ? [passes, width] : [passes, width, grid.height, grid.width]
    const mapper = await this.#sessions.runner(this.#conditioners[extent])
    const feeds = await mapper.run({ c: float32(conditions, shape) })
    // One vector a block; of every cell they would fill a GB.
    if (extent === 'global') this.#lastMapped = { values, against, feeds }
    return feeds
  }

  #stepRunner(extent: Extent, plan: Pick<SamplePlan, 'typical' | 'draw'>) {
    return this.#sessions.runner(this.#step({ extent, typical: typicalBy(plan), draw: plan.draw }))
  }

  #step(variant: StepVariant): Job {
    const name = `step ${variant.extent} ${variant.typical} ${variant.draw}`
    return { role: 'denoiser', name, spin: true, build: (options) => stepGraph(this.#denoiser, variant, options) }
  }

  inMemory(): readonly string[] {
    return this.#sessions.inMemory()
  }

  async close(): Promise<void> {
    await this.#sessions.close()
  }
}
