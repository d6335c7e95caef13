/** Fills a request's gaps from the model's and the use's defaults, so that it means one thing for ever. */
import { StudioError } from '../shared/contract/errors.ts'
import {
  type GenerateRequest,
  generateRequestSchema,
  type ResolvedRequest,
  resolvedRequestSchema,
  type Sampling,
  type Use,
} from '../shared/contract/request.ts'
import type { Size } from '../shared/geometry/rect.ts'
import { fitToGrid } from './grid-size.ts'
import { pictureSize } from './images/codec.ts'
import type { Manifest } from './models/store.ts'
import { releaseOf } from './release.ts'

/** @throws StudioError 'bad-request' that names the field */
export function checkRequest(value: unknown): GenerateRequest {
  const parsed = generateRequestSchema.safeParse(value)
  if (parsed.success) return withinSeeds(parsed.data)
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') || 'the request'
  throw new StudioError('bad-request', `${field}: ${issue?.message ?? 'is not valid'}. Correct it and try again.`, {
    cause: parsed.error,
  })
}

/** Each picture remembers a seed of its own, so the last one's has to be a seed too. */
function withinSeeds(request: GenerateRequest): GenerateRequest {
  const { seed = 0, count = 1 } = request
  if (resolvedRequestSchema.shape.seed.safeParse(seed + count - 1).success) return request
  throw new StudioError('bad-request', `seed: ${seed} is too large for ${count} pictures. Give a smaller seed.`)
}

export function defaultSampling(manifest: Manifest, use: Use['use']): Sampling {
  const base: Sampling = { ...manifest.sampling, typicalMinTokens: 1, renoiseSteps: null, draw: 'inverse-cdf' }
  if (use !== 'restyle') return base
  // The authors' settings for structural morphing: many steps, of which the first are skipped. Noise that remembers, in 2022; in
  // 2023 noise that is noise, as the start would be the very picture.
  return { ...base, steps: Math.max(24, base.steps), renoise: releaseOf(manifest) === 2022 ? 'prev' : 'rand' }
}

export async function resolveRequest(
  request: GenerateRequest,
  manifest: Manifest,
  multiple: number,
): Promise<ResolvedRequest> {
  const size = request.size ?? (await defaultSize(request.use, manifest))
  return {
    version: 1,
    model: manifest.id,
    use: request.use,
    negative: request.negative ?? '',
    size: fitToGrid(size, multiple),
    seed: request.seed ?? 0,
    count: request.count ?? 1,
    resume: request.resume,
    sampling: { ...defaultSampling(manifest, request.use.use), ...definedOnly(request.sampling ?? {}) },
  }
}

/** The model's own size; a restyled picture keeps its shape. */
async function defaultSize(use: Use, { imageSize }: Manifest): Promise<Size> {
  if (use.use !== 'restyle') return { width: imageSize, height: imageSize }
  const { width, height } = await pictureSize(use.image, 'the picture')
  const scale = imageSize / Math.min(width, height)
  // A strip is not followed to any length: memory grows with the grid.
  const side = (px: number): number => Math.min(Math.round(px * scale), imageSize * 4)
  return { width: side(width), height: side(height) }
}

function definedOnly<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
