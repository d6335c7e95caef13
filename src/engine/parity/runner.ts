/** Sessions on a golden's weights: on the CPU, in float32. */
import { bindWeights } from '../checkpoint/bind.ts'
import type { StoredWeight } from '../checkpoint/stored-tensor.ts'
import type { Graph } from '../onnx/graph.ts'
import { createRunner, type Runner } from '../runtime/session.ts'
import type { Golden } from './golden.ts'

/**
 * Runs `body` with a session for each graph and closes them after it. All graphs together must use all of the weights.
 * @param unused keys that no graph needs, by their last part
 */
export async function withRunners<Names extends string, T>(
  golden: Golden,
  graphs: Readonly<Record<Names, Graph>>,
  unused: readonly string[],
  body: (runners: Readonly<Record<Names, Runner>>) => Promise<T>,
): Promise<T> {
  const weights = bindWeights(golden.name, Object.values(graphs), golden.weights, unused)
  return withBoundRunners(golden, graphs, weights, body)
}

/** For graphs without weights. */
export const withBareRunner = <T>(golden: Golden, graph: Graph, body: (runner: Runner) => Promise<T>): Promise<T> =>
  withBoundRunners(golden, { graph }, new Map(), (runners) => body(runners.graph))

async function withBoundRunners<Names extends string, T>(
  golden: Golden,
  graphs: Readonly<Record<Names, Graph>>,
  weights: ReadonlyMap<string, StoredWeight>,
  body: (runners: Readonly<Record<Names, Runner>>) => Promise<T>,
): Promise<T> {
  const runners: Partial<Record<Names, Runner>> = {}
  try {
    for (const name of Object.keys(graphs) as Names[])
      runners[name] = await createRunner(graphs[name], { device: 'cpu', folder: golden.weightsFolder, weights })
    return await body(runners as Record<Names, Runner>)
  } finally {
    for (const runner of Object.values<Runner | undefined>(runners)) await runner?.close()
  }
}
