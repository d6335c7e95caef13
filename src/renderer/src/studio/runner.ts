/**
 * One run of the model after the other, through the queue: its progress, its end, and how it is stopped. What is asked for while
 * one goes on is queued. The engine may die at any time: the document never notices.
 */
import type { GeneratedPicture, JobEvent } from '../../../shared/contract/engine-api.ts'
import { isCancelled, StudioError } from '../../../shared/contract/errors.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { JobId } from '../../../shared/contract/queue-api.ts'
import type { GenerateRequest } from '../../../shared/contract/request.ts'
import { generating } from '../strings/steps.ts'
import { enqueued, follow } from './job-run.ts'
import type { Parts } from './parts.ts'
import type { TrajectoryStep } from './staging-result.ts'

/** A run that is ready to go. */
export interface Run {
  readonly request: GenerateRequest
  /** For the list of jobs. */
  readonly title: string
  /** The queue has it, and its pictures are waited for here. */
  begin(): void
  preview(pixels: Pixels): void
  picture(picture: GeneratedPicture, pictureId: string | null, trajectory: readonly TrajectoryStep[]): void
  /** It is over, however it went. */
  ended(): void
}

interface Running {
  /** Null until the queue has it. */
  id: JobId | null
  isStopping: boolean
}

export interface RunnerLinks {
  /** A step took so long. */
  onStep(milliseconds: number): void
  /** The engine died; another starts. */
  onLost(): Promise<void>
}

export class Runner {
  readonly #parts: Parts
  readonly #links: RunnerLinks
  #running: Running | null = null

  constructor(parts: Parts, links: RunnerLinks) {
    this.#parts = parts
    this.#links = links
  }

  get isRunning(): boolean {
    return this.#running !== null
  }

  /** Acknowledged at once; the engine ends within the step, and the picture is kept as it stands. */
  cancel(): void {
    const running = this.#running
    if (running === null || running.isStopping) return
    running.isStopping = true
    const { holder } = this.#parts
    const { generation } = holder.state
    const shown = generation.running ?? { text: generating.starting, share: 0, secondsLeft: null }
    holder.set({ generation: { ...generation, running: { ...shown, stopping: true } } })
    this.#stop(running)
  }

  /**
   * Resolves when it is over; what goes wrong is told.
   *
   * @param prepare null where there is nothing to do after all
   * @param where 'queue': nobody waits for it here
   */
  async run(prepare: () => Promise<Run | null>, where: 'next' | 'queue' = 'next'): Promise<void> {
    if (where === 'queue' || this.#running !== null) return this.#queue(prepare)
    const running: Running = { id: null, isStopping: false }
    this.#running = running
    this.#progress({ text: generating.starting, share: 0, secondsLeft: null })
    let run: Run | null = null
    try {
      run = await prepare()
      if (run === null || running.isStopping) return
      running.id = await enqueued(this.#parts.api, run.request, run.title, 'next')
      run.begin()
      // It may have been stopped while it was on its way.
      if (running.isStopping) this.#stop(running)
      await this.#follow(running.id, run)
    } catch (error) {
      await this.#failed(error)
    } finally {
      this.#running = null
      run?.ended()
      this.#progress(null)
    }
  }

  async #queue(prepare: () => Promise<Run | null>): Promise<void> {
    const { api, notices } = this.#parts
    try {
      const run = await prepare()
      if (run === null) return
      await enqueued(api, run.request, run.title, 'last')
      notices.tell('info', generating.enqueued)
    } catch (error) {
      notices.fail(error)
    }
  }

  async #follow(id: JobId, run: Run): Promise<void> {
    await follow(this.#parts.api, id, {
      onEvent: (event) => this.#hear(event, run),
      onPicture: (picture, pictureId, trajectory) => run.picture(picture, pictureId, trajectory),
    })
  }

  #hear(event: Exclude<JobEvent, { type: 'picture' }>, run: Run): void {
    switch (event.type) {
      case 'queued':
        return this.#progress({ text: generating.queued(event.ahead), share: 0, secondsLeft: null })
      case 'loading':
        return this.#progress({ text: generating.loading(event.part), share: 0, secondsLeft: null })
      case 'warning':
        return this.#parts.notices.tell('warning', event.text)
      case 'step': {
        const { step, steps, picture, pictures, milliseconds, preview } = event
        const [done, all] = [picture * steps + step, pictures * steps]
        const text = generating.step(step, steps, picture + 1, pictures)
        this.#progress({ text, share: done / all, secondsLeft: ((all - done) * milliseconds) / 1000 })
        this.#links.onStep(milliseconds)
        if (preview !== undefined) run.preview(preview)
      }
    }
  }

  #stop({ id }: Running): void {
    if (id === null) return
    this.#parts.api.cancelJob({ id, keep: true }).catch((error: unknown) => this.#parts.notices.fail(error))
  }

  async #failed(error: unknown): Promise<void> {
    if (isCancelled(error)) return
    const { notices } = this.#parts
    const isLost = error instanceof StudioError && error.code === 'engine-lost'
    notices.fail(
      isLost ? new StudioError('engine-lost', generating.lost(error.message), { detail: error.detail }) : error,
    )
    if (isLost) await this.#links.onLost()
  }

  #progress(progress: { text: string; share: number; secondsLeft: number | null } | null): void {
    const { holder } = this.#parts
    const stopping = this.#running?.isStopping ?? false
    holder.set({ generation: { ...holder.state.generation, running: progress && { ...progress, stopping } } })
  }
}
