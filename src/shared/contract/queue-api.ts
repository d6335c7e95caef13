/**
 * Runs of the model as jobs that outlive the window: they wait in a queue on the disk, one runs at a time, and each picture is in
 * the gallery before anybody is told of it.
 */
import type { CallHooks } from './call-hooks.ts'
import type { GenerateOptions, GenerateResult, JobEvent } from './engine-api.ts'
import type { ErrorRecord } from './errors.ts'
import type { GenerateRequest } from './request.ts'

export type JobId = string

/**
 * 'held': it ended the engine's process twice, and runs again only where a person says so. 'stopped': a person cancelled it.
 * A job that was running when the program died waits again, at the head.
 */
export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'stopped' | 'held'

export interface QueuedJob {
  readonly id: JobId
  readonly state: JobState
  /** For people: the prompt, or what is done to what. */
  readonly title: string
  /** The use of its request: 'text', 'inpaint' ... */
  readonly use: GenerateRequest['use']['use']
  /** Pictures that it asks for, and those that are in the gallery already; a retry makes the missing ones alone. */
  readonly pictures: number
  readonly finished: number
  /** In ms since 1970. */
  readonly queuedAt: number
  readonly endedAt: number | null
  readonly error: ErrorRecord | null
}

export interface QueueState {
  readonly paused: boolean
  /** The running job first, then those that wait in their order, then what has ended, the newest first (200 of them). */
  readonly jobs: readonly QueuedJob[]
  /** Share of the running job that is done, 0..1, and seconds until the queue is empty, by the pictures of late; null = unknown. */
  readonly share: number | null
  readonly secondsLeft: number | null
}

/** What a follower hears: the engine's events, and each picture's place in the gallery before the picture itself. */
export type FollowEvent = JobEvent | { readonly type: 'kept'; readonly index: number; readonly pictureId: string }

export interface QueueApi {
  /** @throws 'bad-request' for a request that no engine would take, 'write-failed' */
  enqueue(request: {
    readonly request: GenerateRequest
    readonly title: string
    /** 'next' goes before all that wait. */
    readonly where: 'next' | 'last'
    /** What its followers are told besides the pictures. */
    readonly options?: Pick<GenerateOptions, 'previews' | 'trajectory'> | undefined
  }): Promise<{ readonly id: JobId }>
  /**
   * The events of one job from now on; settles when it ends, as `generate` would. Raising the signal ends the following and not
   * the job. @throws what the job failed with; 'cancelled' where it was cancelled
   */
  follow(request: { readonly id: JobId }, hooks?: CallHooks<FollowEvent>): Promise<GenerateResult>
  /** `keep`: the running picture as it stands after its last whole step is kept. Done at once for a job that waits. */
  cancelJob(request: { readonly id: JobId; readonly keep: boolean }): Promise<void>
  queue(): Promise<QueueState>
  /** What runs is finished first. */
  pauseQueue(request: { readonly paused: boolean }): Promise<void>
  /** Before another waiting job; null = to the end. */
  moveJob(request: { readonly id: JobId; readonly before: JobId | null }): Promise<void>
  /** A failed, stopped or held job waits again, for the pictures it has not made yet. */
  retryJob(request: { readonly id: JobId }): Promise<void>
  /** Takes jobs that do not run out of the list; what they made stays in the gallery. */
  removeJobs(request: { readonly ids: readonly JobId[] }): Promise<void>
}

export const queueMethods = {
  enqueue: true,
  follow: true,
  cancelJob: true,
  queue: true,
  pauseQueue: true,
  moveJob: true,
  retryJob: true,
  removeJobs: true,
} as const satisfies Record<keyof QueueApi, true>
