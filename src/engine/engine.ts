/**
 * The engine: one object with the interface of shared/contract/engine-api.ts, the same for the command line, the app and the
 * tests. It knows no window, no document and no working folder; whoever makes it says where models lie.
 */
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { embedRecipe } from '../raster/png-recipe.ts'
import { parametersText } from '../raster/parameters-text.ts'
import { assert } from '../shared/base/assert.ts'
import { throwIfCancelled } from '../shared/base/cancel.ts'
import type {
  EngineApi,
  EngineInfo,
  GenerateCall,
  GeneratedPicture,
  GenerateOptions,
  GenerateResult,
  JobHooks,
  ModelInfo,
} from '../shared/contract/engine-api.ts'
import { toErrorRecord } from '../shared/contract/errors.ts'
import type { PictureFormat, Pixels } from '../shared/contract/picture.ts'
import type { Recipe } from '../shared/contract/recipe.ts'
import type { GenerateRequest, ResolvedRequest } from '../shared/contract/request.ts'
import { decodePicture, encodePicture, encodePng } from './images/codec.ts'
import { Fifo } from './jobs/fifo.ts'
import { LoadedModel } from './loaded-model.ts'
import { findModel, listModels, type Manifest } from './models/store.ts'
import { checkRequest, defaultSampling, resolveRequest } from './resolve.ts'
import { chooseDevice, devices } from './runtime/device.ts'
import { integerProductsAreExact } from './runtime/integer-probe.ts'
import { type Draws, seededDraws } from './sampler/draws.ts'
import { planV1 } from './sampler/plan.ts'
import { type SampledStep, sample } from './sampler/sample.ts'
import { readPrompt } from './uses/parts.ts'
import { planTasks } from './uses/plan-tasks.ts'
import { requestOf } from './uses/repeat.ts'
import type { PictureTask } from './uses/task.ts'
import { version } from './version.ts'

export interface EngineEnv {
  readonly modelsDir: string
  readonly resourcesDir: string
  readonly cacheDir: string
  /** An execution provider, or 'auto'. */
  readonly device: string
  readonly log: (line: string) => void
}

export function createEngine(env: EngineEnv): EngineApi & { close(): Promise<void> } {
  return new Engine(env)
}

class Engine implements EngineApi {
  readonly #env: EngineEnv
  readonly #jobs = new Fifo()
  #model: LoadedModel | undefined

  constructor(env: EngineEnv) {
    this.#env = env
  }

