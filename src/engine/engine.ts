/**
 * The engine: one object with the interface of shared/contract/engine-api.ts, the same for the command line, the app and the
 * tests. It knows no window, no document and no working folder; whoever makes it says where models lie.
 */
import { isDeepStrictEqual } from 'node:util'
import { toRgb } from '../raster/composite.ts'
import { resize } from '../raster/resize.ts'
import type {
  EngineApi,
  EngineInfo,
  GenerateCall,
  GenerateOptions,
  GenerateResult,
  JobHooks,
  ModelInfo,
} from '../shared/contract/engine-api.ts'
import { StudioError, toErrorRecord } from '../shared/contract/errors.ts'
import { isTooLarge, type PictureFormat, type Pixels, pictureLimitsText } from '../shared/contract/picture.ts'
import type { GenerateRequest } from '../shared/contract/request.ts'
import { type PackedGrid, packTokens } from '../shared/contract/token-grid.ts'
import type { Size } from '../shared/geometry/rect.ts'
import { fitToGrid } from './grid-size.ts'
import { encodeAnimation } from './images/animation.ts'
import { decodePicture, encodePicture } from './images/codec.ts'
import { Fifo } from './jobs/fifo.ts'
import { loadModel } from './load-model.ts'
import type { LoadedModel, LoadOptions } from './loaded-model.ts'
import { withLess } from './less-memory.ts'
import { findModel, listModels, type Manifest } from './models/store.ts'
import { makePictures, warnerOf } from './make-pictures.ts'
import { hashOf } from './picture-run.ts'
import { checkRequest, defaultSampling, resolveRequest } from './resolve.ts'
import { devices } from './runtime/device.ts'
import { DeviceChoice } from './runtime/device-choice.ts'
import { integerProductsAreExact } from './runtime/integer-probe.ts'
import { areaOf, gridFor, readGrid, type Warn } from './uses/parts.ts'
import { requestOf } from './uses/repeat.ts'
import { version } from './version.ts'

export interface EngineEnv {
  readonly modelsDir: string
  readonly resourcesDir: string
  readonly cacheDir: string
  /** An execution provider, or 'auto'. */
  readonly device: string
  readonly log: (line: string) => void
  /** What 'auto' begins with; else the fastest device that can be had. */
  readonly fastest?: (() => Promise<string>) | undefined
}

export function createEngine(env: EngineEnv): EngineApi & { close(): Promise<void> } {
  return new Engine(env)
}

class Engine implements EngineApi {
  readonly #env: EngineEnv
  readonly #jobs = new Fifo()
  readonly #device: DeviceChoice
  #model: LoadedModel | undefined
  /** Work that runs beside the jobs. */
  readonly #besides = new Set<Promise<unknown>>()

  constructor(env: EngineEnv) {
    this.#env = env
    this.#device = new DeviceChoice(env.device, { folder: env.cacheDir, log: env.log }, env.fastest)
  }

