/** Which pictures a job asks for, and the requests that make those it does not have yet: picture i is drawn from seed + i. */
import { StudioError } from '../shared/contract/errors.ts'
import { type GenerateRequest, generateRequestSchema, resolvedRequestSchema } from '../shared/contract/request.ts'

/** A request for pictures `first`, `first + 1` ... of its job. */
export interface JobPart {
  readonly request: GenerateRequest
  readonly first: number
  readonly pictures: number
}

/** A request whose seed and count stand for ever, as it may be run in parts. */
export type FixedRequest = GenerateRequest & { readonly seed: number; readonly count: number }

/**
 * @param randomSeed for a request without one
 * @throws StudioError 'bad-request' naming the field
 */
export function fixRequest(value: unknown, randomSeed: () => number): FixedRequest {
  const parsed = generateRequestSchema.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const field = issue?.path.join('.') || 'the request'
    throw new StudioError('bad-request', `${field}: ${issue?.message ?? 'is not valid'}. Correct it and try again.`)
  }
  const { seed = randomSeed(), count = 1 } = parsed.data
  if (!resolvedRequestSchema.shape.seed.safeParse(seed + count - 1).success)
    throw new StudioError('bad-request', `seed: ${seed} is too large for ${count} pictures. Give a smaller seed.`)
  return { ...parsed.data, seed, count }
}

/** Pictures that one seed gives: the frames between two prompts, else one. */
function ofOneSeed({ use }: GenerateRequest): number {
  return use.use === 'interpolate' && use.frame === undefined ? use.frames : 1
}

export function picturesOf(request: FixedRequest): number {
  return request.count * ofOneSeed(request)
}

/** The next pictures that are missing, as many as one request can make; undefined where there are none. */
export function nextPart(request: FixedRequest, made: ReadonlySet<number>): JobPart | undefined {
  const each = ofOneSeed(request)
  const all = picturesOf(request)
  let first = 0
  while (first < all && made.has(first)) first++
  if (first === all) return undefined
  let end = first
  while (end < all && !made.has(end)) end++
  const count = Math.floor((end - first) / each)
  const seed = request.seed + Math.floor(first / each)
  const { use } = request
  if (use.use === 'interpolate' && each > 1 && (first % each > 0 || count === 0))
    return { request: { ...request, seed, count: 1, use: { ...use, frame: first % each } }, first, pictures: 1 }
  return { request: { ...request, seed, count }, first, pictures: count * each }
}
