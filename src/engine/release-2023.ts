/**
 * Models of the 2023 release: told a caption by ByT5, and by CLIP what it means and what a picture of it could look like, which the
 * prior imagines. Of these networks none stays in memory after it has read, but for small ones.
 *
 * A prompt is a sequence here, so several prompts in one picture (regions, gradients, frames between two) take a pass of the denoiser
 * each, and their findings are mixed cell by cell.
 */
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import type { Sampling } from '../shared/contract/request.ts'
import type { Size } from '../shared/geometry/rect.ts'
import { ClipReader } from './clip-reader.ts'
import { isVector, type LaidVoice, type Meaning } from './conditions.ts'
import { Imagination } from './imagination.ts'
import type { LoadedModel, LoadOptions, Steering, TextMeaning } from './loaded-model.ts'
import { byT5Config, byT5Encoder, byT5Unused } from './models/byt5.ts'
import { byT5Tokens } from './models/byt5-tokenizer.ts'
import { gridMultipleV3, type PaellaV3Config, paellaV3Config } from './models/paella-v3.ts'
import { conditionerV3, conditionFeeds } from './models/paella-v3-condition.ts'
import type { Manifest } from './models/store.ts'
import { PixelCoder } from './pixel-coder.ts'
import { Remembered } from './remembered.ts'
import { planV3, type SamplePlan, typicalBy } from './sampler/plan.ts'
import { predictor } from './sampler/predictor.ts'
import type { Predict } from './sampler/sample.ts'
import { type StepVariantV3, stepGraphV3 } from './sampler/step-graph.ts'
import { type Job, job, refuseStrangers, type Role, Sessions } from './sessions.ts'
import { floats, float32, int32, type Tensor } from './tensor/tensor.ts'

/** Of these nothing samples. */
const readers: readonly Role[] = ['clip', 'byt5', 'prior']

/** A caption is up to 8 MB. */
const promptsRemembered = 32

export class Release2023 implements LoadedModel {
  readonly manifest: Manifest
  readonly parameters: number
  readonly stored: LoadedModel['stored']
  readonly #sessions: Sessions
  readonly #denoiser: PaellaV3Config
  readonly #pixels: PixelCoder
  readonly #clip: ClipReader
  readonly #captions: Job
  readonly #conditioner: Job
  readonly #imagination: Imagination | undefined
  readonly #texts = new Remembered<TextMeaning>(promptsRemembered)
  #nothing: Meaning | undefined

  static async open(manifest: Manifest, options: LoadOptions): Promise<Release2023> {
    if (!manifest.files.byt5) refuseStrangers(manifest, 'ByT5, which reads prompts, is not among them')
    return new Release2023(manifest, await Sessions.open(manifest, options), options)
  }

