/** Ours against theirs, one line each: numbers within a share of the largest, integers equal. */
import { formatShape, sameShape } from '../tensor/shape.ts'
import { floats, ints, type Tensor } from '../tensor/tensor.ts'

export interface Comparison {
  readonly line: string
  readonly passed: boolean
  /** Numbers: largest difference / largest value of theirs. Integers: share that differs. Infinity: shapes differ. */
  readonly error: number
}

/** Largest error of numbers allowed: what summing float32 in another order may cost. */
export const tolerance = 1e-4

/** @param slack what is let pass at each index: what no two implementations agree on */
export function compareFloats(
  what: string,
  ours: Tensor | undefined,
  theirs: Tensor,
  slack?: (index: number) => number,
): Comparison {
  if (!ours || !sameShape(ours.shape, theirs.shape)) return unlike(what, ours, theirs)
  const [a, b] = [floats(ours), floats(theirs)]
  let difference = 0
  let largest = 0
  for (let i = 0; i < b.length; i++) {
    // Math.max hands a NaN on, and a NaN is within no tolerance.
    difference = Math.max(difference, Math.abs((a[i] ?? 0) - (b[i] ?? 0)) - (slack?.(i) ?? 0))
    largest = Math.max(largest, Math.abs(b[i] ?? 0))
  }
  const error = difference === 0 ? 0 : difference / largest
  const line = `${what} ${error.toExponential(1)}${slack ? ' beyond rounding' : ''}`
  return { line, passed: error <= tolerance, error }
}

/** @param undecided true for an index that two right implementations may differ at */
export function compareInts(
  what: string,
  ours: Tensor | undefined,
  theirs: Tensor,
  undecided: (index: number) => boolean = () => false,
): Comparison {
  if (!ours || !sameShape(ours.shape, theirs.shape)) return unlike(what, ours, theirs)
  const [a, b] = [ints(ours), ints(theirs)]
  const differing = [...b.keys()].filter((index) => a[index] !== b[index])
  const wrong = differing.filter((index) => !undecided(index)).length
  if (wrong > 0) return { line: `${what} ${wrong} of ${b.length} differ`, passed: false, error: wrong / b.length }
  const close = differing.length === 0 ? '' : ` but for ${differing.length} that rounding decides`
  return { line: `${what} equal${close}`, passed: true, error: 0 }
}

function unlike(what: string, ours: Tensor | undefined, theirs: Tensor): Comparison {
  const got = ours ? formatShape(ours.shape) : 'nothing'
  return { line: `${what} is ${got}, not ${formatShape(theirs.shape)}`, passed: false, error: Infinity }
}
