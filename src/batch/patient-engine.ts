/**
 * An engine that may die: whoever was in it asks once more, alone, so that only the request that kills it is told so. The engine's
 * caller starts another process by itself (host/engine-client.ts).
 */
import type { EngineApi, GenerateCall, GeneratedPicture, JobHooks } from '../shared/contract/engine-api.ts'
import { StudioError } from '../shared/contract/errors.ts'

export type BatchEngine = Pick<EngineApi, 'describe' | 'generate' | 'encodePicture'>

/** Requests in a row that killed it, alone: then it is the engine that does not work, not the requests. */
const mostLosses = 3

export class PatientEngine {
  readonly #engine: BatchEngine
  #running = 0
  #alone: Promise<unknown> = Promise.resolve()
  #idle: (() => void)[] = []
  #losses = 0

  constructor(engine: BatchEngine) {
    this.#engine = engine
  }

  /** True once it can no longer be believed to work: no further item is worth trying. */
  get isHopeless(): boolean {
    return this.#losses >= mostLosses
  }

  /** The one picture of a request. @throws StudioError 'engine-lost' where it was lost twice */
  async generate(call: GenerateCall, hooks: JobHooks): Promise<GeneratedPicture> {
    let hasBegun = false
    const watching: JobHooks = {
      signal: hooks.signal,
      onEvent(event) {
        if (event.type === 'loading') hasBegun = true
        hooks.onEvent?.(event)
      },
    }
    const run = () => onePicture(this.#engine, call, watching)
    return await this.#twice(run, () => hasBegun)
  }

  async encode(
    picture: GeneratedPicture,
    format: Parameters<EngineApi['encodePicture']>[0]['format'],
  ): Promise<Uint8Array> {
    return await this.#twice(
      () => this.#engine.encodePicture({ pixels: picture.pixels, format }),
      () => true,
    )
  }

  /** @param hasBegun whether the engine had begun with it: what merely waited cannot be what killed it, and is asked anew */
  async #twice<T>(run: () => Promise<T>, hasBegun: () => boolean): Promise<T> {
    await this.#alone
    try {
      return await this.#counted(run)
    } catch (error) {
      if (!isLost(error)) throw error
    }
    if (hasBegun()) return await this.#retry(run)
    try {
      return await this.#retry(run)
    } catch (error) {
      if (!isLost(error)) throw error
      return await this.#retry(run)
    }
  }

  async #counted<T>(run: () => Promise<T>): Promise<T> {
    this.#running += 1
    try {
      return await run()
    } finally {
      this.#running -= 1
      if (this.#running === 0) for (const tell of this.#idle.splice(0)) tell()
    }
  }

  /** One after the other, when nothing else runs. */
  #retry<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#alone.then(async () => {
      while (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
      try {
        const result = await run()
        this.#losses = 0
        return result
      } catch (error) {
        if (isLost(error)) this.#losses += 1
        throw error
      }
    })
    this.#alone = turn.catch(() => undefined)
    return turn
  }
}

async function onePicture(engine: BatchEngine, call: GenerateCall, hooks: JobHooks): Promise<GeneratedPicture> {
  let picture: GeneratedPicture | undefined
  await engine.generate(call, {
    signal: hooks.signal,
    onEvent(event) {
      if (event.type === 'picture') picture = event.picture
      hooks.onEvent?.(event)
    },
  })
  if (picture === undefined) throw new StudioError('internal', 'The engine ended a request without its picture.')
  return picture
}

const isLost = (error: unknown): boolean => error instanceof StudioError && error.code === 'engine-lost'
