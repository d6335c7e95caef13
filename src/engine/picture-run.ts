/**
 * One picture, from its task to what the caller gets: sampled step by step, decoded, and remembered with all that it takes to make it
 * again.
 */
import { createHash } from 'node:crypto'
import { parametersText } from '../raster/parameters-text.ts'
import { embedRecipe } from '../raster/png-recipe.ts'
import { assert } from '../shared/base/assert.ts'
import type { Confidence, GeneratedPicture, GenerateOptions, JobHooks } from '../shared/contract/engine-api.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { Recipe } from '../shared/contract/recipe.ts'
import type { ResolvedRequest } from '../shared/contract/request.ts'
import { packTokens } from '../shared/contract/token-grid.ts'
import { encodePng } from './images/codec.ts'
import type { Meaning } from './conditions.ts'
import type { LoadedModel } from './loaded-model.ts'
import type { Manifest } from './models/store.ts'
import { PreviewPace } from './preview-pace.ts'
import type { Draws } from './sampler/draws.ts'
import type { SamplePlan } from './sampler/plan.ts'
import { sample, type SampleStart } from './sampler/sample.ts'
import { readGrid } from './uses/parts.ts'
import type { PictureTask } from './uses/task.ts'
import { version } from './version.ts'

/** What one picture is made from. */
export interface PictureRun {
  readonly model: LoadedModel
  readonly task: PictureTask
  /** What the unconditional pass is told: nothing, or the negative prompt. */
  readonly against: Meaning
  /** Of this picture alone. */
  readonly request: ResolvedRequest
  readonly draws: Draws
  /** Which picture of how many. */
  readonly index: number
  readonly pictures: number
}

/** How far a picture has come. */
export interface Standing {
  readonly tokens: Int32Array
  readonly confidence: Confidence | undefined
  readonly taken: number
  readonly of: number
  /** The run was cancelled after the last of these steps. */
  readonly cancelled: boolean
}

/** @returns how it stands at its end, which a cancel brings about after a whole step */
export async function samplePicture(run: PictureRun, options: GenerateOptions, hooks: JobHooks): Promise<Standing> {
  const { model, task, index, pictures } = run
  const plan = model.plan(run.request.sampling, task.firstStep)
  const of = plan.steps.length
  const resume = readResume(run, plan)
  const tokens = resume?.tokens ?? (of === 0 ? task.tokens : undefined)
  const taken = Math.min(resume?.step ?? 0, of)
  let standing: Standing | undefined = tokens && { tokens, confidence: undefined, taken, of, cancelled: false }
  // Nothing is left to do: no session is made for it.
  if (standing && taken >= Math.min(of, plan.stopAfter ?? of)) return standing
  const pace = new PreviewPace()
  let before = performance.now()
  for await (const step of sample(await predictorOf(run, plan), plan, startOf(run, resume), run.draws)) {
    const { tokens, fed, probability, entropy } = step
    standing = { tokens, confidence: { probability, entropy }, taken: step.step, of, cancelled: false }
    const preview =
      options.previews && pace.isDue
        ? { preview: task.finish(await pace.timed(() => model.decode(tokens, task.grid))) }
        : {}
    const packed = (tokens: Int32Array) => packTokens({ ...task.grid, tokens })
    const state = options.trajectory ? { state: { tokens: packed(tokens), fed: packed(fed) } } : {}
    const now = performance.now()
    const milliseconds = now - before
    hooks.onEvent?.({
      type: 'step',
      picture: index,
      pictures,
      step: step.step,
      steps: of,
      milliseconds,
      ...preview,
      ...state,
    })
    before = now
    // A turn of the event loop, in which a cancel that came in meanwhile is heard.
    await new Promise((resolve) => setImmediate(resolve))
    if (hooks.signal?.aborted) return { ...standing, cancelled: true }
  }
  assert(standing, 'a picture from noise takes at least one step')
  return standing
}

const predictorOf = ({ model, task, against, draws, index, pictures }: PictureRun, plan: SamplePlan) =>
  model.predictor({ condition: task.condition, against, draws, isLast: index === pictures - 1 }, plan, task.grid)

function startOf({ model, task }: PictureRun, resume: SampleStart['resume']): SampleStart {
  const { tokens, mask, grid } = task
  return { cells: grid.width * grid.height, labels: model.labels, tokens, mask, resume }
}

/** @throws StudioError 'bad-request' where the picture is not the one that is gone on with */
function readResume({ model, task, request, pictures }: PictureRun, plan: SamplePlan): SampleStart['resume'] {
  const { resume, sampling } = request
  if (!resume) return undefined
  const refuse = (field: string, why: string): never => {
    throw new StudioError('bad-request', `${field}: ${why}`)
  }
  if (pictures !== 1)
    refuse('resume', `one picture can be gone on with, not ${pictures}. Ask for one seed and one frame.`)
  const tokensOf = (name: 'tokens' | 'fed', packed: NonNullable<typeof resume.fed>): Int32Array => {
    const { width, height, tokens } = readGrid(model, packed, `resume.${name}`)
    const wanted = `${task.grid.width} x ${task.grid.height}`
    if (`${width} x ${height}` !== wanted)
      refuse(
        `resume.${name}`,
        `${width} x ${height} tokens do not fit a picture of ${wanted}. Give the size it was made at.`,
      )
    return tokens
  }
  if (resume.step < plan.steps.length) {
    if (sampling.stopAfter && sampling.stopAfter < resume.step)
      refuse(
        'sampling.stopAfter',
        `step ${sampling.stopAfter} lies before resume.step. Give ${resume.step} or more, or none.`,
      )
    if (sampling.renoise === 'prev' && !resume.fed)
      refuse('resume.fed', "renoise 'prev' puts back what the step was given. Give it, or choose another renoise.")
  }
  return {
    step: resume.step,
    tokens: tokensOf('tokens', resume.tokens),
    fed: resume.fed && tokensOf('fed', resume.fed),
  }
}

export async function finishPicture(
  { model, task, request, index }: PictureRun,
  { tokens, confidence, taken, of }: Standing,
  options: GenerateOptions,
): Promise<GeneratedPicture> {
  const cells = task.grid.width * task.grid.height
  const pixels = task.finish(await model.decode(tokens, task.grid))
  const stopped = taken < of ? { stopAfter: taken } : {}
  const recipe: Recipe = {
    format: 'paella-studio-recipe/1',
    app: `Paella Studio ${version}`,
    request: { ...request, use: task.remembered, sampling: { ...request.sampling, ...stopped } },
    modelSha256: hashOf(model.manifest),
    tokensSha256: createHash('sha256')
      .update(new Uint8Array(Int32Array.from(tokens).buffer))
      .digest('hex'),
    tokens: packTokens({ ...task.grid, tokens }),
  }
  return {
    index,
    seed: request.seed,
    pixels,
    grid: { ...task.grid, tokens },
    area: task.area,
    confidence: confidence ?? { probability: new Float32Array(cells).fill(1), entropy: new Float32Array(cells) },
    unchanged: task.before ? tokens.reduce((same, token, i) => same + (token === task.before?.[i] ? 1 : 0), 0) : null,
    steps: { taken, of },
    recipe,
    png: options.png ? embedRecipe(await encodePng(pixels), recipe, parametersText(recipe)) : undefined,
  }
}

/** Names the exact weights: a hash over the hashes of the files. */
export function hashOf({ files }: Manifest): string {
  return createHash('sha256')
    .update(
      [files.denoiser, files.vq, files.clip, files.byt5, files.prior].flatMap((file) => file?.sha256 ?? []).join(),
    )
    .digest('hex')
}
