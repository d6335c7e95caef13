/**
 * An engine without a network: the prompt says what it does. For the wire and process tests, and for all who need an
 * EngineApi that behaves on command.
 *
 *   count to N    N step events, then a result of N pictures
 *   picture       one finished 2 x 1 picture with its tokens, and a PNG of 3 bytes
 *   wait          nothing until it is cancelled, then rejects with 'cancelled'
 *   fail CODE     rejects with a StudioError of that code, with a detail
 *   bug           rejects with an Error that is no StudioError
 *   plod N        tells a step that took N ms, blocks the thread for as long, and hears a cancel then
 *   hang          blocks the thread for ever, after one event
 *   die           SIGKILL to its own process
 *   exit N        last words to stderr, then process.exit(N)
 *   crash         an exception outside of any call
 */
import { writeSync } from 'node:fs'
import { type CancelSignal, throwIfCancelled } from '../../src/shared/base/cancel.ts'
import type {
  EngineApi,
  EngineInfo,
  GenerateCall,
  GeneratedPicture,
  GenerateResult,
  JobEvent,
  JobHooks,
} from '../../src/shared/contract/engine-api.ts'
import { errorCodes, StudioError } from '../../src/shared/contract/errors.ts'
import type { Pixels } from '../../src/shared/contract/picture.ts'
import type { GenerateRequest, ResolvedRequest } from '../../src/shared/contract/request.ts'
import type { PackedGrid } from '../../src/shared/contract/token-grid.ts'
import type { Size } from '../../src/shared/geometry/rect.ts'

export class FakeEngine implements EngineApi {
  /** Prompts of the calls so far, for tests that share its memory. */
  readonly prompts: string[] = []
  closed = false

  /** `version` names the process that answers. */
  describe(): Promise<EngineInfo> {
    return Promise.resolve({ version: `fake ${process.pid}`, devices: ['cpu'], device: 'cpu', models: [], broken: [] })
  }

  load(): Promise<{ milliseconds: number }> {
    return Promise.resolve({ milliseconds: 0 })
  }

  async generate(call: GenerateCall, hooks: JobHooks = {}): Promise<GenerateResult> {
    const { prompt } = call.request.use
    const emit = (event: JobEvent) => hooks.onEvent?.(event)
    this.prompts.push(prompt)
    throwIfCancelled(hooks.signal)
    const [verb, ...rest] = prompt.split(' ')
    const last = rest.at(-1) ?? ''
    if (verb === 'count') return count(Number(last), emit)
    if (verb === 'picture') emit({ type: 'picture', picture: fakePicture(prompt) })
    if (verb === 'wait') await untilCancelled(hooks.signal, emit)
    if (verb === 'fail') throw failure(last)
    if (verb === 'bug') throw new TypeError('a bug of the fake engine')
    if (verb === 'plod') await plod(Number(last), hooks.signal, emit)
    if (verb === 'hang') await hang(emit)
    if (verb === 'die') process.kill(process.pid, 'SIGKILL')
    if (verb === 'exit') exitWith(Number(last))
    if (verb === 'crash') setImmediate(() => exitsByException())
    if (verb === 'die' || verb === 'crash') await new Promise<never>(() => undefined)
    return { pictures: 1, milliseconds: 0 }
  }

  /** A request whose picture is the bytes that came in, so that they make the way back too. */
  decodePicture(): Promise<Pixels> {
    return Promise.resolve(fakePicture('decoded').pixels)
  }

  encodePicture({ pixels }: { readonly pixels: Pixels }): Promise<Uint8Array> {
    return Promise.resolve(pixels.data)
  }

  readRecipe(request: { readonly png: Uint8Array }): Promise<GenerateRequest> {
    const image = { kind: 'file' as const, bytes: Uint8Array.from(request.png) }
    return Promise.resolve({ version: 1, use: { use: 'restyle', prompt: '', image, strength: 0.5 } })
  }

