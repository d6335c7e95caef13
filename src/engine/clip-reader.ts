/** What CLIP makes of prompts and pictures, scaled as the model wants it. Both releases read with it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cropPadded } from '../raster/frame.ts'
import { toPlanar } from '../raster/planar.ts'
import { resize } from '../raster/resize.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import { norm } from './conditions.ts'
import { type ClipConfig, clipConfig, clipUnused, imageTower, textTower } from './models/clip.ts'
import { ClipTokenizer } from './models/clip-tokenizer.ts'
import type { Manifest } from './models/store.ts'
import { type Job, job, type Sessions } from './sessions.ts'
import { float32, floats, int32 } from './tensor/tensor.ts'

const mean = [0.48145466, 0.4578275, 0.40821073] as const
const std = [0.26862954, 0.26130258, 0.27577711] as const

export interface ReadText {
  readonly features: Float32Array
  /** The words that did not fit. */
  readonly cut: string | undefined
}

export class ClipReader {
  readonly #manifest: Manifest
  readonly #config: ClipConfig
  readonly #sessions: Sessions
  readonly #resourcesDir: string
  readonly #text: Job
  readonly #image: Job
  #tokenizer: ClipTokenizer | undefined

  constructor(manifest: Manifest, sessions: Sessions, resourcesDir: string) {
    const config = clipConfig(sessions.source('clip'), manifest.clip)
    this.#manifest = manifest
    this.#config = config
    this.#sessions = sessions
    this.#resourcesDir = resourcesDir
    this.#text = job('clip', 'text', (graph) => textTower(graph, config))
    this.#image = job('clip', 'image', (graph) => imageTower(graph, config))
    sessions.bind('clip', config.vision ? [this.#text, this.#image] : [this.#text], clipUnused)
  }

  /** Width of its features. */
  get width(): number {
    return this.#config.embedDim
  }

  async warmUp(): Promise<void> {
    await this.#sessions.runner(this.#text)
  }

  async text(prompt: string): Promise<ReadText> {
    const { contextLength, vocabulary } = this.#config.text
    this.#tokenizer ??= new ClipTokenizer(await this.#readMerges(), vocabulary)
    const { tokens, endIndex, cut } = this.#tokenizer.encode(prompt, contextLength)
    const runner = await this.#sessions.runner(this.#text)
    const { features } = await runner.run({
      tokens: int32(tokens, [1, contextLength]),
      end: int32(Int32Array.of(endIndex), [1]),
    })
    return { features: this.#scaled(floats(features)), cut }
  }

  async #readMerges(): Promise<string> {
    const path = join(this.#resourcesDir, 'clip-merges.txt')
    return readFile(path, 'utf8').catch((cause: unknown) => {
      throw new StudioError('file-not-found', `Cannot read CLIP's vocabulary ${path}. Install the program again.`, {
        cause,
      })
    })
  }

  square(rgb: Pixels): Pixels {
    const side = this.#config.vision?.imageSize
    if (side === undefined) {
      throw new StudioError(
        'model-missing',
        `${this.#manifest.id} cannot look at pictures: it has no vision tower. Use a prompt, or another model.`,
      )
    }
    const edge = Math.min(rgb.width, rgb.height)
    const crop = {
      x: Math.floor((rgb.width - edge) / 2),
      y: Math.floor((rgb.height - edge) / 2),
      width: edge,
      height: edge,
    }
    return resize(cropPadded(rgb, crop), { width: side, height: side }, 'bicubic')
  }

  /** @param square see `square` */
  async image(square: Pixels): Promise<Float32Array> {
    const runner = await this.#sessions.runner(this.#image)
    const { features } = await runner.run({
      image: float32(toPlanar(square, mean, std), [1, 3, square.height, square.width]),
    })
    return this.#scaled(floats(features))
  }

  #scaled(features: Float32Array): Float32Array {
    const { normalise, scale } = this.#manifest.condition
    const factor = normalise ? scale / (norm(features) || 1) : scale
    return features.map((x) => x * factor)
  }
}
