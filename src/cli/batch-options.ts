/** From the words of `paella batch` to the specification of a batch: pure, with the rows of the list handed in. */
import type { BatchRow } from '../batch/index.ts'
import type { BatchSpec } from '../shared/contract/batch.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { Size } from '../shared/geometry/rect.ts'

export interface BatchOptions {
  readonly pictures?: string
  readonly recursive: boolean
  readonly use?: 'restyle' | 'vary' | 'inpaint' | 'outpaint'
  readonly prompt?: string
  readonly strength?: number
  readonly promptWeight?: number
  readonly masks?: string
  readonly feather?: number
  readonly context?: number
  readonly left?: number
  readonly right?: number
  readonly top?: number
  readonly bottom?: number
  readonly spec?: string
  readonly seeds?: number
  readonly seed?: number
  readonly size?: Size
  readonly negative?: string
  readonly steps?: number
  readonly guidance?: number
  readonly temperature?: [number, number]
  readonly typical?: number | 'off'
  readonly out?: string
  readonly name?: string
  readonly format: 'png' | 'jpeg' | 'webp' | 'avif'
  readonly quality?: number
  readonly existing: 'skip' | 'suffix' | 'replace'
  readonly recipe: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly shard?: string
  readonly merge?: string
  readonly enqueue?: boolean
  readonly redis?: string
  readonly queue: string
  readonly model?: string
  readonly models?: string
  readonly device: string
}

/** The seed is never random: the same words must be the same batch, or it could not be resumed. */
const firstSeed = 0

/** @throws StudioError 'bad-request' for options that do not go together */
export function batchSpec(options: BatchOptions, rows: readonly BatchRow[] | undefined): BatchSpec {
  const { out, size, seeds = 1, seed = firstSeed } = options
  if (out === undefined) throw new StudioError('bad-request', 'Nowhere to put the pictures: name a folder with --out.')
  const source = rows === undefined ? picturesSource(options) : promptsSource(options, rows)
  const name = options.name ?? (rows === undefined ? '{folder}/{name}-{seed}' : '{prompt}-{seed}')
  return {
    version: 1,
    source,
    model: options.model ?? null,
    negative: options.negative ?? '',
    size: size ?? null,
    seed,
    seeds,
    sampling: samplingOf(options),
    out,
    name,
    format: formatOf(options),
    existing: options.existing,
    withRecipe: options.recipe,
  }
}

function promptsSource({ use, prompt, masks }: BatchOptions, rows: readonly BatchRow[]): BatchSpec['source'] {
  for (const [option, value] of Object.entries({ use, prompt, masks })) {
    if (value !== undefined)
      throw new StudioError('bad-request', `--${option} is for --pictures: in a list, the rows say what is made.`)
  }
  return { kind: 'prompts', rows: [...rows] }
}

function picturesSource(options: BatchOptions): BatchSpec['source'] {
  const { pictures, recursive, masks } = options
  if (pictures === undefined)
    throw new StudioError('bad-request', 'Nothing to make: name a list of prompts, or a folder with --pictures.')
  return { kind: 'pictures', folder: pictures, recursive, masks: masks ?? null, operation: operationOf(options) }
}

type Operation = Extract<BatchSpec['source'], { kind: 'pictures' }>['operation']

function operationOf(options: BatchOptions): Operation {
  const { use, prompt, feather = 8, context = 64, left = 0, right = 0, top = 0, bottom = 0 } = options
  if (use === undefined)
    throw new StudioError('bad-request', 'What is done to the pictures: give --use restyle, vary, inpaint or outpaint.')
  if (prompt === undefined && use !== 'vary')
    throw new StudioError('bad-request', `--use ${use} needs a --prompt that says what the pictures become.`)
  if (use === 'inpaint' && options.masks === undefined)
    throw new StudioError('bad-request', '--use inpaint needs a folder of masks: name it with --masks.')
  switch (use) {
    case 'restyle':
      return { use, prompt: prompt ?? '', strength: options.strength ?? 0.65 }
    case 'vary':
      return { use, prompt: prompt ?? '', promptWeight: prompt === undefined ? 0 : (options.promptWeight ?? 0.5) }
    case 'inpaint':
      return { use, prompt: prompt ?? '', feather, context }
    case 'outpaint':
      return { use, prompt: prompt ?? '', left, right, top, bottom, feather }
  }
}

function samplingOf({ steps, guidance, temperature, typical }: BatchOptions): BatchSpec['sampling'] {
  return {
    ...(steps === undefined ? {} : { steps }),
    ...(guidance === undefined ? {} : { guidance }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(typical === undefined ? {} : { typicalMass: typical === 'off' ? null : typical }),
  }
}

function formatOf({ format, quality }: BatchOptions): BatchSpec['format'] {
  switch (format) {
    case 'png':
      if (quality === undefined) return { type: format }
      throw new StudioError(
        'bad-request',
        '--quality is of JPEG, WebP and AVIF: in a PNG nothing is lost. Leave it out.',
      )
    case 'jpeg':
      return { type: format, quality: quality ?? 90 }
    case 'webp':
      return quality === undefined ? { type: format } : { type: format, quality }
    case 'avif':
      return { type: format, quality: quality ?? 60 }
  }
}
