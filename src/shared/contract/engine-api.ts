/**
 * What the engine offers, as one interface of plain data. The engine class, the client that talks to an engine process and
 * the fake of the tests all have this type; the wire (../wire) is derived from the method table below.
 */
import type { CallHooks } from './call-hooks.ts'
import type { ErrorRecord } from './errors.ts'
import type { PictureFormat, Pixels } from './picture.ts'
import type { Recipe } from './recipe.ts'
import type { Rect, Size } from '../geometry/rect.ts'
import type { GenerateRequest, ResolvedRequest } from './request.ts'
import type { PackedGrid, TokenGrid } from './token-grid.ts'

export type { TokenGrid } from './token-grid.ts'

export interface EngineInfo {
  readonly version: string
  /** Execution providers of this machine's onnxruntime, best guess first; 'cpu' is always there. */
  readonly devices: readonly string[]
  readonly device: string
  readonly models: readonly ModelInfo[]
  /** Models that are there and cannot be used, and why. */
  readonly broken: readonly { readonly folder: string; readonly error: ErrorRecord }[]
}

export interface ModelInfo {
  readonly id: string
  readonly name: string
  /** SHA-256 over the weight files: names the exact weights in a recipe. */
  readonly sha256: string
  /** Parameters of the denoiser. */
  readonly parameters: number
  /** Picture px a token spans on each axis. */
  readonly pixelsPerToken: number
  /** Sizes are rounded up to a multiple of this many px. */
  readonly sizeMultiple: number
  readonly defaults: ResolvedDefaults
}

export type ResolvedDefaults = Pick<ResolvedRequest, 'size' | 'sampling'>

/** The two small maps that come with the tokens of the last step, [height, width] each. */
export interface Confidence {
  /** Probability that the chosen token had, 0..1. */
  readonly probability: Float32Array
  /** Entropy of the cell's distribution, in nats. */
  readonly entropy: Float32Array
}

export interface GeneratedPicture {
  readonly index: number
  readonly seed: number
  readonly pixels: Pixels
  readonly grid: TokenGrid
  /** Px of `pixels` that the grid covers: all of them, or the frame of a fill. May reach beyond the picture. */
  readonly area: Rect
  readonly confidence: Confidence
  /** Cells that have the token they had before; null where the picture came from noise. */
  readonly unchanged: number | null
  /** Steps that were taken of those that were asked for: fewer in a run that was stopped. */
  readonly steps: { readonly taken: number; readonly of: number }
  /** The request that makes this one picture again. */
  readonly recipe: Recipe
  /** The picture as a file with its recipe inside, where the call asked for one. */
  readonly png: Uint8Array | undefined
}

export interface GenerateResult {
  readonly pictures: number
  readonly milliseconds: number
}

export type JobEvent =
  | { readonly type: 'queued'; readonly ahead: number }
  | { readonly type: 'loading'; readonly part: string }
  /** `step` 1..steps has been taken; `preview` is its decoded picture where previews were asked for and this one is worth its time. */
  | {
      readonly type: 'step'
      readonly picture: number
      readonly pictures: number
      readonly step: number
      readonly steps: number
      readonly milliseconds: number
      readonly preview?: Pixels
      /** Where the trajectory was asked for: what the step chose, and what it was given. */
      readonly state?: { readonly tokens: PackedGrid; readonly fed: PackedGrid }
    }
  | { readonly type: 'picture'; readonly picture: GeneratedPicture }
  | { readonly type: 'warning'; readonly text: string }

export interface GenerateOptions {
  /** Decode previews: after every step where that is quick, else after some. */
  readonly previews?: boolean
  /** Encode each picture as a PNG that carries its recipe. */
  readonly png?: boolean
  /** Tell each step's tokens, from which a later request can go on (`resume`). */
  readonly trajectory?: boolean
  /** A cancelled run still tells the picture as it stood after the last whole step, if there was one, and then ends as cancelled. */
  readonly keepPartial?: boolean
}

export type JobHooks = CallHooks<JobEvent>

export interface EngineApi {
  describe(): Promise<EngineInfo>
  /** Loads what a model needs, so that the first picture does not wait for it. */
  load(request: { readonly model?: string | undefined }, hooks?: JobHooks): Promise<{ milliseconds: number }>
  /** Pictures arrive as `picture` events, each as soon as it is finished; the promise settles after the last one. */
  generate(call: GenerateCall, hooks?: JobHooks): Promise<GenerateResult>
  /** An image file as upright sRGB pixels. In the engine's process, as the files come from strangers. */
  decodePicture(file: { readonly bytes: Uint8Array; readonly name?: string | undefined }): Promise<Pixels>
  /** Pixels as the bytes of an image file; alpha is laid on white where the format has none. */
  encodePicture(request: { readonly pixels: Pixels; readonly format: PictureFormat }): Promise<Uint8Array>
  /**
   * The request inside a PNG of ours, its pictures put back, ready for `generate`. `replay`: with the file's own tokens as
   * `resume`, so that nothing is sampled. @throws 'no-recipe', 'not-repeatable'
   */
  readRecipe(request: { readonly png: Uint8Array; readonly replay?: boolean | undefined }): Promise<GenerateRequest>
  /** A picture's own tokens; it is scaled to `size`, whose sides are multiples of the model's. */
  encodeTokens(request: {
    readonly model?: string | undefined
    readonly pixels: Pixels
    readonly size: Size
  }): Promise<PackedGrid>
  decodeTokens(request: { readonly model?: string | undefined; readonly grid: PackedGrid }): Promise<Pixels>
  /** Frames of one size as one file that plays for ever. */
  encodeAnimation(request: {
    readonly frames: readonly Pixels[]
    readonly format: 'webp' | 'gif'
    /** Each frame shows for so long. */
    readonly milliseconds: number
  }): Promise<Uint8Array>
}

export interface GenerateCall {
  readonly request: GenerateRequest
  readonly options?: GenerateOptions | undefined
}

/** Every method that crosses the wire; forgetting one is a compile error. */
export const engineMethods = {
  describe: true,
  load: true,
  generate: true,
  decodePicture: true,
  encodePicture: true,
  readRecipe: true,
  encodeTokens: true,
  decodeTokens: true,
  encodeAnimation: true,
} as const satisfies Record<keyof EngineApi, true>
