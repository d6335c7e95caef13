/**
 * The choice of a token from logits, inside onnxruntime, against the same in float64 by plain loops. Where a uniform lies
 * within rounding of a boundary either code is right.
 */
import { describe, expect, test } from 'vitest'
import * as op from '../../../src/engine/onnx/ops.ts'
import { choose, guide } from '../../../src/engine/sampler/choose.ts'
import type { SamplePlan } from '../../../src/engine/sampler/plan.ts'
import { symbol } from '../../../src/engine/tensor/shape.ts'
import { uniforms } from '../../../src/shared/base/philox.ts'
import { compute, entries, numbers, scalar } from '../../kit/graph.ts'

let drawn = 0
const draw = (count: number): Float32Array => uniforms(3, { purpose: 0, step: drawn++ }, count)
/** About normal: the sum of four uniforms, brought to mean 0 and variance 1. */
const normal = (count: number): Float32Array => {
  const u = draw(4 * count)
  const sum = (i: number): number => (u[i] ?? 0) + (u[i + 1] ?? 0) + (u[i + 2] ?? 0) + (u[i + 3] ?? 0)
  return Float32Array.from({ length: count }, (_, i) => (sum(4 * i) - 2) * Math.sqrt(3))
}

interface Case {
  readonly codes: number
  /** [rows, codes] */
  readonly logits: Float32Array
  /** A uniform a row, or with Gumbel-max one a row and code. */
  readonly noise: Float32Array
  readonly temperature?: number
  readonly keep?: Float32Array
  readonly draw?: SamplePlan['draw']
}

async function chosen({ codes, logits, noise, temperature = 1, keep, draw = 'inverse-cdf' }: Case) {
  const rows = logits.length / codes
  const unknown = [1, symbol('h'), symbol('w')]
  const { tokens, probability, entropy } = await compute(
    {
      logits: numbers(logits, [1, 1, rows, codes]),
      noise: numbers(noise, draw === 'gumbel-max' ? [1, 1, rows, codes] : [1, 1, rows]),
      keep: numbers(keep ?? logits.map(() => 1), [1, 1, rows, codes]),
      temperature: scalar(temperature),
    },
    ({ logits, noise, keep: mask, temperature }) => {
      const dropped = keep ? op.less(mask, 0.5) : undefined
      const { tokens, probability, entropy } = choose(logits, dropped, temperature, noise, draw)
      return { tokens, probability, entropy }
    },
    {
      logits: [...unknown, codes],
      keep: [...unknown, codes],
      noise: draw === 'gumbel-max' ? [...unknown, codes] : unknown,
    },
  )
  return { rows, tokens: entries(tokens), probability: entries(probability), entropy: entries(entropy) }
}

/** Probabilities of a row in float64. */
function softmax({ codes, logits, temperature = 1, keep }: Case, row: number): number[] {
  const z = Array.from(logits.subarray(row * codes, (row + 1) * codes), (x, i) =>
    keep?.[row * codes + i] === 0 ? Number.NEGATIVE_INFINITY : x / Math.max(temperature, 1e-10),
  )
  const peak = Math.max(...z)
  const powers = z.map((x) => Math.exp(x - peak))
  const total = powers.reduce((a, b) => a + b, 0)
  return powers.map((p) => p / total)
}

const entropyOf = (p: readonly number[]): number => -p.reduce((sum, x) => sum + (x > 0 ? x * Math.log(x) : 0), 0)

/** How far the uniform lies outside of the interval of the code, which is 0 for the right one. */
function missedBy(p: readonly number[], token: number, u: number): number {
  const from = p.slice(0, token).reduce((a, b) => a + b, 0)
  return Math.max(from - u, u - (from + (p[token] ?? 0)), 0)
}

describe('the inverse CDF', () => {
  test.each([
    [2, 1],
    [7, 1],
    [96, 0.7],
    [97, 1],
    [1024, 1.3],
    [1000, 0.05],
    [8192, 1],
  ])('of %i codes at temperature %d gives the code that a uniform falls on', async (codes, temperature) => {
    const rows = Math.min(500, Math.floor(130_000 / codes))
    const row: Case = { codes, temperature, logits: normal(rows * codes).map((x) => 3 * x), noise: draw(rows) }
    const result = await chosen(row)
    let exact = 0
    for (let i = 0; i < rows; i++) {
      const p = softmax(row, i)
      const token = result.tokens[i] ?? -1
      const missed = missedBy(p, token, row.noise[i] ?? 0)
      expect(missed).toBeLessThan(4e-6)
      if (missed === 0) exact++
      expect(Math.abs((result.probability[i] ?? 0) - (p[token] ?? 0))).toBeLessThan(2e-5)
      expect(Math.abs((result.entropy[i] ?? 0) - entropyOf(p))).toBeLessThan(2e-4)
    }
    expect(exact / rows).toBeGreaterThan(0.97)
  })

  test('covers every code: uniforms in the middle of each interval give 0, 1, 2, ...', async () => {
    for (const codes of [1, 6, 97, 256]) {
      const logits = new Float32Array(codes * codes)
      const noise = Float32Array.from({ length: codes }, (_, i) => (i + 0.5) / codes)
      const { tokens, probability, entropy } = await chosen({ codes, logits, noise })
      expect(tokens).toEqual([...tokens.keys()])
      for (const p of probability) expect(p).toBeCloseTo(1 / codes, 6)
      for (const h of entropy) expect(h).toBeCloseTo(Math.log(codes), 4)
    }
  })

  test.each([12, 96, 97, 1024])('of %i codes gives none of probability 0 at the ends of its range', async (codes) => {
    const rows = 100
    const shown = draw(rows * codes)
    const share = draw(rows)
    // Of each row a random share of the codes is possible, between one and all.
    const keep = Float32Array.from({ length: rows * codes }, (_, i) => {
      const row = Math.floor(i / codes)
      const only = Math.floor((share[row] ?? 0) * codes)
      return i % codes === only || (shown[i] ?? 0) < (share[row] ?? 0) ** 4 ? 1 : 0
    })
    for (const asFilter of [true, false]) {
      const logits = asFilter ? normal(rows * codes) : keep.map((possible) => (possible ? 0 : -1e4))
      for (const u of [0, 2 ** -24, 0.5, 1 - 2 ** -23, 1 - 2 ** -24]) {
        const noise = new Float32Array(rows).fill(u)
        const { tokens, probability } = await chosen({ codes, logits, noise, ...(asFilter && { keep }) })
        for (const [row, token] of tokens.entries()) {
          const possible = keep.subarray(row * codes, (row + 1) * codes)
          expect(possible[token]).toBe(1)
          expect(probability[row]).toBeGreaterThan(0)
          if (u === 0) expect(token).toBe(possible.indexOf(1))
          if (u > 0.9 && !asFilter) expect(token).toBe(possible.lastIndexOf(1))
        }
      }
    }
  })
})

