/**
 * A model as the rest of the engine speaks of it: prompts and pictures become meanings, pictures become tokens and back, and
 * the sampler gets its network. Each release is one file that does this (release-2022.ts, release-2023.ts); shapes and tensors stay
 * in there.
 */
import type { Pixels } from '../shared/contract/picture.ts'
import type { Sampling } from '../shared/contract/request.ts'
import type { Size } from '../shared/geometry/rect.ts'
import type { Condition, Meaning } from './conditions.ts'
import type { Manifest } from './models/store.ts'
import type { Draws } from './sampler/draws.ts'
import type { SamplePlan } from './sampler/plan.ts'
import type { Predict } from './sampler/sample.ts'
import type { SessionOptions } from './sessions.ts'
import type { DType } from './tensor/dtype.ts'

export interface LoadOptions extends SessionOptions {
  /** Folder with CLIP's merges. */
  readonly resourcesDir: string
}

export interface TextMeaning {
  readonly meaning: Meaning
  /** The words that did not fit. */
  readonly cut: string | undefined
}

/** What steers one picture. */
export interface Steering {
  readonly condition: Condition
  /** What the unconditional pass is told. */
  readonly against: Meaning
  readonly draws: Draws
  /** No other picture of the request follows: large networks that only steer may go. */
  readonly isLast: boolean
}

export interface LoadedModel {
  readonly manifest: Manifest
  readonly pixelsPerToken: number
  /** Sizes of pictures are multiples of this many px. */
  readonly sizeMultiple: number
  /** Codes of the codebook. */
  readonly labels: number
  /** Parameters of the denoiser. */
  readonly parameters: number
  /** How the denoiser's weights lie on the disk: most of them in this precision, and all their bytes. */
  readonly stored: { readonly precision: DType; readonly bytes: number }
  /** Makes the sessions that a picture from a prompt needs, as far as they may stay in memory. */
  warmUp(sampling: Sampling, onPart: (part: string) => void): Promise<void>
  text(prompt: string): Promise<TextMeaning>
  /** What is said where nothing is: the unconditional pass without a negative prompt. */
  nothing(): Promise<Meaning>
  /** The central square of an RGB picture at CLIP's size. @throws StudioError 'model-missing' without a vision tower */
  clipSquare(rgb: Pixels): Pixels
  /** What CLIP sees in a picture, given `clipSquare` of it. */
  image(square: Pixels): Promise<Meaning>
  /**
   * Once all prompts and pictures are read, and once a request is done: lets go of large networks that do not sample. They come back
   * when they are needed.
   */
  doneReading(): Promise<void>
  /** Tokens of an RGB picture whose sides are multiples of `pixelsPerToken`. */
  encode(rgb: Pixels): Promise<Int32Array>
  /** RGB picture of a token grid. */
  decode(tokens: Int32Array, grid: Size): Promise<Pixels>
  /** @param firstStep where to start: a picture noised to that step is sampled on */
  plan(sampling: Sampling, firstStep: number): SamplePlan
  /** The network as the sampler sees it. */
  predictor(steering: Steering, plan: SamplePlan, grid: Size): Promise<Predict>
  /** The sessions that hold memory now, by part and graph. */
  inMemory(): readonly string[]
  close(): Promise<void>
}
