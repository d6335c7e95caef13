/**
 * Opens and runs every graph of both releases on WebGPU, which is not to leave a node to the CPU, and on the CPU. Prints a line of
 * JSON for each. Its arguments are the store, and what the names of the graphs must match.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import ort from 'onnxruntime-node'
import { encodeModel } from '../../src/engine/onnx/serialize.ts'
import { createRunner } from '../../src/engine/runtime/session.ts'
import { floats, ints, type Tensor } from '../../src/engine/tensor/tensor.ts'
import { type ReleaseGraph, releaseGraphs, someFeeds } from '../kit/release-graphs.ts'

export interface GraphTold {
  readonly name: string
  /** Nodes on the CPU, and operators they are of. */
  readonly left: readonly string[]
  /** Largest difference of floats between the devices, and the share of integers that differ. */
  readonly difference: number
  readonly other: number
}

const [, , store = '', matching = ''] = process.argv

for (const one of await releaseGraphs(store))
  if (one.name.match(matching)) process.stdout.write(`${JSON.stringify(await told(one))}\n`)

async function told(one: ReleaseGraph): Promise<GraphTold> {
  const { name, graph, weights, folder } = one
  const feeds = someFeeds(graph)
  const refusal = await open(one, { disable_cpu_ep_fallback: '1' }).then(
    (session) => session.release(),
    (error: unknown) => error,
  )
  const [there, here] = [await results('webgpu'), await results('cpu')]
  let [difference, other] = [0, 0]
  for (const { name, dtype } of graph.outputs) {
    if (dtype === 'float32') difference = Math.max(difference, largestDifference(there[name], here[name]))
    else other = Math.max(other, shareOfOthers(ints(there[name]), ints(here[name])))
  }
  return { name, left: refusal ? await leftToCpu(one, feeds) : [], difference, other }

  async function results(device: string) {
    const runner = await createRunner(graph, { device, folder, weights })
    const found = await runner.run(feeds)
    await runner.close()
    return found
  }
}

function open({ graph, weights, folder }: ReleaseGraph, settings: object, options: object = {}) {
  const extra = { session: { model_external_initializers_file_folder_path: folder, ...settings } }
  const model = encodeModel(graph, weights)
  return ort.InferenceSession.create(model, { executionProviders: ['webgpu'], logSeverityLevel: 4, extra, ...options })
}

/** The refusal names nobody; the profile of a run that was not refused does. */
async function leftToCpu(one: ReleaseGraph, feeds: Readonly<Record<string, Tensor>>): Promise<readonly string[]> {
  const session = await open(one, {}, { enableProfiling: true, profileFilePrefix: 'profile' })
  const made = one.graph.hostInputs.map(({ value, make }) => [value.name, make(feeds)] as const)
  await session.run(
    Object.fromEntries(
      [...Object.entries(feeds), ...made].map(([name, { dtype, data, shape }]) => [
        name,
        new ort.Tensor(dtype, data as Float32Array, [...shape]),
      ]),
    ),
  )
  session.endProfiling()
  await session.release()
  const file = readdirSync('.').find((name) => name.startsWith('profile')) ?? ''
  const events = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly name: string
    readonly args?: { readonly provider?: string; readonly op_name?: string }
  }[]
  rmSync(file)
  return events
    .filter(({ args }) => args?.provider === 'CPUExecutionProvider')
    .map(({ name, args }) => `${args?.op_name} ${name.replace(/_kernel_time$/, '')}`)
}

function largestDifference(a: Tensor | undefined, b: Tensor | undefined): number {
  const theirs = floats(b)
  // Of a random batch norm both may say that it is no number.
  const apart = (x: number, y = Number.NaN): number => (Object.is(x, y) ? 0 : Math.abs(x - y))
  return floats(a).reduce((most, x, i) => Math.max(most, apart(x, theirs[i])), 0)
}

function shareOfOthers(a: Int32Array, b: Int32Array): number {
  return a.filter((x, i) => x !== b[i]).length / a.length
}
