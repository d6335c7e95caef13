/**
 * From logits to one token a cell, inside the graph: guidance, typical filter, temperature, the draw itself, and how sure the
 * network was. Nothing of size h·w·K leaves the graph.
 */
import { assert } from '../../shared/base/assert.ts'
import type { Value } from '../onnx/graph.ts'
import * as op from '../onnx/ops.ts'
import { known } from '../tensor/shape.ts'
import type { SamplePlan } from './plan.ts'

/** Added to a filtered code's logit, which is then far below all others, yet finite, as 0 · infinity is not a number. */
const never = -1e30
/** Just below 1: keeps a cumulative sum's target inside the sum, whatever rounding does. */
const almost = 1 - 2 ** -22

/** x [2, ...], conditional then unconditional (or [1, ...] alone) -> lerp(unconditional, conditional, scale) [1, ...] */
export function guide(x: Value, scale: Value): Value {
  const conditional = op.firstOf(x)
  const unconditional = op.lastOf(x)
  return op.add(unconditional, op.mul(scale, op.sub(conditional, unconditional)))
}

/** Of the range in which a cell's radius is looked for: 2^-22 of it is less than what float32 tells apart there. */
const halvings = 22

/**
 * Typical filter (Meister et al., arXiv 2202.00666, as the authors use it): kept are codes in the order of how far their surprise
 * lies from the entropy; the shortest such prefix whose probability reaches `mass`, and at least `minTokens`, with all that are as
 * far as its last.
 * @param minTokens undefined = one, for a mass above 0
 * @returns which are dropped, bool [..., K]
 */
export function untypical(logits: Value, mass: Value, minTokens: Value | undefined): Value {
  const surprise = op.neg(op.logSoftmax(logits))
  const probability = op.exp(op.neg(surprise))
  const entropy = op.reduceSum(op.mul(probability, surprise), -1)
  const distance = op.abs(op.sub(surprise, entropy))
  return op.greater(distance, radius(distance, probability, mass, minTokens))
}

/**
 * How far the last code of the prefix lies, [..., 1]. What lies within a radius only grows with it, so its range is halved again and
 * again: what a sort would find, in a third of the time.
 */
function radius(distance: Value, probability: Value, mass: Value, minTokens: Value | undefined): Value {
  const farthest = op.reduceMax(distance, -1)
  // Markov's inequality: at most mean / radius of the probability lies beyond. Of the number of codes it says nothing.
  const mean = op.reduceSum(op.mul(probability, distance), -1)
  const reach = op.div(op.mul(mean, 1.01), op.max(op.sub(1, mass), 1e-10))
  let high = minTokens ? farthest : op.min(farthest, reach)
  let low = op.mul(high, 0)
  for (let i = 0; i < halvings; i++) {
    const middle = op.mul(op.add(low, high), 0.5)
    const within = op.cast(op.lessOrEqual(distance, middle), 'float32')
    const surplus = op.sub(op.reduceSum(op.mul(within, probability), -1), mass)
    const more = minTokens && op.sub(op.reduceSum(within, -1), minTokens)
    const isEnough = op.lessOrEqual(0, more ? op.min(surplus, more) : surplus)
    high = op.where(isEnough, middle, high)
    low = op.where(isEnough, low, middle)
  }
  return high
}

export interface Choice {
  /** int32 [1, h, w] */
  readonly tokens: Value
  /** float32 [1, h, w]: of the chosen token, under the distribution it was drawn from. */
  readonly probability: Value
  /** float32 [1, h, w], nats, of that distribution. */
  readonly entropy: Value
}

/**
 * @param logits [1, h, w, K]
 * @param noise uniforms: [1, h, w] for the inverse CDF, [1, h, w, K] for Gumbel-max
 */
export function choose(
  logits: Value,
  dropped: Value | undefined,
  temperature: Value,
  noise: Value,
  draw: SamplePlan['draw'],
): Choice {
  const scaled = op.div(logits, op.max(temperature, 1e-10))
  // In place of a `where`, which has one thread on the CPU.
  const filtered = dropped ? op.add(scaled, op.mul(op.cast(dropped, 'float32'), never)) : scaled
  const probabilities = op.softmax(filtered)
  // H = -Σ p log p = log Z - Σ p z, with log Z from the largest entry: one pass less than taking logarithms.
  const peak = op.reduceMax(filtered, -1, false)
  const logZ = op.sub(peak, op.log(op.reduceMax(probabilities, -1, false)))
  const entropy = op.max(op.sub(logZ, op.reduceSum(op.mul(probabilities, filtered), -1, false)), 0)
  const { tokens, probability } =
    draw === 'gumbel-max' ? gumbelMax(filtered, probabilities, noise) : inverseCdf(probabilities, noise)
  return { tokens: op.dropLast(tokens), probability: op.dropLast(probability), entropy }
}

/** argmax(z + g), g = -log(-log(u + 1e-20) + 1e-20) */
function gumbelMax(logits: Value, probabilities: Value, uniforms: Value) {
  const gumbel = op.neg(op.log(op.add(op.neg(op.log(op.add(uniforms, 1e-20))), 1e-20)))
  const code = op.argMax(op.add(logits, gumbel))
  return { tokens: op.narrow(code, known(logits.shape.at(-1))), probability: op.gatherLast(probabilities, code) }
}

/**
 * The first code whose cumulative probability exceeds u. In two levels, so that the long sum is a plain reduction: first the
 * block of codes in which it happens, then the code in that block.
 */
function inverseCdf(probabilities: Value, uniforms: Value) {
  const codes = known(probabilities.shape.at(-1))
  const size = blockSize(codes)
  const blocks = op.splitLast(probabilities, size) // [1, h, w, codes/size, size]
  const sums = op.reduceSum(blocks, -1, false)
  const block = firstAbove(sums, op.addLast(uniforms), true)
  const inside = op.pick(blocks, op.cast(block.index, 'int64')) // [1, h, w, size]
  const code = firstAbove(inside, block.rest, false)
  const tokens = op.cast(op.add(op.mul(block.index, size), code.index), 'int32')
  return { tokens, probability: op.gatherLast(inside, op.cast(code.index, 'int64')) }
}

/** Index [..., 1] (float32) of the first entry whose cumulative sum exceeds the target, and what is left of the target there. */
function firstAbove(weights: Value, target: Value, relative: boolean): { index: Value; rest: Value } {
  const sums = op.cumSum(weights, -1)
  const count = known(weights.shape.at(-1))
  const total = op.slice(sums, -1, count - 1, count)
  const aim = op.min(relative ? op.mul(target, total) : target, op.mul(total, almost))
  const passed = op.lessOrEqual(sums, aim)
  const index = op.reduceSum(op.cast(passed, 'float32'), -1)
  const before = op.reduceSum(op.where(passed, weights, 0), -1)
  return { index, rest: op.max(op.sub(aim, before), 0) }
}

/** The divisor of `codes` nearest below its square root: both levels then cost about the same. */
function blockSize(codes: number): number {
  for (let size = Math.floor(Math.sqrt(codes)); size > 1; size--) if (codes % size === 0) return codes / size
  assert(codes > 0, 'no codes')
  return codes
}
