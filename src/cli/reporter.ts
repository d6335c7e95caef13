/** What a job tells while it runs. One reporter writes for people (plain-reporter.ts), one for programs (json-reporter.ts). */
import type { GeneratedPicture, GenerateResult, JobEvent } from '../shared/contract/engine-api.ts'
import type { GenerateRequest } from '../shared/contract/request.ts'

export type RunningEvent = Exclude<JobEvent, { type: 'picture' }>

export interface Reporter {
  started(request: GenerateRequest, seedIsRandom: boolean): void
  event(event: RunningEvent): void
  saved(picture: GeneratedPicture, path: string): void
  /** A picture was sampled again as `file` says: how many of its tokens are others. */
  repeated(file: string, tokens: Difference): void
  /** The tokens in `file` were decoded again: how many px are others. */
  replayed(file: string, pixels: Difference): void
  done(result: GenerateResult): void
  /** Ctrl-C has been heard. */
  stopping(): void
  /** A line of the engine's log, where --verbose asks for them. */
  log(line: string): void
  /** Leaves the terminal as it was found; called once, however the job ends. */
  close(): void
}

/** `differing` 0 = the same; undefined = not the same, and the file does not tell by how many. */
export interface Difference {
  readonly differing: number | undefined
  readonly of: number
}

/** What differs, as the end of a sentence. */
export function differenceText({ differing, of }: Difference, what: string): string {
  const count = differing === undefined ? `the ${what}` : `${differing} of ${of} ${what}`
  return `${count} differ: this is another kind of machine or processor, or the weights or the program have changed since`
}
