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
  slack: (index: number) => number = () => 0,
): Comparison {
  if (!ours || !sameShape(ours.shape, theirs.shape)) return unlike(what, ours, theirs)
  const [a, b] = [floats(ours), floats(theirs)]
  let difference = 0
  let largest = 0
  for (let i = 0; i < b.length; i++) {
    // Math.max hands a NaN on, and a NaN is within no tolerance.
    difference = Math.max(difference, Math.abs((a[i] ?? 0) - (b[i] ?? 0)) - slack(i))
    largest = Math.max(largest, Math.abs(b[i] ?? 0))
  }
  const error = difference === 0 ? 0 : difference / largest
  return { line: `${what} ${error.toExponential(1)}`, passed: error <= tolerance, error }
}

export function compareInts(what: string, ours: Tensor | undefined, theirs: Tensor): Comparison {
  if (!ours || !sameShape(ours.shape, theirs.shape)) return unlike(what, ours, theirs)
  const [a, b] = [ints(ours), ints(theirs)]
  const differing = b.reduce((count, value, i) => count + (value === a[i] ? 0 : 1), 0)
  if (differing === 0) return { line: `${what} equal`, passed: true, error: 0 }
  return { line: `${what} ${differing} of ${b.length} differ`, passed: false, error: differing / b.length }
}

function unlike(what: string, ours: Tensor | undefined, theirs: Tensor): Comparison {
  const got = ours ? formatShape(ours.shape) : 'nothing'
  return { line: `${what} is ${got}, not ${formatShape(theirs.shape)}`, passed: false, error: Infinity }
}
