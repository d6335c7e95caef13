/** Golden of the Gumbel VQGAN (f8): a picture's tokens, and the picture that those tokens decode to. */
import { vqganConfig, vqganDecoder, vqganEncoder } from '../models/vqgan-f8.ts'
import { Graph } from '../onnx/graph.ts'
import { type Comparison, compareFloats, compareInts } from './compare.ts'
import type { Golden } from './golden.ts'
import { withRunners } from './runner.ts'

export async function checkVqgan(golden: Golden): Promise<Comparison[]> {
  const cfg = vqganConfig(golden.weights)
  const graphs = { encode: new Graph(), decode: new Graph() }
  vqganEncoder(graphs.encode, cfg)
  vqganDecoder(graphs.decode, cfg)
  return withRunners(golden, graphs, [], async ({ encode, decode }) => {
    const tokens = await golden.ints('indices', 3)
    const encoded = await encode.run({ image: await golden.floats('image', 4) })
    const decoded = await decode.run({ tokens })
    return [
      compareInts('indices', encoded.tokens, tokens),
      compareFloats('decoded', decoded.image, await golden.floats('decoded', 4)),
    ]
  })
}