  async describe(): Promise<EngineInfo> {
    const device = chooseDevice(this.#env.device)
    const list = await listModels(this.#env.modelsDir)
    const models: ModelInfo[] = []
    const broken = list.broken.map(({ folder, error }) => ({ folder, error: toErrorRecord(error) }))
    for (const manifest of list.models) {
      try {
        models.push(await this.#describeModel(manifest))
      } catch (error) {
        broken.push({ folder: manifest.folder, error: toErrorRecord(error) })
      }
    }
    return { version, devices: devices(), device, models, broken }
  }

  async #describeModel(manifest: Manifest): Promise<ModelInfo> {
    const open = this.#opened(manifest) ?? (await LoadedModel.load(manifest, await this.#loadOptions()))
    const side = manifest.imageSize
    return {
      id: manifest.id,
      name: manifest.name,
      sha256: hashOf(manifest),
      parameters: open.parameters,
      pixelsPerToken: open.pixelsPerToken,
      sizeMultiple: open.sizeMultiple,
      defaults: { size: { width: side, height: side }, sampling: defaultSampling(manifest, 'text') },
    }
  }

  async load(
    { model }: { readonly model?: string | undefined },
    hooks: JobHooks = {},
  ): Promise<{ milliseconds: number }> {
    return this.#jobs.run(async () => {
      const start = performance.now()
      const manifest = await findModel(this.#env.modelsDir, model)
      const loaded = await this.#use(manifest)
      const plan = planV1(defaultSampling(manifest, 'text'))
      await loaded.warmUp(plan, (part) => hooks.onEvent?.({ type: 'loading', part }))
      return { milliseconds: performance.now() - start }
    }, hooks.signal)
  }

  async generate({ request, options = {} }: GenerateCall, hooks: JobHooks = {}): Promise<GenerateResult> {
    const checked = checkRequest(request)
    const queued = (ahead: number): void => hooks.onEvent?.({ type: 'queued', ahead })
    return this.#jobs.run(() => this.#generate(checked, options, hooks), hooks.signal, queued)
  }

  decodePicture(file: { readonly bytes: Uint8Array; readonly name?: string | undefined }): Promise<Pixels> {
    return decodePicture({ kind: 'file', ...file }, 'the picture')
  }

  encodePicture({ pixels, format }: { readonly pixels: Pixels; readonly format: PictureFormat }): Promise<Uint8Array> {
    return encodePicture(pixels, format)
  }

  async readRecipe({ png }: { readonly png: Uint8Array }): Promise<GenerateRequest> {
    return requestOf(png)
  }

  async close(): Promise<void> {
    await this.#jobs.run(async () => {
      await this.#model?.close()
      this.#model = undefined
    })
  }

  async #generate(request: GenerateRequest, options: GenerateOptions, hooks: JobHooks): Promise<GenerateResult> {
    const start = performance.now()
    const manifest = await findModel(this.#env.modelsDir, request.model)
    const model = await this.#use(manifest)
    const resolved = await resolveRequest(request, manifest, model.sizeMultiple)
    hooks.onEvent?.({ type: 'loading', part: manifest.name })
    const warn = (text: string): void => hooks.onEvent?.({ type: 'warning', text })
    const tasks = await planTasks(model, resolved, warn)
    const against =
      resolved.negative === ''
        ? new Float32Array(model.conditionWidth)
        : await readPrompt(model, resolved.negative, warn, 'negative prompt')
    const pictures = tasks.length * resolved.count
    let index = 0
    for (let i = 0; i < resolved.count; i++) {
      const seed = resolved.seed + i
      for (const makeTask of tasks) {
        throwIfCancelled(hooks.signal)
        const draws = seededDraws(seed)
        const task = makeTask(draws)
        const run = { model, task, against, request: resolved, draws }
        const last = await this.#samplePicture(run, options, hooks, { index, pictures })
        const picture = await finishPicture(model, task, { ...resolved, seed, count: 1 }, last, options)
        hooks.onEvent?.({ type: 'picture', picture: { ...picture, index } })
        index += 1
      }
    }
    return { pictures, milliseconds: performance.now() - start }
  }

  async #samplePicture(
    { model, task, against, request, draws }: PictureRun,
    options: GenerateOptions,
    hooks: JobHooks,
    place: { readonly index: number; readonly pictures: number },
  ): Promise<SampledStep | undefined> {
    const plan = planV1(request.sampling, task.firstStep)
    const guided = plan.steps.some((step) => step.guidance !== undefined)
    const steering = await model.steer(task.condition, against, task.grid, guided)
    const predict = await model.predictor(steering, plan, task.grid)
    const { tokens, mask } = task
    const cells = task.grid.width * task.grid.height
    let last: SampledStep | undefined
    let before = performance.now()
    for await (const step of sample(predict, plan, { cells, labels: model.labels, tokens, mask }, draws)) {
      last = step
      const preview = options.previews ? { preview: task.finish(await model.decode(step.tokens, task.grid)) } : {}
      const now = performance.now()
      hooks.onEvent?.({
        type: 'step',
        picture: place.index,
        pictures: place.pictures,
        step: step.step,
        steps: step.of,
        milliseconds: now - before,
        ...preview,
      })
      before = now
      // A turn of the event loop, in which a cancel that came in meanwhile is heard.
      await new Promise((resolve) => setImmediate(resolve))
      throwIfCancelled(hooks.signal)
    }
    return last
  }

  /** One model at a time stays in memory. */
  async #use(manifest: Manifest): Promise<LoadedModel> {
    const opened = this.#opened(manifest)
    if (opened) return opened
    await this.#model?.close()
    this.#model = undefined
    const start = performance.now()
    this.#model = await LoadedModel.load(manifest, await this.#loadOptions())
    this.#env.log(`opened ${manifest.id} in ${Math.round(performance.now() - start)} ms`)
    return this.#model
  }

  /** The model in memory, where it is this one, unchanged on the disk since. */
  #opened(manifest: Manifest): LoadedModel | undefined {
    return isDeepStrictEqual(this.#model?.manifest, manifest) ? this.#model : undefined
  }

  async #loadOptions() {
    const device = chooseDevice(this.#env.device)
    const multiplyInt8 = device === 'cpu' && (await integerProductsAreExact())
    return { device, multiplyInt8, resourcesDir: this.#env.resourcesDir }
  }
}

/** What one picture is sampled from. */
interface PictureRun {
  readonly model: LoadedModel
  readonly task: PictureTask
  /** What the unconditional pass sees: zeros, or the negative prompt's vector. */
  readonly against: Float32Array
  readonly request: ResolvedRequest
  readonly draws: Draws
}

async function finishPicture(
  model: LoadedModel,
  task: PictureTask,
  request: ResolvedRequest,
  last: SampledStep | undefined,
  options: GenerateOptions,
): Promise<Omit<GeneratedPicture, 'index'>> {
  const cells = task.grid.width * task.grid.height
  // A plan without steps (a restyle of strength 0) leaves the picture's own tokens.
  const tokens = last?.tokens ?? task.tokens
  assert(tokens, 'a picture from noise takes at least one step')
  const pixels = task.finish(await model.decode(tokens, task.grid))
  const recipe: Recipe = {
    format: 'paella-studio-recipe/1',
    app: `Paella Studio ${version}`,
    request: { ...request, use: task.remembered },
    modelSha256: hashOf(model.manifest),
    tokensSha256: createHash('sha256')
      .update(new Uint8Array(Int32Array.from(tokens).buffer))
      .digest('hex'),
  }
  return {
    seed: request.seed,
    pixels,
    grid: { ...task.grid, tokens },
    confidence: {
      probability: last?.probability ?? new Float32Array(cells).fill(1),
      entropy: last?.entropy ?? new Float32Array(cells),
    },
    recipe,
    png: options.png ? embedRecipe(await encodePng(pixels), recipe, parametersText(recipe)) : undefined,
  }
}

/** Names the exact weights: a hash over the hashes of the files. */
function hashOf({ files }: Manifest): string {
  return createHash('sha256')
    .update([files.denoiser, files.vq, files.clip].map(({ sha256 }) => sha256).join())
    .digest('hex')
}
