/**
 * Engines on the model that ships, requests that take a moment (64 px, 2 steps), and what came of them. A test file opens one
 * engine and shares it; an engine holds about 200 MB.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { createEngine, type EngineEnv } from '../../src/engine/engine.ts'
import type { EngineApi, GeneratedPicture, GenerateOptions, JobEvent } from '../../src/shared/contract/engine-api.ts'
import { StudioError } from '../../src/shared/contract/errors.ts'
import type { GenerateRequest, Use } from '../../src/shared/contract/request.ts'

const folder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url))

export const modelsDir = folder('models')

export function openEngine(env: Partial<EngineEnv> = {}) {
  const resourcesDir = folder('resources')
  return createEngine({ modelsDir, resourcesDir, cacheDir: '', device: 'auto', log: () => undefined, ...env })
}

/** A models folder with copies of the shipped model (50 MB each) under these names. Gone when the test ends. */
export async function modelsFolder(...names: readonly string[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'models-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  for (const name of names) await cp(join(modelsDir, 'paella-mini'), join(dir, name), { recursive: true })
  return dir
}

/** A small quick request for a use, or for a prompt. */
export function ask(use: Use | string, rest: Partial<GenerateRequest> = {}): GenerateRequest {
  return {
    version: 1,
    use: typeof use === 'string' ? { use: 'text', prompt: use } : use,
    size: { width: 64, height: 64 },
    seed: 7,
    ...rest,
    sampling: { steps: 2, ...rest.sampling },
  }
}

export interface Run {
  readonly events: readonly JobEvent[]
  readonly pictures: readonly GeneratedPicture[]
  readonly warnings: readonly string[]
}

export async function run(engine: EngineApi, request: GenerateRequest, options: GenerateOptions = {}): Promise<Run> {
  const events: JobEvent[] = []
  await engine.generate({ request, options }, { onEvent: (event) => events.push(event) })
  return {
    events,
    pictures: events.flatMap((event) => (event.type === 'picture' ? [event.picture] : [])),
    warnings: events.flatMap((event) => (event.type === 'warning' ? [event.text] : [])),
  }
}

/** The first picture of a request. */
export async function picture(
  engine: EngineApi,
  request: GenerateRequest,
  options: GenerateOptions = {},
): Promise<GeneratedPicture> {
  const { pictures } = await run(engine, request, options)
  if (!pictures[0]) throw new Error('the request made no picture')
  return pictures[0]
}

/** The first picture's file and what is in it. */
export async function pictureFile(engine: EngineApi, request: GenerateRequest) {
  const made = await picture(engine, request, { png: true })
  if (!made.png) throw new Error('the picture has no file')
  return { made, png: made.png }
}

/** What a promise was rejected with, which must be a StudioError. */
export async function failureOf(promise: Promise<unknown>): Promise<StudioError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof StudioError) return thrown
  throw new Error(`expected a StudioError, got ${String(thrown)}`, { cause: thrown })
}
