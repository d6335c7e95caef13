/**
 * A model as the rest of the engine speaks of it: prompts and pictures become conditions, pictures become tokens and back, and
 * the sampler gets its network. Shapes and tensors stay in here.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cropPadded } from '../raster/frame.ts'
import { fromPlanar, toPlanar } from '../raster/planar.ts'
import { resize } from '../raster/resize.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import type { Size } from '../shared/geometry/rect.ts'
import { type Condition, norm } from './conditions.ts'
import { ClipTokenizer } from './models/clip-tokenizer.ts'
import { type Extent, gridMultiple } from './models/denoise-unet.ts'
import type { Manifest } from './models/store.ts'
import { vqPixelsPerToken } from './models/vq-model.ts'
import type { SamplePlan } from './sampler/plan.ts'
import { predictor, type Steering } from './sampler/predictor.ts'
import type { Predict } from './sampler/sample.ts'
import { type SessionOptions, Sessions } from './sessions.ts'
import { float32, floats, int32, ints } from './tensor/tensor.ts'

const clipMean = [0.48145466, 0.4578275, 0.40821073] as const
const clipStd = [0.26862954, 0.26130258, 0.27577711] as const
const promptsRemembered = 256

export interface LoadOptions extends SessionOptions {
  /** Folder with CLIP's merges. */
  readonly resourcesDir: string
}

export interface ModelSteering extends Steering {
  readonly extent: Extent
}

export interface TextCondition {
  readonly values: Float32Array
  /** The words that did not fit. */
  readonly cut: string | undefined
}

export class LoadedModel {
  readonly manifest: Manifest
  readonly #sessions: Sessions
  readonly #resourcesDir: string
  readonly #texts = new Map<string, TextCondition>()
  #tokenizer: ClipTokenizer | undefined

  static async load(manifest: Manifest, options: LoadOptions): Promise<LoadedModel> {
    return new LoadedModel(manifest, await Sessions.open(manifest, options), options.resourcesDir)
  }

  private constructor(manifest: Manifest, sessions: Sessions, resourcesDir: string) {
    this.manifest = manifest
    this.#sessions = sessions
    this.#resourcesDir = resourcesDir
  }

