/** Golden of VQModel (f4): a picture's latents and tokens, and the picture that those tokens decode to. */
import { decoder, encoder, vqModelConfig, vqModelUnused } from '../models/vq-model.ts'
import { Graph } from '../onnx/graph.ts'
import { type Comparison, compareFloats, compareInts } from './compare.ts'
import type { Golden } from './golden.ts'
import { withRunners } from './runner.ts'

export async function checkVQModel(golden: Golden): Promise<Comparison[]> {
  const cfg = vqModelConfig(golden.weights)
  const graphs = { encode: new Graph(), decode: new Graph() }
  encoder(graphs.encode, cfg)
  decoder(graphs.decode, cfg)
  return withRunners(golden, graphs, vqModelUnused, async ({ encode, decode }) => {
    const tokens = await golden.ints('indices', 3)
    const encoded = await encode.run({ image: await golden.floats('image', 4) })
    const decoded = await decode.run({ tokens })
    return [
      compareFloats('latents', encoded.latents, await golden.floats('latents', 4)),
      compareInts('indices', encoded.tokens, tokens),
      compareFloats('decoded', decoded.image, await golden.floats('decoded', 4)),
    ]
  })
}
