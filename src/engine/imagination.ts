/** What a picture of a prompt could look like to CLIP: sampled by the prior of 2023 from the seed's own numbers. */
import { isDeepStrictEqual } from 'node:util'
import { prior, type PriorConfig, priorConfig } from './models/prior.ts'
import type { PassCondition } from './models/paella-v3-condition.ts'
import type { Draws } from './sampler/draws.ts'
import { priorDefaults, samplePrior, seededNormals } from './sampler/prior-sampler.ts'
import { type Job, job, type Sessions } from './sessions.ts'

export class Imagination {
  readonly #config: PriorConfig
  readonly #sessions: Sessions
  readonly #prior: Job
  /** The last of each prompt, and the numbers that it came from: frames between two prompts all begin with the same. */
  readonly #last = new WeakMap<PassCondition, { readonly start: Float32Array; readonly told: PassCondition }>()

  constructor(sessions: Sessions) {
    const config = priorConfig(sessions.source('prior'))
    this.#config = config
    this.#sessions = sessions
    this.#prior = job('prior', 'prior', (graph) => prior(graph, config))
    sessions.bind('prior', [this.#prior])
  }

  /** Width of CLIP's features. */
  get width(): number {
    return this.#config.clip
  }

  /** The same with a picture; a condition without words, or with a picture of its own, as it is. */
  async picture(told: PassCondition, draws: Draws): Promise<PassCondition> {
    const { text, pictures } = told
    if (!text || pictures) return told
    const normals = seededNormals(draws, this.#config.clip)
    const start = normals(0)
    const last = this.#last.get(told)
    if (last && isDeepStrictEqual(last.start, start)) return last.told
    const runner = await this.#sessions.runner(this.#prior)
    const made = { ...told, pictures: [await samplePrior(runner, text, priorDefaults, normals)] }
    this.#last.set(told, { start, told: made })
    return made
  }
}