  get pixelsPerToken(): number {
    return vqPixelsPerToken(this.#sessions.vq)
  }

  /** Sizes of pictures are multiples of this many px. */
  get sizeMultiple(): number {
    return this.pixelsPerToken * gridMultiple(this.#sessions.denoiser)
  }

  /** Codes of the codebook. */
  get labels(): number {
    return this.#sessions.denoiser.labels
  }

  get parameters(): number {
    return this.#sessions.parameters
  }

  /** Width of a condition's vectors. */
  get conditionWidth(): number {
    return this.#sessions.clip.embedDim
  }

  /** Makes the sessions that a picture from a prompt needs. */
  async warmUp(plan: Pick<SamplePlan, 'typical' | 'draw'>, onPart: (part: string) => void): Promise<void> {
    onPart('text encoder')
    await this.#sessions.runner({ graph: 'text' })
    onPart('denoiser')
    await this.#sessions.runner({ graph: 'conditioner', extent: 'global' })
    await this.#stepRunner('global', plan)
    onPart('picture decoder')
    await this.#sessions.runner({ graph: 'decoder' })
  }

  async text(prompt: string): Promise<TextCondition> {
    const known = this.#texts.get(prompt)
    if (known) return known
    const { contextLength, vocabulary } = this.#sessions.clip.text
    this.#tokenizer ??= new ClipTokenizer(await this.#readMerges(), vocabulary)
    const { tokens, endIndex, cut } = this.#tokenizer.encode(prompt, contextLength)
    const runner = await this.#sessions.runner({ graph: 'text' })
    const { features } = await runner.run({
      tokens: int32(tokens, [1, contextLength]),
      end: int32(Int32Array.of(endIndex), [1]),
    })
    const condition = { values: this.#scaled(floats(features)), cut }
    if (this.#texts.size >= promptsRemembered) this.#texts.clear()
    this.#texts.set(prompt, condition)
    return condition
  }

  async #readMerges(): Promise<string> {
    const path = join(this.#resourcesDir, 'clip-merges.txt')
    return readFile(path, 'utf8').catch((cause: unknown) => {
      throw new StudioError('file-not-found', `Cannot read CLIP's vocabulary ${path}. Install the program again.`, {
        cause,
      })
    })
  }

  /** The condition that CLIP sees in a picture, given `clipSquare` of it. */
  async image(square: Pixels): Promise<Float32Array> {
    const runner = await this.#sessions.runner({ graph: 'image' })
    const { features } = await runner.run({
      image: float32(toPlanar(square, clipMean, clipStd), [1, 3, square.height, square.width]),
    })
    return this.#scaled(floats(features))
  }

  /** The central square of an RGB picture at CLIP's size. @throws StudioError 'model-missing' without a vision tower */
  clipSquare(rgb: Pixels): Pixels {
    const side = this.#sessions.clip.vision?.imageSize
    if (side === undefined) {
      throw new StudioError(
        'model-missing',
        `${this.manifest.id} cannot look at pictures: it has no vision tower. Use a prompt, or another model.`,
      )
    }
    const edge = Math.min(rgb.width, rgb.height)
    const crop = {
      x: Math.floor((rgb.width - edge) / 2),
      y: Math.floor((rgb.height - edge) / 2),
      width: edge,
      height: edge,
    }
    return resize(cropPadded(rgb, crop), { width: side, height: side }, 'bicubic')
  }

  #scaled(features: Float32Array): Float32Array {
    const { normalise, scale } = this.manifest.condition
    const factor = normalise ? scale / (norm(features) || 1) : scale
    return features.map((x) => x * factor)
  }

  /** Tokens of an RGB picture whose sides are multiples of `pixelsPerToken`. */
  async encode(rgb: Pixels): Promise<Int32Array> {
    const runner = await this.#sessions.runner({ graph: 'encoder' })
    const { tokens } = await runner.run({ image: float32(toPlanar(rgb), [1, 3, rgb.height, rgb.width]) })
    return ints(tokens)
  }

  /** RGB picture of a token grid. */
  async decode(tokens: Int32Array, grid: Size): Promise<Pixels> {
    const runner = await this.#sessions.runner({ graph: 'decoder' })
    const { image } = await runner.run({ tokens: int32(tokens, [1, grid.height, grid.width]) })
    return fromPlanar(floats(image), {
      width: grid.width * this.pixelsPerToken,
      height: grid.height * this.pixelsPerToken,
    })
  }

  /**
   * Once a picture: the condition's share of all blocks.
   * @param against what the unconditional pass sees: zeros, or a negative prompt's vector
   */
  async steer(
    { extent, values }: Condition,
    against: Float32Array,
    grid: Size,
    guided: boolean,
  ): Promise<ModelSteering> {
    const passes = guided ? 2 : 1
    const width = this.conditionWidth
    const cells = values.length / width
    const conditions = new Float32Array(values.length * passes)
    conditions.set(values)
    if (guided)
      for (let c = 0; c < width; c++)
        conditions.fill(against[c] ?? 0, values.length + c * cells, values.length + (c + 1) * cells)
    const shape = extent === 'global' ? [passes, width] : [passes, width, grid.height, grid.width]
    const runner = await this.#sessions.runner({ graph: 'conditioner', extent })
    return { extent, passes, feeds: await runner.run({ c: float32(conditions, shape) }) }
  }

  /** The network as the sampler sees it. */
  async predictor(steering: ModelSteering, plan: SamplePlan, grid: Size): Promise<Predict> {
    return predictor(await this.#stepRunner(steering.extent, plan), steering, plan, grid, this.labels)
  }

  #stepRunner(extent: Extent, { typical, draw }: Pick<SamplePlan, 'typical' | 'draw'>) {
    return this.#sessions.runner({ graph: 'step', variant: { extent, typical: typical !== undefined, draw } })
  }

  async close(): Promise<void> {
    await this.#sessions.close()
  }
}