  /** A grid that says which size was asked for. */
  encodeTokens({ size }: { readonly size: Size }): Promise<PackedGrid> {
    return Promise.resolve({
      width: size.width,
      height: size.height,
      codes: new Uint8Array(size.width * size.height * 2),
    })
  }

  decodeTokens({ grid }: { readonly grid: PackedGrid }): Promise<Pixels> {
    const { width, height } = grid
    return Promise.resolve({ width, height, channels: 3, data: new Uint8Array(width * height * 3) })
  }

  /** As many bytes as there are frames. */
  encodeAnimation({ frames }: { readonly frames: readonly Pixels[] }): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(frames.length))
  }

  close(): Promise<void> {
    this.closed = true
    return Promise.resolve()
  }
}

/** The call of a text prompt. */
export function promptCall(prompt: string): GenerateCall {
  return { request: { version: 1, use: { use: 'text', prompt } } }
}

/** The picture that the prompt 'picture' makes. */
export function fakePicture(prompt: string): GeneratedPicture {
  const request: ResolvedRequest = {
    version: 1,
    model: 'fake',
    use: { use: 'text', prompt },
    negative: '',
    size: { width: 2, height: 1 },
    seed: 7,
    count: 1,
    sampling: {
      steps: 1,
      guidance: 4,
      temperature: [1, 0.5],
      typicalMass: 0.2,
      typicalMinTokens: 1,
      renoise: 'start',
      renoiseSteps: null,
      draw: 'inverse-cdf',
    },
  }
  return {
    index: 0,
    seed: 7,
    pixels: { width: 2, height: 1, channels: 3, data: Uint8Array.of(0, 1, 2, 253, 254, 255) },
    grid: { width: 2, height: 1, tokens: Int32Array.of(-1, 8191) },
    area: { x: 0, y: 0, width: 2, height: 1 },
    confidence: { probability: Float32Array.of(0.25, 1), entropy: Float32Array.of(1.5, 0) },
    unchanged: null,
    steps: { taken: 1, of: 1 },
    recipe: {
      format: 'paella-studio-recipe/1',
      app: 'fake',
      request,
      modelSha256: '',
      tokensSha256: '',
    },
    png: Uint8Array.of(137, 80, 78),
  }
}

function count(steps: number, emit: (event: JobEvent) => void): GenerateResult {
  for (let step = 1; step <= steps; step += 1) {
    emit({ type: 'step', picture: 0, pictures: 1, step, steps, milliseconds: 0 })
  }
  return { pictures: steps, milliseconds: 0 }
}

async function untilCancelled(signal: CancelSignal | undefined, emit: (event: JobEvent) => void): Promise<void> {
  emit({ type: 'queued', ahead: 0 })
  await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
  throwIfCancelled(signal)
}

async function plod(milliseconds: number, signal: CancelSignal | undefined, emit: (event: JobEvent) => void) {
  emit({ type: 'step', picture: 0, pictures: 1, step: 1, steps: 2, milliseconds })
  await new Promise((resolve) => setTimeout(resolve, 20))
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
  await new Promise((resolve) => setTimeout(resolve, 20))
  throwIfCancelled(signal)
}

/** The event gets out before the loop begins, so that a test knows when the thread is blocked. */
async function hang(emit: (event: JobEvent) => void): Promise<void> {
  emit({ type: 'queued', ahead: 0 })
  await new Promise((resolve) => setTimeout(resolve, 20))
  for (;;) Math.sqrt(2)
}

function exitWith(code: number): never {
  writeSync(2, 'last words\n')
  process.exit(code)
}

function exitsByException(): never {
  throw new Error('outside of any call')
}

function failure(code: string): StudioError {
  const known = errorCodes.find((candidate) => candidate === code) ?? 'internal'
  return new StudioError(known, `The fake engine fails with ${known}.`, { detail: 'line 1\nline 2' })
}
