/**
 * Runs one picture job from the parsed options to the files: engine process, request, events, writing, Ctrl-C. Pictures are
 * written while the engine goes on with the next one.
 */
import { assert } from '../shared/base/assert.ts'
import { throwIfCancelled } from '../shared/base/cancel.ts'
import type { EngineApi, GeneratedPicture } from '../shared/contract/engine-api.ts'
import { isCancelled, StudioError } from '../shared/contract/errors.ts'
import type { GenerateRequest, Use } from '../shared/contract/request.ts'
import { writeWhole } from './atomic-write.ts'
import type { Cli } from './cli.ts'
import type { OpenEngine } from './engine.ts'
import { jsonReporter } from './json-reporter.ts'
import { type OutputTarget, outputName, outputStem, prepareOutput } from './output-names.ts'
import { plainReporter } from './plain-reporter.ts'
import type { Reporter } from './reporter.ts'
import { buildRequest, type PictureOptions } from './request.ts'

export interface JobOptions extends PictureOptions {
  readonly seed?: number
  readonly out?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly models?: string
  readonly device: string
}

export interface JobPlan {
  /** The request. Runs while the engine process starts; asking for the engine waits for it. */
  readonly request: (engine: () => Promise<EngineApi>) => Promise<GenerateRequest>
  /** The request comes out of a picture: one picture, its seed known already. */
  readonly repeats?: true
  readonly afterSaving?: (picture: GeneratedPicture, reporter: Reporter) => void
}

/** The job of a command whose request is a use and the shared options. */
export async function runUse(cli: Cli, options: JobOptions, makeUse: () => Use | Promise<Use>): Promise<void> {
  const seed = options.seed ?? cli.randomSeed()
  await runJob(cli, options, { request: async () => buildRequest(await makeUse(), options, seed) })
}

/** @throws StudioError of any code; what was finished before is on disk. */
export async function runJob(cli: Cli, options: JobOptions, plan: JobPlan): Promise<void> {
  const reporter = options.json ? jsonReporter(cli) : plainReporter(cli, { quiet: options.quiet ?? false })
  const cancel = new AbortController()
  const stopListening = cli.onInterrupt(() => {
    cancel.abort()
    reporter.stopping()
  })
  const opening = cli.openEngine({
    models: options.models,
    device: options.device,
    onLog: options.verbose ? (line) => reporter.log(line) : undefined,
  })
  try {
    const [target, request] = await prepare(options, plan, opening)
    throwIfCancelled(cancel.signal)
    reporter.started(request, options.seed === undefined && !plan.repeats)
    await makePictures({ ...(await opening), request, target, plan, reporter, cancel })
  } finally {
    reporter.close()
    stopListening()
    await opening.then(
      (opened) => opened.close(),
      () => undefined,
    )
  }
}

/** Bad input is reported before an engine that cannot start: it is what the user can mend. */
async function prepare(
  options: JobOptions,
  plan: JobPlan,
  opening: Promise<OpenEngine>,
): Promise<[OutputTarget, GenerateRequest]> {
  opening.catch(() => undefined)
  const request = await plan.request(async () => (await opening).engine)
  return [await prepareOutput(options.out), request]
}

interface RunningJob {
  readonly engine: EngineApi
  readonly request: GenerateRequest
  readonly target: OutputTarget
  readonly plan: JobPlan
  readonly reporter: Reporter
  readonly cancel: AbortController
}

async function makePictures({ engine, request, target, plan, reporter, cancel }: RunningJob): Promise<void> {
  let kept = 0
  let saving: Promise<void> = Promise.resolve()
  const save = async (picture: GeneratedPicture) => {
    reporter.saved(picture, await writePicture(picture, request, target))
    kept += 1
    plan.afterSaving?.(picture, reporter)
  }
  const generating = engine.generate(
    { request, options: { png: true } },
    {
      signal: cancel.signal,
      onEvent(event) {
        if (event.type !== 'picture') return reporter.event(event)
        saving = saving.then(() => save(event.picture))
        // Nothing more can be written: making more pictures would be for nothing.
        saving.catch(() => cancel.abort())
      },
    },
  )
  const outcome = await generating.then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  )
  await saving
  if ('result' in outcome) reporter.done(outcome.result)
  else throw isCancelled(outcome.error) ? cancelledAfter(kept) : outcome.error
}

function writePicture(picture: GeneratedPicture, request: GenerateRequest, target: OutputTarget): Promise<string> {
  assert(picture.png !== undefined, 'the engine was asked for a PNG and sent none')
  const severalSeeds = (request.count ?? 1) > 1
  const { use } = picture.recipe.request
  const frame = use.use === 'interpolate' ? use.frame : undefined
  const isOnly = !severalSeeds && (frame === undefined || isOneFrame(request.use))
  const name = outputName(target, outputStem(request.use), { seed: picture.seed, frame, severalSeeds, isOnly })
  return writeWhole(name.path, picture.png, { replace: name.replace })
}

const isOneFrame = (use: Use): boolean => use.use === 'interpolate' && use.frame !== undefined

function cancelledAfter(kept: number): StudioError {
  const pictures = kept === 1 ? '1 finished picture was' : `${kept === 0 ? 'no' : kept} finished pictures were`
  return new StudioError('cancelled', `Cancelled; ${kept === 0 ? 'no picture was finished' : `${pictures} kept`}.`)
}
