/**
 * The queue as windows see it: jobs on the disk, one of them running, and those who follow them. A failure of one job is that job's
 * alone; one that ends the engine's process twice is held, and the next one runs.
 */
import { randomInt, randomUUID } from 'node:crypto'
import { cancelled } from '../shared/base/cancel.ts'
import type { CallHooks } from '../shared/contract/call-hooks.ts'
import type { GenerateResult } from '../shared/contract/engine-api.ts'
import { fromErrorRecord, isCancelled, StudioError, toErrorRecord } from '../shared/contract/errors.ts'
import type { FollowEvent, JobId, QueueApi, QueueState } from '../shared/contract/queue-api.ts'
import { libraryFailure } from './database.ts'
import { Estimate } from './estimate.ts'
import { Followers } from './followers.ts'
import { fixRequest } from './job-plan.ts'
import { JobRun, type RunParts } from './job-run.ts'
import type { JobStore, StoredJob } from './job-store.ts'
import { Throttle } from './throttle.ts'

export interface QueueParts extends Omit<RunParts, 'tell' | 'estimate'> {
  readonly onChange: (state: QueueState) => void
}

/** Ends of the engine's process that a job is allowed. */
const deathsAllowed = 1
/** Between two events of the queue. */
const eventMilliseconds = 100
const seeds = 2 ** 32

export class Queue implements QueueApi {
  readonly #parts: QueueParts
  readonly #jobs: JobStore
  readonly #estimate = new Estimate()
  readonly #followers = new Followers()
  readonly #told: Throttle
  #list: StoredJob[] | undefined
  #run: JobRun | undefined
  #working: Promise<void> | undefined
  #isClosed = false

  constructor(parts: QueueParts) {
    this.#parts = parts
    this.#jobs = parts.stores.jobs
    this.#told = new Throttle(eventMilliseconds, () => parts.onChange(this.#state()))
  }

