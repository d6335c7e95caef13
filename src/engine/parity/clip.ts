/** Golden of CLIP: the features of some token rows and of some pictures, for either tower or both. */
import { z } from 'zod'
import { clipConfig, clipUnused, imageTower, textTower } from '../models/clip.ts'
import { Graph } from '../onnx/graph.ts'
import { int32, ints, type Tensor } from '../tensor/tensor.ts'
import { type Comparison, compareFloats } from './compare.ts'
import { type Golden, parseHead } from './golden.ts'
import { withRunners } from './runner.ts'

const headSchema = z.looseObject({
  config: z.looseObject({
    quick_gelu: z.boolean().default(false),
    text: z.looseObject({ heads: z.int().min(1) }).optional(),
    vision: z.looseObject({ head_width: z.int().min(1) }).optional(),
  }),
})

export async function checkClip(golden: Golden): Promise<Comparison[]> {
  const { config } = parseHead(golden, headSchema)
  const cfg = clipConfig(golden.weights, {
    quickGelu: config.quick_gelu,
    textHeads: config.text?.heads,
    visionHeadWidth: config.vision?.head_width,
  })
  const graphs = { text: new Graph(), ...(cfg.vision && { image: new Graph() }) }
  textTower(graphs.text, cfg)
  if (graphs.image) imageTower(graphs.image, cfg)
  return withRunners(golden, graphs, clipUnused, async (runners) => {
    const results: Comparison[] = []
    if (golden.io.has('text_features')) {
      const tokens = await golden.ints('tokens', 2)
      const { features } = await runners.text.run({ tokens, end: endMarks(tokens) })
      results.push(compareFloats('text_features', features, await golden.floats('text_features', 2)))
    }
    if (golden.io.has('image_features')) {
      const feeds = { image: await golden.floats('image', 4) }
      const outputs = await runners.image?.run(feeds)
      results.push(compareFloats('image_features', outputs?.features, await golden.floats('image_features', 2)))
    }
    return results
  })
}

/** Position of the largest id of each row, the first of equals: CLIP's end mark is its last id. */
function endMarks(tokens: Tensor): Tensor {
  const [rows = 0, length = 0] = tokens.shape
  const ids = ints(tokens)
  const ends = Array.from({ length: rows }, (_, row) => {
    const ofRow = ids.subarray(row * length, (row + 1) * length)
    return ofRow.indexOf(ofRow.reduce((a, b) => Math.max(a, b), 0))
  })
  return int32(Int32Array.from(ends), [rows])
}
