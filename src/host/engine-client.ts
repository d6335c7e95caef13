/**
 * The engine in a process of its own, behind the engine's interface. The process starts with the first call; when it
 * dies, the calls in it reject with 'engine-lost' and the next call starts another. This file does not load the engine.
 */
import { assert } from '../shared/base/assert.ts'
import { type CancelSignal, throwIfCancelled } from '../shared/base/cancel.ts'
import type { EngineApi, EngineInfo, GenerateCall, GenerateResult, JobHooks } from '../shared/contract/engine-api.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { PictureFormat, Pixels } from '../shared/contract/picture.ts'
import type { GenerateRequest } from '../shared/contract/request.ts'
import type { PackedGrid } from '../shared/contract/token-grid.ts'
import { EngineChild, type EngineChildOptions } from './engine-child.ts'

export interface EngineClientOptions extends EngineChildOptions {
  /**
   * Milliseconds that a cancelled call gets to stop by itself before its process is killed (5000 unless told); twice the time of the
   * slowest step that it told comes on top.
   */
  readonly killAfter?: number | undefined
}

export class EngineClient implements EngineApi {
  readonly #options: EngineClientOptions
  #child: EngineChild | undefined
  #closing: Promise<void> | undefined

  constructor(options: EngineClientOptions) {
    this.#options = options
  }

  /**
   * Starts the process ahead of the first call. Does not wait until it is ready: one that fails later is reported by a
   * call.
   * @throws StudioError 'engine-lost' where the system refuses to start a process.
   */
  async start(): Promise<void> {
    await this.#running()
  }

  describe(): Promise<EngineInfo> {
    return this.#call(undefined, (engine) => engine.describe())
  }

  load(request: { readonly model?: string | undefined }, hooks?: JobHooks): Promise<{ milliseconds: number }> {
    return this.#call(hooks, (engine) => engine.load(request, hooks))
  }

  generate(call: GenerateCall, hooks?: JobHooks): Promise<GenerateResult> {
    const onEvent = hooks?.onEvent
    if (!onEvent) return this.#call(hooks, (engine) => engine.generate(call, hooks))
    let slowestStep = 0
    const watching: JobHooks = {
      ...hooks,
      onEvent: (event) => {
        if (event.type === 'step') slowestStep = Math.max(slowestStep, event.milliseconds)
        onEvent(event)
      },
    }
    return this.#call(
      hooks,
      (engine) => engine.generate(call, watching),
      () => 2 * slowestStep,
    )
  }

  decodePicture(file: { readonly bytes: Uint8Array; readonly name?: string | undefined }): Promise<Pixels> {
    return this.#call(undefined, (engine) => engine.decodePicture(file))
  }

  encodePicture(request: { readonly pixels: Pixels; readonly format: PictureFormat }): Promise<Uint8Array> {
    return this.#call(undefined, (engine) => engine.encodePicture(request))
  }

  readRecipe(request: Parameters<EngineApi['readRecipe']>[0]): Promise<GenerateRequest> {
    return this.#call(undefined, (engine) => engine.readRecipe(request))
  }

  encodeTokens(request: Parameters<EngineApi['encodeTokens']>[0]): Promise<PackedGrid> {
    return this.#call(undefined, (engine) => engine.encodeTokens(request))
  }

  decodeTokens(request: Parameters<EngineApi['decodeTokens']>[0]): Promise<Pixels> {
    return this.#call(undefined, (engine) => engine.decodeTokens(request))
  }

  encodeAnimation(request: Parameters<EngineApi['encodeAnimation']>[0]): Promise<Uint8Array> {
    return this.#call(undefined, (engine) => engine.encodeAnimation(request))
  }

  /** Ends the process, killing it after 2 s; calls that wait reject with 'cancelled'. No call may follow. */
  close(): Promise<void> {
    this.#closing ??= this.#child?.stop() ?? Promise.resolve()
    return this.#closing
  }

  async #call<Result>(
    hooks: JobHooks | undefined,
    run: (engine: EngineApi) => Promise<Result>,
    patience: () => number = () => 0,
  ): Promise<Result> {
    throwIfCancelled(hooks?.signal)
    const child = await this.#running()
    const stopWatching = this.#killIfStuck(child, hooks?.signal, patience)
    try {
      return await run(child.engine)
    } catch (thrown) {
      if (!(thrown instanceof StudioError) || thrown.code !== 'engine-lost') throw thrown
      throwIfCancelled(hooks?.signal)
      if (this.#closing) throw new StudioError('cancelled', 'The engine was closed before the job was done.')
      throw child.loss ?? thrown
    } finally {
      stopWatching()
    }
  }

  /** A process for a new call. One that is on its way out is awaited: memory may not hold two models. */
  async #running(): Promise<EngineChild> {
    while (this.#child?.ending) {
      const leaving = this.#child
      await leaving.ended
      if (this.#child === leaving) this.#child = undefined
    }
    assert(this.#closing === undefined, 'the engine client was closed')
    this.#child ??= new EngineChild(this.#options)
    return this.#child
  }

  /** onnxruntime cannot be interrupted within a step, so a cancelled call that does not end costs the process. */
  #killIfStuck(child: EngineChild, signal: CancelSignal | undefined, patience: () => number): () => void {
    let timer: NodeJS.Timeout | undefined
    const countDown = () => {
      const milliseconds = (this.#options.killAfter ?? 5_000) + patience()
      timer = setTimeout(() => child.kill('a cancelled job did not stop'), milliseconds)
    }
    signal?.addEventListener('abort', countDown, { once: true })
    return () => {
      signal?.removeEventListener('abort', countDown)
      clearTimeout(timer)
    }
  }
}
