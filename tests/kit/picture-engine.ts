/**
 * An engine without a network that makes real PNG files with recipes, from the request alone: for the queue, which must not tell it
 * from the real one. The prompt says what else it does:
 *
 *   ... slowly N    takes N ms for each step
 *   ... large N     makes pictures of N x N px
 *   fail CODE       rejects with a StudioError of that code, after one picture
 *   lost N          is lost, as a process that died, in the first N calls with this prompt
 *   dies            kills its own process
 *   deaf            is lost when it is cancelled, as a process that did not hear of it in time
 */
import { encodePng } from '../../src/files/png-write.ts'
import { embedRecipe } from '../../src/raster/png-recipe.ts'
import { cancelled } from '../../src/shared/base/cancel.ts'
import type {
  EngineInfo,
  GenerateCall,
  GeneratedPicture,
  GenerateResult,
  JobHooks,
} from '../../src/shared/contract/engine-api.ts'
import { errorCodes, StudioError } from '../../src/shared/contract/errors.ts'
import type { Pixels } from '../../src/shared/contract/picture.ts'
import type { ResolvedRequest } from '../../src/shared/contract/request.ts'
import { type PackedGrid, packTokens } from '../../src/shared/contract/token-grid.ts'
import { PngEngine } from './backstage.ts'

const steps = 4
const sampling: ResolvedRequest['sampling'] = {
  steps,
  guidance: 4,
  temperature: [1, 0.5],
  typicalMass: null,
  typicalMinTokens: 1,
  renoise: 'start',
  renoiseSteps: null,
  draw: 'inverse-cdf',
}

export class PictureEngine extends PngEngine {
  /** Seeds of the pictures that it finished, in order, and of the calls that it was given. */
  readonly finished: number[] = []
  readonly calls: GenerateCall[] = []

  override async describe(): Promise<EngineInfo> {
    const defaults = { size: { width: 24, height: 16 }, sampling }
    const facts = { parameters: 1, pixelsPerToken: 8, sizeMultiple: 8, sha256: '0'.repeat(64) }
    return { ...(await super.describe()), models: [{ id: 'stub', name: 'Stub', defaults, ...facts }] }
  }

  override async generate(call: GenerateCall, hooks: JobHooks = {}): Promise<GenerateResult> {
    this.calls.push(call)
    const { request, options = {} } = call
    const { prompt } = request.use
    const [verb, word = ''] = prompt.split(' ')
    const again = this.calls.filter((other) => other.request.use.prompt === prompt).length
    if (verb === 'lost' && again <= Number(word)) throw new StudioError('engine-lost', 'The engine process was killed.')
    if (verb === 'dies') process.kill(process.pid, 'SIGKILL')
    const pause = Number(/slowly (\d+)/.exec(prompt)?.[1] ?? 0)
    const { count = 1, seed = 0 } = request
    const frames = request.use.use === 'interpolate' && request.use.frame === undefined ? request.use.frames : 1
    for (let index = 0; index < count * frames; index++) {
      const own = seed + Math.floor(index / frames)
      for (let step = 1; step <= steps; step++) {
        await new Promise((resolve) => (pause > 0 ? setTimeout(resolve, pause) : setImmediate(resolve)))
        const grid = gridOf(own, step)
        hooks.onEvent?.({
          type: 'step',
          picture: index,
          pictures: count * frames,
          step,
          steps,
          milliseconds: pause,
          ...(options.trajectory ? { state: { tokens: grid, fed: grid } } : {}),
        })
        if (!hooks.signal?.aborted) continue
        if (verb === 'deaf') throw new StudioError('engine-lost', 'The engine did not stop in time.')
        if (options.keepPartial && step < steps) {
          hooks.onEvent?.({ type: 'picture', picture: await pictureOf(call, own, index, step) })
        }
        throw cancelled()
      }
      this.finished.push(own)
      hooks.onEvent?.({ type: 'picture', picture: await pictureOf(call, own, index, steps) })
      if (verb === 'fail') {
        const code = errorCodes.find((known) => known === word) ?? 'internal'
        throw new StudioError(code, `The fake engine fails with ${code}.`)
      }
    }
    return { pictures: count * frames, milliseconds: 0 }
  }
}

/** Tokens that tell whose and when they are. */
function gridOf(seed: number, step: number): PackedGrid {
  return packTokens({ width: 2, height: 1, tokens: Int32Array.of(seed % 60_000, step) })
}

async function pictureOf({ request, options }: GenerateCall, seed: number, index: number, taken: number) {
  const side = Number(/large (\d+)/.exec(request.use.prompt)?.[1] ?? 0)
  const size = side > 0 ? { width: side, height: side } : { width: 24, height: 16 }
  const data = new Uint8Array(size.width * size.height * 3).map((_, i) => (i * 7 + seed * 31 + taken) & 255)
  const pixels: Pixels = { ...size, channels: 3, data }
  const resolved: ResolvedRequest = {
    version: 1,
    model: request.model ?? 'stub',
    use: request.use,
    negative: request.negative ?? '',
    size,
    seed,
    count: 1,
    sampling: { ...sampling, ...(taken < steps ? { stopAfter: taken } : {}) },
  }
  const recipe: GeneratedPicture['recipe'] = {
    format: 'paella-studio-recipe/1',
    app: 'stub',
    request: resolved,
    modelSha256: '',
    tokensSha256: '',
  }
  const picture: GeneratedPicture = {
    index,
    seed,
    pixels,
    grid: { width: 2, height: 1, tokens: Int32Array.of(seed % 60_000, taken) },
    area: { x: 0, y: 0, ...size },
    confidence: { probability: Float32Array.of(0.25, 1), entropy: Float32Array.of(1.5, 0) },
    unchanged: null,
    steps: { taken, of: steps },
    recipe,
    png: options?.png ? embedRecipe(await encodePng(pixels), recipe, request.use.prompt) : undefined,
  }
  return picture
}
