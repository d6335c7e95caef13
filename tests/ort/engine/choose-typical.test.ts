/** The typical filter against the same in float64 by plain loops: which codes are kept, at the ends of its settings too. */
import { describe, expect, test } from 'vitest'
import * as op from '../../../src/engine/onnx/ops.ts'
import { untypical } from '../../../src/engine/sampler/choose.ts'
import { symbol } from '../../../src/engine/tensor/shape.ts'
import { uniforms } from '../../../src/shared/base/philox.ts'
import { compute, entries, numbers, scalar } from '../../kit/graph.ts'

/** @param minTokens 0 = of no count */
async function kept(logits: Float32Array, codes: number, mass: number, minTokens = 1): Promise<number[][]> {
  const rows = logits.length / codes
  const { dropped } = await compute(
    { logits: numbers(logits, [1, 1, rows, codes]), mass: scalar(mass), minTokens: scalar(minTokens) },
    ({ logits, mass, minTokens: least }) => ({
      dropped: op.cast(untypical(logits, mass, minTokens === 0 ? undefined : least), 'int32'),
    }),
    { logits: [1, symbol('h'), symbol('w'), codes] },
  )
  const flags = entries(dropped).map((flag) => 1 - flag)
  return Array.from({ length: rows }, (_, row) => flags.slice(row * codes, (row + 1) * codes))
}

interface Ranked {
  readonly distance: readonly number[]
  readonly probability: readonly number[]
  /** Codes, the nearest to the entropy first. */
  readonly order: readonly number[]
}

function ranked(row: readonly number[]): Ranked {
  const peak = Math.max(...row)
  const logZ = peak + Math.log(row.reduce((sum, x) => sum + Math.exp(x - peak), 0))
  const probability = row.map((x) => Math.exp(x - logZ))
  const entropy = row.reduce((sum, x, k) => sum + (probability[k] ?? 0) * (logZ - x), 0)
  const distance = row.map((x) => Math.abs(logZ - x - entropy))
  return { distance, probability, order: [...row.keys()].sort((a, b) => (distance[a] ?? 0) - (distance[b] ?? 0)) }
}

/** How many of the nearest codes are kept; undefined where only rounding could say. */
function prefix({ distance, probability, order }: Ranked, mass: number, minTokens: number): number | undefined {
  let reached = 0
  let count = 0
  for (const code of order) {
    if (Math.abs(reached - mass) < 1e-5 && reached > 0) return undefined
    if (reached >= mass && count >= minTokens) break
    reached += probability[code] ?? 0
    count += 1
  }
  const gap = (distance[order[count] ?? -1] ?? 9) - (distance[order[count - 1] ?? -1] ?? 0)
  return gap < 1e-5 ? undefined : count
}

const logits = (rows: number, codes: number, spread: number): Float32Array =>
  uniforms(4, { purpose: codes, step: rows }, rows * codes).map((u) => spread * Math.log(u + 1e-3))

describe('the typical filter', () => {
  test.each([
    [96, 0.2, 0],
    [96, 0.2, 1],
    [96, 0.2, 5],
    [96, 0.95, 1],
    [97, 0.5, 40],
    [1024, 0.2, 0],
    [1024, 0.2, 1],
    [1024, 0.95, 0],
    [1024, 0.7, 3],
  ])('of %i codes keeps the most typical up to mass %d, and at least %i', async (codes, mass, minTokens) => {
    const rows = 100
    const all = logits(rows, codes, 1.5)
    const keeps = await kept(all, codes, mass, minTokens)
    let decided = 0
    keeps.forEach((keep, i) => {
      const row = ranked([...all.subarray(i * codes, (i + 1) * codes)])
      const count = prefix(row, mass, minTokens)
      if (count === undefined) return
      decided += 1
      const expected = new Set(row.order.slice(0, count))
      expect(keep.flatMap((flag, code) => (flag ? [code] : []))).toEqual([...expected].sort((a, b) => a - b))
      expect(count).toBeGreaterThanOrEqual(minTokens)
    })
    expect(decided).toBeGreaterThan(rows * 0.8)
  })

  test('of mass 0 keeps as many as it must: the most typical ones', async () => {
    const all = logits(50, 96, 2)
    for (const minTokens of [1, 4]) {
      const keeps = await kept(all, 96, 0, minTokens)
      keeps.forEach((keep, i) => {
        const { order } = ranked([...all.subarray(i * 96, (i + 1) * 96)])
        expect(keep.filter((flag) => flag)).toHaveLength(minTokens)
        for (const code of order.slice(0, minTokens)) expect(keep[code]).toBe(1)
      })
    }
  })

  test.each([0, 1])('of mass 1, and %i codes at least, drops no code that is likelier than rounding', async (least) => {
    const all = logits(50, 1024, 3)
    const keeps = await kept(all, 1024, 1, least)
    keeps.forEach((keep, i) => {
      const { probability } = ranked([...all.subarray(i * 1024, (i + 1) * 1024)])
      const dropped = probability.reduce((sum, p, code) => sum + (keep[code] ? 0 : p), 0)
      expect(dropped).toBeLessThan(1e-4)
    })
    expect(await kept(Float32Array.of(0, 1, 2, 3), 4, 1, least)).toEqual([[1, 1, 1, 1]])
  })

  test('of more codes than there are keeps them all', async () => {
    expect(await kept(Float32Array.of(0, 1, 2, 9), 4, 0, 8192)).toEqual([[1, 1, 1, 1]])
  })

  test('keeps codes that are equally typical together', async () => {
    for (const least of [0, 1]) expect(await kept(new Float32Array(6), 6, 0.2, least)).toEqual([[1, 1, 1, 1, 1, 1]])
  })

  test('may drop the likeliest code, as it is not about likelihood', async () => {
    // Half of the mass on one code, half on 512: entropy (log 2 + log 1024) / 2, far from both.
    const row = Float32Array.from({ length: 513 }, (_, i) => (i === 0 ? Math.log(512) + 0.01 : 0))
    const [keep] = await kept(row, 513, 0.2)
    const { order } = ranked([...row])
    expect(order[0]).toBe(0)
    expect(keep?.filter((flag) => flag)).toHaveLength(1)
    const other = Float32Array.from(row, (x, i) => (i === 0 ? x - 0.02 : x))
    const [rest] = await kept(other, 513, 0.2)
    expect([rest?.[0], rest?.[1], rest?.[512]]).toEqual([0, 1, 1])
  })
})
