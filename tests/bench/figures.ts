/** Numbers made short: medians and the ends of many. */

export interface Spread {
  readonly count: number
  readonly median: number
  readonly p95: number
  readonly max: number
}

export function spread(values: readonly number[]): Spread | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => rounded(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)
  return { count: values.length, median: at(0.5), p95: at(0.95), max: at(1) }
}

export const median = (values: readonly number[]): number | null => spread(values)?.median ?? null

export const rounded = (value: number): number => Math.round(value * 10) / 10
