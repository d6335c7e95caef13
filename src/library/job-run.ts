/**
 * One run of a job, from the engine's events to files, rows and followers. Each picture is written whole, then its row and the job's
 * progress in one transaction, then it is told; the events after it wait for that. Nothing of a finished picture stays here.
 */
import { randomUUID } from 'node:crypto'
import type { Storage } from '../files/storage.ts'
import { cancelled } from '../shared/base/cancel.ts'
import type { EngineApi, GeneratedPicture, JobEvent } from '../shared/contract/engine-api.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { Trajectory } from '../shared/contract/gallery-api.ts'
import type { FollowEvent } from '../shared/contract/queue-api.ts'
import { CancelSource } from '../shared/wire/cancel-source.ts'
import type { Stores } from './adopt-files.ts'
import type { Estimate } from './estimate.ts'
import { type JobPart, nextPart } from './job-plan.ts'
import type { JobOptions, StoredJob } from './job-store.ts'
import { savePicture, withMark } from './picture-file.ts'
import { encodeThumbnail, shrink } from './thumbnails.ts'

export interface RunParts {
  readonly storage: Storage
  readonly engine: EngineApi
  readonly stores: Stores
  readonly estimate: Estimate
  /** Folder of the pictures. */
  readonly folder: string
  readonly tell: (event: FollowEvent) => void
  /** A picture is in the gallery, or its thumbnail. */
  readonly onPicture: () => void
  readonly log: (line: string) => void
}

/** Why it was cancelled: a person keeps or drops the running picture, or the program closes. */
export type StopReason = 'keep' | 'drop' | 'close'

export class JobRun {
  readonly job: StoredJob
  /** 0..1 */
  share: number
  readonly #parts: RunParts
  readonly #options: JobOptions
  readonly #source = new CancelSource()
  readonly #made: Set<number>
  #stopped: StopReason | undefined
  /** Events one after the other, as saving takes a while. */
  #tail: Promise<void> = Promise.resolve()
  #failure: unknown
  #steps: Trajectory['steps'][number][] = []
  #began: number | undefined

  constructor(job: StoredJob, parts: RunParts) {
    this.job = job
    this.#parts = parts
    this.#options = parts.stores.jobs.options(job.id)
    this.#made = parts.stores.jobs.made(job.id)
    this.share = this.#made.size / job.pictures
  }

  /** What a person, or the end of the program, stopped it with. */
  get stopped(): StopReason | undefined {
    return this.#stopped
  }

  stop(reason: StopReason): void {
    this.#stopped ??= reason
    this.#source.cancel()
  }

  /** Makes the pictures that are missing. @throws what the engine or the disk failed with, 'cancelled' */
  async run(): Promise<void> {
    const request = this.#parts.stores.jobs.request(this.job.id)
    for (let part = nextPart(request, this.#made); part !== undefined; part = nextPart(request, this.#made)) {
      const before = this.#made.size
      await this.#generate(part)
      if (this.#made.size === before)
        throw new StudioError('internal', 'The engine made no picture of those asked for.')
    }
  }

  async #generate(part: JobPart): Promise<void> {
    const began = performance.now()
    const options = { png: true, trajectory: true, keepPartial: true, previews: this.#options.previews === true }
    const onEvent = (event: JobEvent): void => {
      this.#tail = this.#tail.then(() => this.#hear(event, part)).catch((error: unknown) => this.#fail(error))
    }
    const hooks = { signal: this.#source.signal, onEvent }
    const lost = await this.#parts.engine.generate({ request: part.request, options }, hooks).then(
      () => undefined,
      (error: unknown) => error,
    )
    await this.#tail
    this.#parts.stores.jobs.spend(this.job.id, performance.now() - began)
    if (this.#failure !== undefined) throw this.#failure
    if (this.#made.size === this.job.pictures) return
    if (lost !== undefined) throw lost
    if (this.#stopped !== undefined) throw cancelled()
  }

  /** A picture that cannot be kept is the end of the run: the engine would work for nothing. */
  #fail(error: unknown): void {
    this.#failure ??= error
    this.#source.cancel()
  }

  async #hear(event: JobEvent, part: JobPart): Promise<void> {
    if (this.#failure !== undefined) return
    if (event.type === 'picture') return await this.#keep(event.picture, part)
    if (event.type !== 'step') return this.#parts.tell(event)
    const { state, ...step } = event
    this.#began ??= performance.now() - event.milliseconds
    if (state !== undefined) this.#steps.push(state)
    this.share = (this.#made.size + event.step / event.steps) / this.job.pictures
    const told = { ...step, picture: part.first + event.picture, pictures: this.job.pictures }
    this.#parts.tell(this.#options.trajectory === true && state !== undefined ? { ...told, state } : told)
  }

  async #keep(given: GeneratedPicture, part: JobPart): Promise<void> {
    const { storage, folder, stores, estimate, tell } = this.#parts
    const steps = this.#steps
    this.#steps = []
    const partial = given.steps.taken < given.steps.of
    if (partial && this.#stopped !== 'keep') return
    const { png, recipe, pixels, confidence } = given
    if (png === undefined) throw new StudioError('internal', 'The engine made a picture without its file.')
    const { job } = this
    const [id, place] = [randomUUID(), part.first + given.index]
    const path = await savePicture(storage, folder, withMark(png, { id, job: job.id, place }), recipe)
    const { width, height } = pixels
    stores.database.transaction(() => {
      stores.pictures.add({ id, job: job.id, place, madeAt: Date.now(), width, height, recipe, partial, path })
      if (steps.length > 0) stores.pictures.addTrajectory(id, { steps, confidence })
      if (!partial) stores.jobs.markMade(job.id, place)
    })
    if (!partial) this.#made.add(place)
    this.share = this.#made.size / job.pictures
    if (this.#began !== undefined) {
      const milliseconds = performance.now() - this.#began
      estimate.add({ milliseconds, px: width * height, steps: given.steps.taken })
      this.#began = undefined
    }
    tell({ type: 'kept', index: place, pictureId: id })
    tell({ type: 'picture', picture: { ...given, index: place, png: undefined } })
    this.#parts.onPicture()
    this.#addThumbnail(id, shrink(pixels))
  }

  /** Made by the way: where it fails, it is made when somebody wants to see it. */
  #addThumbnail(id: string, small: GeneratedPicture['pixels']): void {
    const { engine, stores, log, onPicture } = this.#parts
    encodeThumbnail(engine, small)
      .then((body) => {
        stores.pictures.setThumbnail(id, body)
        onPicture()
      })
      .catch((error: unknown) => log(`a thumbnail: ${error instanceof Error ? error.message : String(error)}`))
  }
}