  async describe(): Promise<EngineInfo> {
    const device = await this.#device.get()
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
    const open = this.#opened(manifest) ?? (await loadModel(manifest, await this.#loadOptions()))
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
      await this.#orOnCpu(warnerOf(hooks), async () => {
        const loaded = await this.#use(manifest)
        await loaded.warmUp(defaultSampling(manifest, 'text'), (part) => hooks.onEvent?.({ type: 'loading', part }))
      })
      return { milliseconds: performance.now() - start }
    }, hooks.signal)
  }

  async generate({ request, options = {} }: GenerateCall, hooks: JobHooks = {}): Promise<GenerateResult> {
    const checked = checkRequest(request)
    const queued = (ahead: number): void => hooks.onEvent?.({ type: 'queued', ahead })
    let told = 0
    const onEvent: typeof hooks.onEvent = (event) => {
      if (event.type === 'picture') told += 1
      hooks.onEvent?.(event)
    }
    const work = () => this.#generate(checked, options, { ...hooks, onEvent }, told)
    return this.#jobs.run(() => this.#orOnCpu(warnerOf(hooks), work), hooks.signal, queued)
  }

  decodePicture(file: { readonly bytes: Uint8Array; readonly name?: string | undefined }): Promise<Pixels> {
    return decodePicture({ kind: 'file', ...file }, 'the picture')
  }

  encodePicture({ pixels, format }: { readonly pixels: Pixels; readonly format: PictureFormat }): Promise<Uint8Array> {
    return encodePicture(pixels, format)
  }

  async readRecipe({ png, replay }: Parameters<EngineApi['readRecipe']>[0]): Promise<GenerateRequest> {
    return requestOf(png, replay)
  }

  async encodeTokens({ model, pixels, size }: Parameters<EngineApi['encodeTokens']>[0]): Promise<PackedGrid> {
    return this.#beside(model, async (loaded) => {
      const { width, height } = fitToGrid(size, loaded.sizeMultiple)
      if (width !== size.width || height !== size.height || isTooLarge(size)) {
        throw new StudioError(
          'bad-request',
          `size: ${size.width} x ${size.height} px are no whole cells of ${loaded.manifest.id}, or too many. Give ${width} x ${height}, at most ${pictureLimitsText}.`,
        )
      }
      const tokens = await this.#withLess(loaded, size, loaded.encode(resize(toRgb(pixels), size, 'bicubic')))
      return packTokens({ ...gridFor(loaded, size), tokens })
    })
  }

  async decodeTokens({ model, grid }: Parameters<EngineApi['decodeTokens']>[0]): Promise<Pixels> {
    return this.#beside(model, async (loaded) => {
      const { tokens } = readGrid(loaded, grid, 'grid')
      return this.#withLess(loaded, areaOf(loaded, grid), loaded.decode(tokens, grid))
    })
  }

  encodeAnimation(request: Parameters<EngineApi['encodeAnimation']>[0]): Promise<Uint8Array> {
    return encodeAnimation(request)
  }

  async close(): Promise<void> {
    await this.#jobs.run(async () => {
      await this.#letGo()
    })
  }

  async #generate(
    request: GenerateRequest,
    options: GenerateOptions,
    hooks: JobHooks,
    told: number,
  ): Promise<GenerateResult> {
    const start = performance.now()
    const manifest = await findModel(this.#env.modelsDir, request.model)
    const model = await this.#use(manifest)
    const resolved = await resolveRequest(request, manifest, model.sizeMultiple)
    hooks.onEvent?.({ type: 'loading', part: manifest.name })
    const pictures = await this.#withLess(model, resolved.size, makePictures(model, resolved, options, hooks, told))
    this.#env.log(`in memory: ${model.inMemory().join(', ')}`)
    return { pictures, milliseconds: performance.now() - start }
  }

  /** Where memory does not suffice for these px, the error says what would need less. */
  #withLess<T>(model: LoadedModel, size: Size, work: Promise<T>): Promise<T> {
    return work.catch(async (failure: unknown) => {
      throw withLess(failure, { model, device: await this.#device.get(), size })
    })
  }

  /** Work that is done anew on the CPU where the device fails and may be replaced. */
  async #orOnCpu<T>(warn: Warn, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (failure) {
      const said = await this.#device.fallBack(failure)
      if (said === undefined) throw failure
      this.#env.log(toErrorRecord(failure).detail ?? said)
      warn(said)
      await this.#letGo()
      return work()
    }
  }

  /**
   * Short work, which waits for no job where its model is the one in memory: who looks at the steps of one picture should not have
   * to wait until the next is made.
   */
  async #beside<T>(model: string | undefined, work: (model: LoadedModel) => Promise<T>): Promise<T> {
    const manifest = await findModel(this.#env.modelsDir, model)
    const opened = this.#opened(manifest)
    const inTurn = () => this.#jobs.run(() => this.#orOnCpu(this.#env.log, async () => work(await this.#use(manifest))))
    if (!opened) return inTurn()
    const done = work(opened)
    this.#besides.add(done)
    return done
      .finally(() => this.#besides.delete(done))
      .catch(async (failure: unknown) => {
        if (await this.#device.mayFallBack(failure)) return inTurn()
        throw failure
      })
  }

  async #letGo(): Promise<void> {
    const model = this.#model
    // First, so that no new work begins on it.
    this.#model = undefined
    await Promise.allSettled(this.#besides)
    await model?.close()
  }

  /** One model at a time stays in memory. */
  async #use(manifest: Manifest): Promise<LoadedModel> {
    const opened = this.#opened(manifest)
    if (opened) return opened
    await this.#letGo()
    const start = performance.now()
    this.#model = await loadModel(manifest, await this.#loadOptions())
    this.#env.log(`opened ${manifest.id} in ${Math.round(performance.now() - start)} ms`)
    return this.#model
  }

  /** The model in memory, where it is this one, unchanged on the disk since. */
  #opened(manifest: Manifest): LoadedModel | undefined {
    return isDeepStrictEqual(this.#model?.manifest, manifest) ? this.#model : undefined
  }

  async #loadOptions(): Promise<LoadOptions> {
    const device = await this.#device.get()
    const multiplyInt8 = device === 'cpu' && (await integerProductsAreExact())
    return { device, multiplyInt8, resourcesDir: this.#env.resourcesDir }
  }
}
