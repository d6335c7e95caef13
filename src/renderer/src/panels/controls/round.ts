/** Numbers on a grid, free of the noise of binary fractions. */

/** The multiple of `step` that is nearest: roundTo(0.30000000000000004, 0.1) is 0.3. */
export function roundTo(value: number, step: number): number {
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))
  return Number((Math.round(value / step) * step).toFixed(digits))
}
