/**
 * Golden of the typical filter alone: `typical.keep.mass<M>.min<N>` [rows, K] is 1 where the filter of mass M, with at least N
 * codes, keeps a code of `typical.logits`.
 */
import { Graph } from '../onnx/graph.ts'
import * as op from '../onnx/ops.ts'
import { untypical } from '../sampler/choose.ts'
import { symbol } from '../tensor/shape.ts'
import { float32, floats, type Tensor } from '../tensor/tensor.ts'
import { type Comparison, compareInts } from './compare.ts'
import type { Golden } from './golden.ts'
import { withBareRunner } from './runner.ts'

export async function checkTypicalFilter(golden: Golden): Promise<Comparison[]> {
  const logits = await golden.floats('typical.logits', 2)
  const codes = logits.shape[1] ?? 0
  const graph = new Graph()
  const rows = graph.input('logits', 'float32', [symbol('n'), codes])
  const dropped = untypical(rows, graph.input('mass', 'float32', []), graph.input('minTokens', 'float32', []))
  graph.output('keep', op.cast(op.sub(1, op.cast(dropped, 'float32')), 'int32'))
  return withBareRunner(golden, graph, async (runner) => {
    const results: Comparison[] = []
    for (const key of golden.io.keys()) {
      const [, mass, minTokens] = /^typical\.keep\.mass([\d.]+)\.min(\d+)$/.exec(key) ?? []
      if (mass === undefined || minTokens === undefined) continue
      const ours = await runner.run({ logits, mass: scalar(Number(mass)), minTokens: scalar(Number(minTokens)) })
      const undecided = undecidedCodes(floats(logits), codes, Number(mass))
      results.push(compareInts(key, ours.keep, await golden.ints(key, 2), (index) => undecided.has(index)))
    }
    return results
  })
}

const scalar = (value: number): Tensor => float32(Float32Array.of(value), [])

/**
 * Places of the codes for which it is rounding that decides: a code is kept where the probability of those before it is below
 * the mass, and the roundings of a running float32 sum of K numbers add up to some √K units in the last place. At mass 1 that
 * is the tail's tail.
 */
function undecidedCodes(logits: Float32Array, codes: number, mass: number): Set<number> {
  const undecided = new Set<number>()
  const uncertainty = 2 * Math.sqrt(codes) * 2 ** -24
  for (let start = 0; start < logits.length; start += codes) {
    const row = Array.from(logits.subarray(start, start + codes))
    const peak = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    const logSum = peak + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - peak), 0))
    const surprise = row.map((logit) => logSum - logit)
    const entropy = surprise.reduce((sum, s) => sum + s * Math.exp(-s), 0)
    const distance = surprise.map((s) => Math.abs(s - entropy))
    const order = Array.from(row.keys()).sort((a, b) => (distance[a] ?? 0) - (distance[b] ?? 0))
    let before = 0
    for (const code of order) {
      if (Math.abs(before - mass) < uncertainty) undecided.add(start + code)
      before += Math.exp(-(surprise[code] ?? 0))
    }
  }
  return undecided
}