  private constructor(manifest: Manifest, sessions: Sessions, { resourcesDir }: LoadOptions) {
    this.manifest = manifest
    this.#sessions = sessions
    this.#clip = new ClipReader(manifest, sessions, resourcesDir)
    this.#pixels = new PixelCoder(sessions)
    const byt5 = byT5Config(sessions.source('byt5'))
    this.#captions = job('byt5', 'captions', (graph) => byT5Encoder(graph, byt5))
    sessions.bind('byt5', [this.#captions], byT5Unused)
    const cfg = paellaV3Config(sessions.source('denoiser'))
    this.#denoiser = cfg
    this.#conditioner = job('denoiser', 'conditioner', (graph) => conditionerV3(graph, cfg))
    sessions.bind('denoiser', [this.#conditioner, this.#step({ typical: 'nothing', draw: 'inverse-cdf' })])
    this.parameters = sessions.parameters('denoiser')
    this.stored = sessions.stored('denoiser')
    this.#imagination = sessions.has('prior') ? new Imagination(sessions) : undefined
    const meetings: readonly [what: string, has: number, others: string, have: number][] = [
      ['codes', cfg.labels, 'the pictures', this.#pixels.codes],
      ['numbers of ByT5', cfg.condition.byt5, 'the file of ByT5', byt5.width],
      ['numbers of CLIP', cfg.condition.clip, 'the file of CLIP', this.#clip.width],
      ['numbers of CLIP', cfg.condition.clip, 'the prior', this.#imagination?.width ?? cfg.condition.clip],
    ]
    for (const [what, has, others, have] of meetings)
      if (has !== have) refuseStrangers(manifest, `the denoiser knows ${has} ${what}, ${others} ${have}`)
  }

  get pixelsPerToken(): number {
    return this.#pixels.pixelsPerToken
  }

  get sizeMultiple(): number {
    return this.pixelsPerToken * gridMultipleV3(this.#denoiser)
  }

  get labels(): number {
    return this.#denoiser.labels
  }

  /** What reads is not made: it could not stay. */
  async warmUp(sampling: Sampling, onPart: (part: string) => void): Promise<void> {
    onPart('denoiser')
    const plan = this.plan(sampling, 0)
    await this.#sessions.runner(this.#step({ typical: typicalBy(plan), draw: plan.draw }))
    onPart('picture decoder')
    await this.#pixels.warmUp()
  }

  async text(prompt: string): Promise<TextMeaning> {
    return this.#texts.get(prompt, async () => {
      const { tokens, cut } = byT5Tokens(prompt)
      const caption = await this.#caption(tokens)
      // CLIP reads less of a long prompt than ByT5 does; nothing is lost before both have cut.
      const { features } = await this.#clip.text(prompt)
      return { meaning: [{ told: { caption, text: features }, weight: 1 }], cut }
    })
  }

  async #caption(tokens: Int32Array): Promise<Tensor> {
    const runner = await this.#sessions.runner(this.#captions)
    const { features } = await runner.run({ tokens: int32(tokens, [1, tokens.length]) })
    const values = floats(features)
    return float32(values, [tokens.length, values.length / tokens.length])
  }

  /** An empty caption, and nothing of CLIP's: what the network was trained with where it was told nothing. */
  async nothing(): Promise<Meaning> {
    this.#nothing ??= [{ told: { caption: await this.#caption(byT5Tokens('').tokens) }, weight: 1 }]
    return this.#nothing
  }

  clipSquare(rgb: Pixels): Pixels {
    return this.#clip.square(rgb)
  }

  async image(square: Pixels): Promise<Meaning> {
    const { tokens } = byT5Tokens('')
    const pictures = [await this.#clip.image(square)]
    return [{ told: { caption: await this.#caption(tokens), pictures }, weight: 1 }]
  }

  async doneReading(): Promise<void> {
    await this.#sessions.releaseLarge((one) => readers.includes(one.role) || one === this.#conditioner)
  }

  encode(rgb: Pixels): Promise<Int32Array> {
    return this.#pixels.encode(rgb)
  }

  decode(tokens: Int32Array, grid: Size): Promise<Pixels> {
    return this.#pixels.decode(tokens, grid)
  }

  plan(sampling: Sampling, firstStep: number): SamplePlan {
    const { steps, guidance, temperature, renoise, typicalMass, typicalMinTokens, draw } = sampling
    const taken = steps - firstStep
    return {
      ...planV3({
        steps: taken,
        guidance: guidance < 0 || guidance === 1 ? undefined : guidance,
        temperature,
        renoiseSteps: Math.min((sampling.renoiseSteps ?? steps) - firstStep, taken - 1),
        start: taken / steps,
        renoise,
      }),
      stopAfter: sampling.stopAfter ?? undefined,
      typical: typicalMass === null ? undefined : { mass: typicalMass, minTokens: typicalMinTokens },
      draw,
    }
  }

  async predictor({ condition, against, draws, isLast }: Steering, plan: SamplePlan, grid: Size): Promise<Predict> {
    assert(condition.extent === 'voices' && !isVector(against), 'a vector of another release')
    const guided = plan.steps.some((step) => step.guidance !== undefined)
    const voices: LaidVoice[] = []
    for (const { told, weight } of condition.voices)
      voices.push({ told: (await this.#imagination?.picture(told, draws)) ?? told, weight })
    const passes = [...voices, ...(guided ? against : [])]
    const { conditioner, mask } = conditionFeeds(
      this.#denoiser,
      passes.map(({ told }) => told),
    )
    const mapper = await this.#sessions.runner(this.#conditioner)
    const feeds = { ...(await mapper.run(conditioner)), mask }
    if (isLast) await this.doneReading()
    const mixed = voices.length > 1
    const shares = mixed ? passes.map(({ weight }) => inCells(weight, grid)) : undefined
    const step = this.#step({ typical: typicalBy(plan), draw: plan.draw, mixed })
    const runner = await this.#sessions.runner(step)
    return predictor(runner, { passes: passes.length, feeds, shares }, plan, grid, this.labels)
  }

  #step(variant: StepVariantV3): Job {
    const name = `step ${variant.mixed ? 'mixed' : 'guided'} ${variant.typical} ${variant.draw}`
    return { role: 'denoiser', name, spin: true, build: (options) => stepGraphV3(this.#denoiser, variant, options) }
  }

  inMemory(): readonly string[] {
    return this.#sessions.inMemory()
  }

  async close(): Promise<void> {
    await this.#sessions.close()
  }
}

const inCells = (weight: LaidVoice['weight'], { width, height }: Size): Float32Array =>
  typeof weight === 'number' ? new Float32Array(width * height).fill(weight) : weight
