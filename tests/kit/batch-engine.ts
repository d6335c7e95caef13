/**
 * An engine for batches without a network: each request has its own few bytes, the same every time. The prompt may say more:
 *
 *   fail ...   rejects with 'bad-request'
 *   die ...    rejects with 'engine-lost', and takes with it whatever else waits, as a process does
 *   die once   the same, the first time alone
 */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BatchEngine } from '../../src/batch/index.ts'
import { throwIfCancelled } from '../../src/shared/base/cancel.ts'
import type { EngineInfo, GenerateCall, GeneratedPicture, JobHooks } from '../../src/shared/contract/engine-api.ts'
import { StudioError } from '../../src/shared/contract/errors.ts'
import type { GenerateRequest } from '../../src/shared/contract/request.ts'
import type { BatchSpec } from '../../src/shared/contract/batch.ts'

const sampling = {
  steps: 1,
  guidance: 4,
  temperature: [1, 0.5] as [number, number],
  typicalMass: 0.2,
  typicalMinTokens: 1,
  renoise: 'start' as const,
  renoiseSteps: null,
  draw: 'inverse-cdf' as const,
}

export class StubEngine implements BatchEngine {
  /** What was asked for, in order. */
  readonly requests: GenerateRequest[] = []
  /** At most so many at a time, and how many were there together. */
  most = 0
  readonly #milliseconds: number
  #queue: Promise<unknown> = Promise.resolve()
  #waiting = 0
  /** Raised for all that wait when the engine dies. */
  #life = new AbortController()

  /** @param milliseconds that a picture takes */
  constructor(milliseconds = 0) {
    this.#milliseconds = milliseconds
  }

  /** When all that it was asked for until now has ended. */
  async idle(): Promise<void> {
    await this.#queue
  }

  describe(): Promise<EngineInfo> {
    const size = { width: 2, height: 1 }
    const defaults = { size, sampling }
    const shape = { parameters: 1, pixelsPerToken: 1, sizeMultiple: 1 }
    const model = { id: 'stub', name: 'Stub', sha256: 'f'.repeat(64), ...shape, defaults }
    return Promise.resolve({ version: 'stub', devices: ['cpu'], device: 'cpu', models: [model], broken: [] })
  }

  async generate({ request }: GenerateCall, hooks: JobHooks = {}) {
    this.#waiting += 1
    this.most = Math.max(this.most, this.#waiting)
    const life = this.#life.signal
    const turn = this.#queue.then(() => this.#sample(request, hooks, life))
    this.#queue = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      this.#waiting -= 1
    }
  }

  encodePicture({ pixels, format }: Parameters<BatchEngine['encodePicture']>[0]): Promise<Uint8Array> {
    return Promise.resolve(Buffer.from(`${format.type} ${Buffer.from(pixels.data).toString('hex')}`))
  }

  async #sample(request: GenerateRequest, hooks: JobHooks, life: AbortSignal) {
    if (life.aborted) throw lost()
    throwIfCancelled(hooks.signal)
    this.requests.push(request)
    hooks.onEvent?.({ type: 'loading', part: 'Stub' })
    await sleep(this.#milliseconds)
    const { prompt } = request.use
    if (prompt.startsWith('fail')) throw new StudioError('bad-request', `The stub fails at ${prompt}.`)
    const times = this.requests.filter(({ use }) => use.prompt === prompt).length
    if (prompt.startsWith('die') && (times === 1 || !prompt.startsWith('die once'))) {
      this.#life.abort()
      this.#life = new AbortController()
      throw lost()
    }
    hooks.onEvent?.({ type: 'picture', picture: pictureOf(request) })
    return { pictures: 1, milliseconds: 0 }
  }
}

const lost = (): StudioError => new StudioError('engine-lost', 'The stub died; try again.')

/** The bytes say all that the request says. */
function pictureOf(request: GenerateRequest): GeneratedPicture {
  const { seed = 0, negative = '', size = { width: 2, height: 1 } } = request
  const digest = createHash('sha256').update(JSON.stringify(request)).digest()
  const resolved = { ...request, model: 'stub', negative, size, seed, count: 1, sampling }
  return {
    index: 0,
    seed,
    pixels: { width: 2, height: 1, channels: 3, data: new Uint8Array(digest.subarray(0, 6)) },
    grid: { width: 1, height: 1, tokens: Int32Array.of(1) },
    area: { x: 0, y: 0, width: 2, height: 1 },
    confidence: { probability: Float32Array.of(1), entropy: Float32Array.of(0) },
    unchanged: null,
    steps: { taken: 1, of: 1 },
    recipe: {
      format: 'paella-studio-recipe/1',
      app: 'stub',
      request: resolved,
      modelSha256: 'f'.repeat(64),
      tokensSha256: digest.toString('hex'),
    },
    png: new Uint8Array(digest),
  }
}

type Rows = Extract<BatchSpec['source'], { kind: 'prompts' }>['rows']

/** A batch of these prompts into a folder. */
export function promptBatch(
  out: string,
  prompts: readonly (string | Rows[number])[],
  rest: Partial<BatchSpec> = {},
): BatchSpec {
  return {
    version: 1,
    source: { kind: 'prompts', rows: prompts.map((row) => (typeof row === 'string' ? { prompt: row } : row)) },
    model: null,
    negative: '',
    size: null,
    seed: 0,
    seeds: 1,
    sampling: {},
    out,
    name: '{prompt}-{seed}',
    format: { type: 'png' },
    existing: 'suffix',
    withRecipe: true,
    ...rest,
  }
}
