/** Runs the program in this process: a fake engine, outputs kept as text, and a clean folder to write to. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Cli, Output } from '../../../src/cli/cli.ts'
import type { EngineSettings } from '../../../src/cli/engine.ts'
import { runProgram } from '../../../src/cli/program.ts'
import { throwIfCancelled } from '../../../src/shared/base/cancel.ts'
import type { EngineApi, GenerateCall, GeneratedPicture, JobHooks } from '../../../src/shared/contract/engine-api.ts'
import { type GenerateRequest, generateRequestSchema } from '../../../src/shared/contract/request.ts'

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** What the engine was asked for. */
  readonly requests: readonly GenerateRequest[]
  readonly settings: readonly EngineSettings[]
  readonly closed: number
}

export interface Setup {
  readonly isTerminal?: boolean
  /** Takes the place of parts of the fake engine. */
  readonly engine?: Partial<EngineApi>
  readonly engineFails?: Error
  /** Interrupts as soon as this many pictures have been made. */
  readonly interruptAfter?: number
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paella-cli-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export async function runCli(words: readonly string[], setup: Setup = {}): Promise<Outcome> {
  const outputs = { stdout: '', stderr: '' }
  const outcome = { code: 0, requests: [] as GenerateRequest[], settings: [] as EngineSettings[], closed: 0 }
  const interruptListeners: (() => void)[] = []
  const output = (name: 'stdout' | 'stderr'): Output => ({
    write(text) {
      outputs[name] += text
    },
    isTerminal: setup.isTerminal ?? false,
    columns: 80,
  })
  const engine: EngineApi = {
    describe: () => Promise.reject(new Error('not asked for')),
    load: () => Promise.reject(new Error('not asked for')),
    readRecipe: () => Promise.reject(new Error('not asked for')),
    decodePicture: () => Promise.reject(new Error('not asked for')),
    encodePicture: () => Promise.reject(new Error('not asked for')),
    encodeTokens: () => Promise.reject(new Error('not asked for')),
    decodeTokens: () => Promise.reject(new Error('not asked for')),
    encodeAnimation: () => Promise.reject(new Error('not asked for')),
    generate(call, hooks) {
      outcome.requests.push(generateRequestSchema.parse(call.request))
      return fakeGenerate(call, hooks, (made) => {
        if (made === setup.interruptAfter) for (const interrupt of interruptListeners) interrupt()
      })
    },
    ...setup.engine,
  }
  const cli: Cli = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    async openEngine(settings) {
      outcome.settings.push(settings)
      if (setup.engineFails !== undefined) throw setup.engineFails
      return {
        engine,
        close: () => {
          outcome.closed += 1
        },
      }
    },
    home: '/nowhere/out/main/',
    onInterrupt(listener) {
      interruptListeners.push(listener)
      return () => undefined
    },
    randomSeed: () => 4242,
    setExitCode(code) {
      outcome.code = code
    },
  }
  await runProgram(cli, words)
  return { ...outcome, ...outputs }
}

/** The events that an engine sends, with pictures whose PNG bytes name their seed. */
async function fakeGenerate({ request }: GenerateCall, hooks: JobHooks | undefined, onMade: (made: number) => void) {
  const frames = framesOf(request)
  const pictures = (request.count ?? 1) * frames
  const steps = 2
  hooks?.onEvent?.({ type: 'loading', part: 'the model' })
  hooks?.onEvent?.({ type: 'warning', text: 'the prompt was cut' })
  for (let picture = 0; picture < pictures; picture++) {
    for (let step = 1; step <= steps; step++) {
      throwIfCancelled(hooks?.signal)
      hooks?.onEvent?.({ type: 'step', picture, pictures, step, steps, milliseconds: 40, preview: fakePixels })
    }
    hooks?.onEvent?.({ type: 'picture', picture: fakePicture(request, picture) })
    onMade(picture + 1)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { pictures, milliseconds: 123 }
}

const fakePixels = { width: 2, height: 1, channels: 3, data: new Uint8Array(6) } as const

const framesOf = ({ use }: GenerateRequest): number =>
  use.use === 'interpolate' && use.frame === undefined ? use.frames : 1

export function fakePicture(request: GenerateRequest, index: number): GeneratedPicture {
  const frames = framesOf(request)
  const { use } = request
  const frame = use.use === 'interpolate' ? (use.frame ?? index % frames) : 0
  const seed = (request.seed ?? 0) + Math.floor(index / frames)
  return {
    index,
    seed,
    pixels: fakePixels,
    grid: { width: 1, height: 1, tokens: new Int32Array(1) },
    area: { x: 0, y: 0, width: 2, height: 1 },
    confidence: { probability: new Float32Array(1), entropy: new Float32Array(1) },
    unchanged: null,
    steps: { taken: 2, of: 2 },
    recipe: {
      format: 'paella-studio-recipe/1',
      app: 'test',
      request: {
        ...request,
        ...resolved,
        seed,
        model: 'fake',
        use: use.use === 'interpolate' ? { ...use, frame } : use,
      },
      modelSha256: 'aa',
      tokensSha256: `tokens-${seed}-${frame}`,
    },
    png: new TextEncoder().encode(`png ${seed} ${frame}`),
  }
}

const resolved = {
  version: 1,
  negative: '',
  size: { width: 8, height: 8 },
  count: 1,
  sampling: {
    steps: 2,
    guidance: 5,
    temperature: [1, 1] as [number, number],
    typicalMass: 0.2,
    typicalMinTokens: 1,
    renoise: 'start',
    renoiseSteps: null,
    draw: 'inverse-cdf',
  },
} as const
