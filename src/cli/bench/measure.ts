/** Times of repeated runs, as a benchmark reports them. */

export interface Timing {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly runs: number
}

/** Seconds, to 0.1 ms. */
export const seconds = (milliseconds: number): number => Math.round(milliseconds * 10) / 10_000

/** @param milliseconds one entry a run; seconds come back */
export function timing(milliseconds: readonly number[]): Timing {
  const sorted = [...milliseconds].sort((a, b) => a - b)
  const at = (index: number): number => seconds(sorted[index] ?? 0)
  return {
    median: at(Math.floor(sorted.length / 2)),
    min: at(0),
    max: at(sorted.length - 1),
    runs: sorted.length,
  }
}

export async function timed<T>(body: () => Promise<T>): Promise<{ result: T; milliseconds: number }> {
  const start = performance.now()
  const result = await body()
  return { result, milliseconds: performance.now() - start }
}

/** The most memory this process ever held, in MB. */
export const peakMemory = (): number => Math.round(process.resourceUsage().maxRSS / 1024)

/** What this process holds now, in MB. */
export const residentMemory = (): number => Math.round(process.memoryUsage.rss() / 2 ** 20)
