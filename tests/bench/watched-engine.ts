/** An engine that tells what share of a run it had a picture in hand. */
import type { BatchEngine } from '../../src/batch/index.ts'
import type { GenerateCall, JobHooks } from '../../src/shared/contract/engine-api.ts'

/** Tells how long it worked, which other programs on the machine stretch as they stretch the rest. */
export class WatchedEngine implements BatchEngine {
  readonly #engine: BatchEngine
  #worked = 0
  #first = Number.POSITIVE_INFINITY
  #last = 0

  constructor(engine: BatchEngine) {
    this.#engine = engine
  }

  get busy(): number {
    return this.#worked / (this.#last - this.#first)
  }

  describe() {
    return this.#engine.describe()
  }

  encodePicture(request: Parameters<BatchEngine['encodePicture']>[0]) {
    return this.#engine.encodePicture(request)
  }

  async generate(call: GenerateCall, hooks: JobHooks = {}) {
    let began = 0
    const result = await this.#engine.generate(call, {
      ...hooks,
      onEvent(event) {
        if (event.type === 'loading' && began === 0) began = performance.now()
        hooks.onEvent?.(event)
      },
    })
    this.#last = performance.now()
    this.#first = Math.min(this.#first, began)
    this.#worked += this.#last - began
    return result
  }
}
