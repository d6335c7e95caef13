/**
 * Golden of the prior: the noise that it finds in x, and what its two samplers make of x in so many steps as normal numbers were
 * drawn for one of them (the last step's are drawn and not used).
 */
import { prior, priorConfig } from '../models/prior.ts'
import { Graph } from '../onnx/graph.ts'
import type { Runner } from '../runtime/session.ts'
import { samplePrior } from '../sampler/prior-sampler.ts'
import { float32, floats, type Tensor } from '../tensor/tensor.ts'
import { type Comparison, compareFloats } from './compare.ts'
import type { Golden } from './golden.ts'
import { withRunners } from './runner.ts'

/** The guidance that goldens are made with: their configuration does not name it. */
const guidance = 3

export async function checkPrior(golden: Golden): Promise<Comparison[]> {
  const graphs = { prior: new Graph() }
  prior(graphs.prior, priorConfig(golden.weights))
  return withRunners(golden, graphs, [], async (runners) => {
    const text = await golden.floats('c', 2)
    const feeds = { x: await golden.floats('x', 2), time: await golden.floats('r', 1), text }
    const { noise } = await runners.prior.run(feeds)
    const results = [compareFloats('noise', noise, await golden.floats('noise', 2))]
    if (golden.io.has('ddpm.normals')) results.push(...(await checkSamplers(golden, runners.prior, feeds)))
    return results
  })
}

async function checkSamplers(
  golden: Golden,
  session: Runner,
  { x, text }: { readonly x: Tensor; readonly text: Tensor },
): Promise<Comparison[]> {
  const results: Comparison[] = []
  const normals = await golden.floats('ddpm.normals', 3)
  const [steps = 0, items = 0, width = 0] = normals.shape
  for (const method of ['ddpm', 'ddim'] as const) {
    if (!golden.io.has(method)) continue
    const ours = new Float32Array(items * width)
    for (let item = 0; item < items; item++) {
      const own = (batch: Tensor, row = item) => floats(batch).slice(row * width, (row + 1) * width)
      const drawn = (index: number) => (index === 0 ? own(x) : own(normals, (index - 1) * items + item))
      ours.set(await samplePrior(session, own(text), { steps, guidance, method }, drawn), item * width)
    }
    results.push(compareFloats(method, float32(ours, [items, width]), await golden.floats(method, 2)))
  }
  return results
}