describe('temperature', () => {
  test('of 0 takes the likeliest code, whatever the uniform', async () => {
    for (const codes of [96, 97, 1024]) {
      const rows = 60
      const logits = normal(rows * codes)
      const noise = Float32Array.from({ length: rows }, (_, i) => [0, 0.5, 1 - 2 ** -24][i % 3] ?? 0)
      const { tokens, probability, entropy } = await chosen({ codes, logits, noise, temperature: 0 })
      for (const [row, token] of tokens.entries()) {
        const own = logits.subarray(row * codes, (row + 1) * codes)
        expect(token).toBe(own.indexOf(Math.max(...own)))
      }
      expect(new Set(probability)).toEqual(new Set([1]))
      expect(new Set(entropy)).toEqual(new Set([0]))
    }
  })

  test('of 0 takes the likeliest code that the filter keeps', async () => {
    const keep = Float32Array.of(1, 0, 1, 1)
    const { tokens } = await chosen({
      codes: 4,
      logits: Float32Array.of(-5, 9, -7, -6),
      noise: Float32Array.of(0.9),
      keep,
      temperature: 0,
    })
    expect(tokens).toEqual([0])
  })
})

describe('the filter', () => {
  test('leaves a distribution of what is kept: its shares, its entropy', async () => {
    const rows = 300
    const keep = draw(rows * 96).map((u, i) => (u < 0.1 || i % 96 === 5 ? 1 : 0))
    const row: Case = { codes: 96, logits: normal(rows * 96), noise: draw(rows), temperature: 0.8, keep }
    const { tokens, probability, entropy } = await chosen(row)
    for (const [i, token] of tokens.entries()) {
      const p = softmax(row, i)
      expect(missedBy(p, token, row.noise[i] ?? 0)).toBeLessThan(4e-6)
      expect(probability[i]).toBeCloseTo(p[token] ?? 0, 5)
      expect(entropy[i]).toBeCloseTo(entropyOf(p), 4)
    }
  })
})

describe('Gumbel-max', () => {
  const gumbel = (u: number): number => -Math.log(-Math.log(u + 1e-20) + 1e-20)

  test('gives the largest of logits plus noise, with its probability without', async () => {
    const [rows, codes] = [400, 97]
    const noise = draw(rows * codes).map((u, i) => (i % 50 === 0 ? 0 : i % 51 === 0 ? 1 - 2 ** -24 : u))
    const row: Case = { codes, logits: normal(rows * codes), noise, temperature: 0.9, draw: 'gumbel-max' }
    const { tokens, probability } = await chosen(row)
    for (const [i, token] of tokens.entries()) {
      const sums = Array.from({ length: codes }, (_, k) => {
        const place = i * codes + k
        return (row.logits[place] ?? 0) / 0.9 + gumbel(noise[place] ?? 0)
      })
      expect(sums[token]).toBeGreaterThan(Math.max(...sums) - 1e-4)
      expect(probability[i]).toBeCloseTo(softmax(row, i)[token] ?? 0, 5)
    }
  })

  test('draws codes as often as they are likely', async () => {
    const [rows, codes] = [8000, 4]
    const shares = [0.1, 0.2, 0.3, 0.4]
    const logits = Float32Array.from({ length: rows * codes }, (_, i) => Math.log(shares[i % 4] ?? 0))
    const { tokens } = await chosen({ codes, logits, noise: draw(rows * codes), draw: 'gumbel-max' })
    shares.forEach((share, code) => {
      const found = tokens.filter((token) => token === code).length / rows
      // Five deviations.
      expect(Math.abs(found - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / rows))
    })
  })
})

describe('guidance', () => {
  const x = numbers([1, 2, 3, 5, 5, 5], [2, 3])
  const guided = async (scale: number, feed = x): Promise<number[]> => {
    const feeds = { x: feed, scale: scalar(scale) }
    const { y } = await compute(feeds, ({ x, scale }) => ({ y: guide(x, scale) }), { x: [symbol('n'), 3] })
    expect(y.shape).toEqual([1, 3])
    return entries(y)
  }

  test('goes from the unconditional through the conditional and on', async () => {
    expect(await guided(0)).toEqual([5, 5, 5])
    expect(await guided(1)).toEqual([1, 2, 3])
    expect(await guided(3)).toEqual([-7, -4, -1])
  })

  test('does nothing to a single pass', async () => {
    expect(await guided(4, numbers([1, 2, 3], [1, 3]))).toEqual([1, 2, 3])
  })
})
