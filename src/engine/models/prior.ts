/**
 * The prior of the 2023 release: from CLIP's features of a caption to those of a picture that it could be of. A denoiser of
 * single vectors, all linear layers: noised picture features, the time and the caption's features go in, the noise in the
 * picture's comes out (sampler/prior-sampler.ts takes it off in steps).
 */
import { StudioError } from '../../shared/contract/errors.ts'
import { checkpointSizes } from '../checkpoint/sizes.ts'
import type { TensorSource } from '../checkpoint/stored-tensor.ts'
import { layerNorm, linear, projection } from '../nn/layers.ts'
import { timeEmbedding } from '../nn/time-embedding.ts'
import type { Graph } from '../onnx/graph.ts'
import * as op from '../onnx/ops.ts'
import { symbol } from '../tensor/shape.ts'

export interface PriorConfig {
  /** Width of CLIP's features. */
  readonly clip: number
  readonly width: number
  /** Width inside a block. */
  readonly hidden: number
  readonly cR: number
  readonly blocks: number
}

/**
 * Reads the sizes off the checkpoint's shapes.
 * @throws StudioError 'checkpoint-mismatch' where it is another network's
 */
export function priorConfig(source: TensorSource): PriorConfig {
  const sizes = checkpointSizes(source, "Paella's prior")
  const [width, clip] = [sizes.size('blocks.0.weight', 0), sizes.size('blocks.0.weight', 1)]
  const cR = sizes.size('blocks.1.0.weight', 1) - width - clip
  if (cR <= 0)
    throw new StudioError(
      'checkpoint-mismatch',
      `This prior's blocks are ${width + clip + cR} wide, which leaves nothing for the time. Choose another file.`,
    )
  return {
    clip,
    width,
    hidden: sizes.size('blocks.1.0.weight', 0),
    cR,
    blocks: sizes.count(/^blocks\.\d+\.0\.weight$/),
  }
}

const n = symbol('n')

/**
 * Adds to `graph`: inputs `x` [n, clip], `time` [n] (1 = all noise) and `text` [n, clip] (zeros = no caption); output `noise`
 * [n, clip].
 */
export function prior(graph: Graph, cfg: PriorConfig): void {
  const noised = graph.input('x', 'float32', [n, cfg.clip])
  const time = timeEmbedding(graph.input('time', 'float32', [n]), cfg.cR)
  const text = graph.input('text', 'float32', [n, cfg.clip])
  let x = linear(noised, 'blocks.0', cfg.width)
  for (let block = 1; block <= cfg.blocks; block++) {
    x = graph.scope(`blocks.${block}`, () => {
      const wide = layerNorm(projection(op.concat([x, text, time], 1), '0', cfg.hidden), '1', 1e-5)
      return op.add(x, layerNorm(projection(op.gelu(wide), '3', cfg.width), '4', 1e-5))
    })
  }
  graph.output('noise', linear(x, `blocks.${cfg.blocks + 1}`, cfg.clip))
}
