/** What a job tells while it runs. One reporter writes for people (plain-reporter.ts), one for programs (json-reporter.ts). */
import type { GeneratedPicture, GenerateResult, JobEvent } from '../shared/contract/engine-api.ts'
import type { GenerateRequest } from '../shared/contract/request.ts'

export type RunningEvent = Exclude<JobEvent, { type: 'picture' }>

export interface Reporter {
  started(request: GenerateRequest, seedIsRandom: boolean): void
  event(event: RunningEvent): void
  saved(picture: GeneratedPicture, path: string): void
  /** A picture was made again from `file`; `isSame` = its tokens are equal. */
  repeated(file: string, isSame: boolean): void
  done(result: GenerateResult): void
  /** Ctrl-C has been heard. */
  stopping(): void
  /** A line of the engine's log, where --verbose asks for them. */
  log(line: string): void
  /** Leaves the terminal as it was found; called once, however the job ends. */
  close(): void
}

export const differenceReasons =
  'the tokens differ: this is another kind of machine or processor, or the weights or the program have changed since'
