/**
 * From what stands on the command line to the GenerateRequest that the engine gets: one function a command, pure, with the
 * bytes of input files and the seed handed in. Fields that nobody named are left out, so that the model's defaults hold.
 */
import { StudioError } from '../shared/contract/errors.ts'
import type { PictureInput } from '../shared/contract/picture.ts'
import type { GenerateRequest, Sampling, Use } from '../shared/contract/request.ts'
import type { Size } from '../shared/geometry/rect.ts'
import type { Region } from './options.ts'

/** Options that every picture command has; undefined = not on the command line. */
export interface PictureOptions {
  readonly model?: string
  readonly count?: number
  readonly steps?: number
  readonly guidance?: number
  readonly negative?: string
  readonly size?: Size
  readonly temperature?: [number, number]
  /** Mass of the typical filter. */
  readonly typical?: number | 'off'
}

export interface InputFile {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface MaskOptions {
  readonly feather: number
  readonly context: number
}

export interface Borders {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** The whole request around one use. */
export function buildRequest(use: Use, options: PictureOptions, seed: number): GenerateRequest {
  const sampling: Partial<Sampling> = withoutGaps({
    steps: options.steps,
    guidance: options.guidance,
    temperature: options.temperature,
    typicalMass: options.typical === 'off' ? null : options.typical,
  })
  return {
    version: 1,
    use,
    seed,
    ...withoutGaps({
      model: options.model,
      negative: options.negative,
      size: options.size,
      count: options.count,
      sampling: Object.keys(sampling).length === 0 ? undefined : sampling,
    }),
  }
}

export function textUse(prompt: string): Use {
  return { use: 'text', prompt }
}

export function inpaintUse(prompt: string, image: InputFile, mask: InputFile, options: MaskOptions): Use {
  return { use: 'inpaint', prompt, image: pictureOf(image), mask: pictureOf(mask), ...pickMask(options) }
}

/** @throws StudioError 'bad-request' where no side is extended. */
export function outpaintUse(prompt: string, image: InputFile, options: Borders & MaskOptions): Use {
  const { left, right, top, bottom } = options
  if (left + right + top + bottom === 0) {
    throw new StudioError(
      'bad-request',
      'Nothing to extend: give at least one of --left, --right, --top, --bottom in px.',
    )
  }
  return { use: 'outpaint', prompt, image: pictureOf(image), left, right, top, bottom, ...pickMask(options) }
}

export function restyleUse(prompt: string, image: InputFile, options: { readonly strength: number }): Use {
  return { use: 'restyle', prompt, image: pictureOf(image), strength: options.strength }
}

/** Without a prompt the picture alone is the condition; with one, `promptWeight` (default a half) says how much it counts. */
export function varyUse(
  prompt: string | undefined,
  image: InputFile,
  options: { readonly promptWeight?: number },
): Use {
  if (prompt === undefined && options.promptWeight !== undefined && options.promptWeight > 0) {
    throw new StudioError('bad-request', '--prompt-weight has no prompt to weigh: write one after the picture.')
  }
  const promptWeight = prompt === undefined ? 0 : (options.promptWeight ?? 0.5)
  return { use: 'vary', prompt: prompt ?? '', image: pictureOf(image), promptWeight }
}

export function interpolateUse(
  prompt: string,
  to: string,
  options: { readonly frames: number; readonly path: 'lerp' | 'slerp' },
): Use {
  return { use: 'interpolate', prompt, to, frames: options.frames, path: options.path }
}

export function gradientUse(
  prompt: string,
  to: string,
  options: { readonly direction: 'horizontal' | 'vertical' },
): Use {
  return { use: 'gradient', prompt, to, direction: options.direction }
}

/** @throws StudioError 'bad-request' where there is no region. */
export function regionsUse(prompt: string | undefined, regions: readonly Region[] | undefined): Use {
  if (regions === undefined || regions.length === 0) {
    throw new StudioError('bad-request', 'No region: give at least one --region x,y,width,height=PROMPT.')
  }
  return { use: 'regions', prompt: prompt ?? '', regions: [...regions] }
}

function pictureOf(file: InputFile): PictureInput {
  return { kind: 'file', bytes: file.bytes, name: file.name }
}

function pickMask({ feather, context }: MaskOptions): MaskOptions {
  return { feather, context }
}

type WithoutGaps<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** A key that is there with `undefined` in it would hide the model's default when the two are merged. */
function withoutGaps<T extends object>(fields: T): WithoutGaps<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as WithoutGaps<T>
}
