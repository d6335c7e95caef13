/**
 * Golden of ByT5's encoder: `hidden.I` of `ids.I`, which are the bytes of the I-th text of the configuration, and of all of them
 * as a batch, padded and not masked.
 */
import { z } from 'zod'
import { byT5Config, byT5Encoder, byT5Unused } from '../models/byt5.ts'
import { byT5Tokens } from '../models/byt5-tokenizer.ts'
import { Graph } from '../onnx/graph.ts'
import { int32 } from '../tensor/tensor.ts'
import { type Comparison, compareFloats, compareInts } from './compare.ts'
import { type Golden, parseHead } from './golden.ts'
import { withRunners } from './runner.ts'

const headSchema = z.looseObject({
  config: z.looseObject({
    texts: z.array(z.string()).default([]),
    relative_attention_max_distance: z.int().min(1).optional(),
  }),
})

/** Inputs and outputs of io whose keys differ by more than a number. */
const batch = { ids: 'batch.ids', hidden: 'batch.hidden_no_attention_mask' }

export async function checkByT5(golden: Golden): Promise<Comparison[]> {
  const { config } = parseHead(golden, headSchema)
  const cfg = byT5Config(golden.weights, { maxDistance: config.relative_attention_max_distance })
  const graphs = { encode: new Graph() }
  byT5Encoder(graphs.encode, cfg)
  return withRunners(golden, graphs, byT5Unused, async ({ encode }) => {
    const results: Comparison[] = []
    for (const [index, text] of config.texts.entries()) {
      const { tokens } = byT5Tokens(text)
      const theirs = await golden.ints(`ids.${index}`, 2)
      results.push(compareInts(`ids.${index}`, int32(tokens, [1, tokens.length]), theirs))
    }
    const cases = [...golden.io.keys()].filter((key) => key.startsWith('hidden.'))
    for (const hidden of [...cases, ...(golden.io.has(batch.hidden) ? [batch.hidden] : [])]) {
      const ids = hidden === batch.hidden ? batch.ids : hidden.replace('hidden', 'ids')
      const { features } = await encode.run({ tokens: await golden.ints(ids, 2) })
      results.push(compareFloats(hidden, features, await golden.floats(hidden, 3)))
    }
    return results
  })
}
