/** Sessions on a golden's weights, in float32. */
import { bindWeights } from '../checkpoint/bind.ts'
import type { StoredWeight } from '../checkpoint/stored-tensor.ts'
import type { Graph } from '../onnx/graph.ts'
import { createRunner, type Runner } from '../runtime/session.ts'
import type { Golden } from './golden.ts'

type Graphs = Readonly<Record<string, Graph>>
/** A session for each graph, by the same names. */
type Runners<G extends Graphs> = { readonly [Name in keyof G]: Runner }

/**
 * Runs `body` with a session for each graph and closes them after it. All graphs together must use all of the weights.
 * @param unused keys that no graph needs, by their last part
 */
export async function withRunners<G extends Graphs, T>(
  golden: Golden,
  graphs: G,
  unused: readonly string[],
  body: (runners: Runners<G>) => Promise<T>,
): Promise<T> {
  const weights = bindWeights(golden.name, Object.values(graphs), golden.weights, unused)
  return withBoundRunners(golden, graphs, weights, body)
}

/** For graphs without weights. */
export const withBareRunner = <T>(golden: Golden, graph: Graph, body: (runner: Runner) => Promise<T>): Promise<T> =>
  withBoundRunners(golden, { graph }, new Map(), (runners) => body(runners.graph))

async function withBoundRunners<G extends Graphs, T>(
  golden: Golden,
  graphs: G,
  weights: ReadonlyMap<string, StoredWeight>,
  body: (runners: Runners<G>) => Promise<T>,
): Promise<T> {
  const runners: Record<string, Runner> = {}
  try {
    for (const [name, graph] of Object.entries(graphs))
      runners[name] = await createRunner(graph, { device: golden.device, folder: golden.weightsFolder, weights })
    return await body(runners as Runners<G>)
  } finally {
    for (const runner of Object.values(runners)) await runner.close()
  }
}
