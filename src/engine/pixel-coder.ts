/** Pixels to tokens and back, by either of the two published autoencoders: which one it is, its keys say. */
import { fromPlanar, toPlanar } from '../raster/planar.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import type { Size } from '../shared/geometry/rect.ts'
import type { TensorSource } from './checkpoint/stored-tensor.ts'
import { decoder, encoder, vqModelConfig, vqModelUnused, vqPixelsPerToken } from './models/vq-model.ts'
import { vqganConfig, vqganDecoder, vqganEncoder, vqganPixelsPerToken } from './models/vqgan-f8.ts'
import type { Graph } from './onnx/graph.ts'
import { type Job, job, type Sessions } from './sessions.ts'
import { float32, floats, int32, ints } from './tensor/tensor.ts'

interface Coder {
  readonly codes: number
  readonly pixelsPerToken: number
  readonly encode: (graph: Graph) => void
  readonly decode: (graph: Graph) => void
  readonly unused: readonly string[]
}

function coderOf(source: TensorSource): Coder {
  if (source.has('quantize.embed.weight')) {
    const cfg = vqganConfig(source)
    return {
      codes: cfg.codes,
      pixelsPerToken: vqganPixelsPerToken(cfg),
      encode: (graph) => vqganEncoder(graph, cfg),
      decode: (graph) => vqganDecoder(graph, cfg),
      unused: [],
    }
  }
  const cfg = vqModelConfig(source)
  return {
    codes: cfg.codes,
    pixelsPerToken: vqPixelsPerToken(cfg),
    encode: (graph) => encoder(graph, cfg),
    decode: (graph) => decoder(graph, cfg),
    unused: vqModelUnused,
  }
}

export class PixelCoder {
  readonly codes: number
  readonly pixelsPerToken: number
  readonly #sessions: Sessions
  readonly #encoder: Job
  readonly #decoder: Job

  constructor(sessions: Sessions) {
    const coder = coderOf(sessions.source('vq'))
    this.codes = coder.codes
    this.pixelsPerToken = coder.pixelsPerToken
    this.#sessions = sessions
    this.#encoder = job('vq', 'encoder', coder.encode)
    this.#decoder = job('vq', 'decoder', coder.decode)
    sessions.bind('vq', [this.#encoder, this.#decoder], coder.unused)
  }

  async warmUp(): Promise<void> {
    await this.#sessions.runner(this.#decoder)
  }

  async encode(rgb: Pixels): Promise<Int32Array> {
    const runner = await this.#sessions.runner(this.#encoder)
    const { tokens } = await runner.run({ image: float32(toPlanar(rgb), [1, 3, rgb.height, rgb.width]) })
    return ints(tokens)
  }

  async decode(tokens: Int32Array, { width, height }: Size): Promise<Pixels> {
    const runner = await this.#sessions.runner(this.#decoder)
    const { image } = await runner.run({ tokens: int32(tokens, [1, height, width]) })
    return fromPlanar(floats(image), { width: width * this.pixelsPerToken, height: height * this.pixelsPerToken })
  }
}
