/** How long the queue will take, by the pictures of late: milliseconds for each px and step, whatever picture comes next. */
import type { StoredJob } from './job-store.ts'

/** Pictures that count: a machine that gets warm, or is used for other things, tells the truth of the last minutes. */
const remembered = 8

interface Sample {
  readonly milliseconds: number
  readonly px: number
  readonly steps: number
}

export class Estimate {
  readonly #samples: Sample[] = []

  /** A picture was made. */
  add(sample: Sample): void {
    if (sample.px * sample.steps === 0) return
    this.#samples.push(sample)
    if (this.#samples.length > remembered) this.#samples.shift()
  }

  /** @param share of the running job that is done; null for none of it. Null is unknown. */
  secondsLeft(jobs: readonly StoredJob[], share: number | null): number | null {
    const last = this.#samples.at(-1)
    if (last === undefined) return null
    const time = this.#samples.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
    const work = this.#samples.reduce((sum, { px, steps }) => sum + px * steps, 0)
    let left = 0
    for (const job of jobs) {
      if (job.state !== 'waiting' && job.state !== 'running') continue
      const done = job.state === 'running' && share !== null ? share * job.pictures : job.finished
      left += (job.pictures - done) * (job.px ?? last.px) * (job.steps ?? last.steps)
    }
    return (left * time) / work / 1000
  }
}