  /** Goes on with what waits, if nothing runs. */
  start(): void {
    this.#working ??= this.#work()
      .catch((error: unknown) => this.#parts.log(`the queue stands still: ${toErrorRecord(error).message}`))
      .finally(() => {
        this.#working = undefined
      })
  }

  async enqueue({ request, title, where, options = {} }: Parameters<QueueApi['enqueue']>[0]) {
    const fixed = fixRequest(request, () => randomInt(seeds))
    const id = randomUUID()
    this.#jobs.add({ id, request: fixed, title, where, options })
    this.#changed()
    this.start()
    return { id }
  }

  async follow({ id }: { readonly id: JobId }, hooks: CallHooks<FollowEvent> = {}): Promise<GenerateResult> {
    const job = this.#found(id)
    if (job.endedAt !== null) return resultOf(job)
    const following = this.#followers.follow(id, hooks)
    this.#tellPlaces()
    return await following
  }

  async cancelJob({ id, keep }: { readonly id: JobId; readonly keep: boolean }): Promise<void> {
    if (this.#run?.job.id === id) return this.#run.stop(keep ? 'keep' : 'drop')
    if (this.#found(id).state === 'waiting') this.#end(id, 'stopped')
  }

  async queue(): Promise<QueueState> {
    return this.#state()
  }

  async pauseQueue({ paused }: { readonly paused: boolean }): Promise<void> {
    this.#jobs.paused = paused
    this.#changed()
    this.start()
  }

  async moveJob({ id, before }: { readonly id: JobId; readonly before: JobId | null }): Promise<void> {
    for (const job of [id, before]) {
      if (job !== null && this.#found(job).state !== 'waiting')
        throw new StudioError('bad-request', 'Only jobs that wait can be moved. This one runs, or has ended.')
    }
    if (id !== before) this.#jobs.move(id, before)
    this.#changed()
  }

  async retryJob({ id }: { readonly id: JobId }): Promise<void> {
    const { state } = this.#found(id)
    if (state === 'done') throw new StudioError('bad-request', 'This job has made all of its pictures.')
    if (state === 'waiting' || state === 'running') return
    this.#jobs.retry(id)
    this.#changed()
    this.start()
  }

  async removeJobs({ ids }: { readonly ids: readonly JobId[] }): Promise<void> {
    const others = ids.filter((id) => id !== this.#run?.job.id)
    this.#jobs.remove(others)
    for (const id of others) this.#followers.reject(id, cancelled())
    this.#changed()
  }

  /** Stops what runs; it waits again at the next start. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#run?.stop('close')
    await this.#working
    this.#told.stop()
    this.#followers.rejectAll(cancelled())
  }

  async #work(): Promise<void> {
    // What ran when the program died, or when nothing could be written.
    this.#jobs.waitAgain()
    this.#changed()
    while (!this.#isClosed && !this.#jobs.paused) {
      const job = this.#jobs.takeNext()
      if (job === undefined) return
      const run = new JobRun(job, {
        ...this.#parts,
        estimate: this.#estimate,
        tell: (event) => {
          this.#followers.tell(job.id, event)
          this.#told.poke()
        },
        onPicture: () => {
          this.#changed()
          this.#parts.onPicture()
        },
      })
      this.#run = run
      this.#changed()
      try {
        await run.run()
        this.#run = undefined
        this.#end(job.id, 'done')
      } catch (error) {
        this.#run = undefined
        this.#endBadly(run, error)
      }
    }
  }

  #endBadly({ job: { id }, stopped }: JobRun, error: unknown): void {
    if (stopped === 'close') {
      this.#jobs.waitAtHead(id)
      return
    }
    const record = toErrorRecord(libraryFailure(error, this.#parts.folder))
    // An engine that does not hear of it in time is killed.
    if (stopped !== undefined && (isCancelled(error) || record.code === 'engine-lost')) return this.#end(id, 'stopped')
    if (record.code === 'internal') this.#parts.log(`a job failed: ${record.detail ?? record.message}`)
    if (record.code === 'engine-lost') {
      if (this.#jobs.addDeath(id) > deathsAllowed) return this.#end(id, 'held', record)
      this.#followers.tell(id, {
        type: 'warning',
        text: `${record.message} Nothing is lost: the run begins once more.`,
      })
      this.#jobs.waitAtHead(id)
      return this.#changed()
    }
    // The next job would fail of the same.
    if (record.code === 'write-failed') this.#jobs.paused = true
    this.#end(id, 'failed', record)
  }

  #end(id: JobId, state: Parameters<JobStore['end']>[1], error: ReturnType<typeof toErrorRecord> | null = null): void {
    this.#jobs.end(id, state, error)
    const job = this.#jobs.find(id)
    this.#changed()
    if (state === 'done' && job !== undefined)
      this.#followers.resolve(id, { pictures: job.pictures, milliseconds: job.spent })
    else this.#followers.reject(id, error === null ? cancelled() : fromErrorRecord(error))
  }

  #found(id: JobId): StoredJob {
    const job = this.#jobs.find(id)
    if (job === undefined) throw new StudioError('bad-request', 'This job is not in the queue any more.')
    return job
  }

  #changed(): void {
    this.#list = undefined
    this.#tellPlaces()
    this.#told.poke()
  }

  #jobsNow(): StoredJob[] {
    this.#list ??= this.#jobs.list()
    return this.#list
  }

  #tellPlaces(): void {
    if (this.#followers.isEmpty) return
    const open = this.#jobsNow().filter(({ endedAt }) => endedAt === null)
    for (const [ahead, { id, state }] of open.entries()) {
      if (state === 'waiting') this.#followers.tellPlace(id, ahead)
    }
  }

  #state(): QueueState {
    const jobs = this.#jobsNow()
    const share = this.#run?.share ?? null
    return {
      paused: this.#jobs.paused,
      jobs: jobs.map(({ px: _px, steps: _steps, spent: _spent, ...job }) => job),
      share,
      secondsLeft: this.#estimate.secondsLeft(jobs, share),
    }
  }
}

/** Of a job that has ended. @throws what it failed with */
function resultOf({ state, pictures, spent, error }: StoredJob): GenerateResult {
  if (state === 'done') return { pictures, milliseconds: spent }
  throw error === null ? cancelled() : fromErrorRecord(error)
}
