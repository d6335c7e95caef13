/** Queue and gallery as the window acts on them; what the program tells of them goes into the state. */
import type { PictureId } from '../../../shared/contract/gallery-api.ts'
import type { JobId, QueueState } from '../../../shared/contract/queue-api.ts'
import type { FileSource, StudioEvent } from '../../../shared/contract/studio-api.ts'
import { libraryTold, libraryWork } from '../strings/library.ts'
import { GalleryShelf } from './library-shelf.ts'
import type { Parts } from './parts.ts'

/** What the button of the notice sends; see panels/page-actions.ts. */
export const undoTrashAction = (ids: readonly PictureId[]): string => `undo-trash:${ids.join(',')}`

export class Library {
  readonly shelf: GalleryShelf
  readonly recent: GalleryShelf
  readonly #parts: Parts
  readonly #place: (source: FileSource) => Promise<void>

  constructor(parts: Parts, place: (source: FileSource) => Promise<void>) {
    this.#parts = parts
    this.#place = place
    this.shelf = new GalleryShelf(parts.api)
    this.recent = new GalleryShelf(parts.api)
  }

  /** As the program stands when the window begins; later it tells. */
  async connect(): Promise<void> {
    const { api, holder } = this.#parts
    const [queue, batch] = await Promise.all([api.queue(), api.batch()])
    holder.set({ queue, batch })
  }

  hear(event: StudioEvent): void {
    const { holder } = this.#parts
    if (event.type === 'queue') holder.set({ queue: event.queue })
    if (event.type === 'batch') holder.set({ batch: event.batch })
    if (event.type !== 'gallery') return
    holder.set({ galleryVersion: holder.state.galleryVersion + 1 })
    if (holder.state.view === 'gallery') this.shelf.refresh()
  }

  // Queue

  async cancelJob(id: JobId, keep: boolean): Promise<void> {
    await this.#parts.api.cancelJob({ id, keep })
  }

  /** Shown at once: what is behind says the same a moment later. */
  async pauseQueue(paused: boolean): Promise<void> {
    this.#setQueue((queue) => ({ ...queue, paused }))
    await this.#parts.api.pauseQueue({ paused })
  }

  async moveJob(id: JobId, before: JobId | null): Promise<void> {
    this.#setQueue((queue) => ({ ...queue, jobs: moved(queue.jobs, id, before) }))
    await this.#parts.api.moveJob({ id, before })
  }

  async retryJob(id: JobId): Promise<void> {
    await this.#parts.api.retryJob({ id })
  }

  async removeJobs(ids: readonly JobId[]): Promise<void> {
    this.#setQueue((queue) => ({ ...queue, jobs: queue.jobs.filter((job) => !ids.includes(job.id)) }))
    await this.#parts.api.removeJobs({ ids })
  }

  // Gallery

  async place(id: PictureId): Promise<void> {
    const { api, holder } = this.#parts
    const { png, picture } = await api.readPicture({ id })
    await this.#place({ kind: 'bytes', name: nameOf(picture.path), bytes: png })
    holder.set({ view: null })
  }

  async star(ids: readonly PictureId[], starred: boolean): Promise<void> {
    await this.#parts.api.starPictures({ ids, starred })
  }

  async trash(ids: readonly PictureId[]): Promise<void> {
    if (ids.length === 0) return
    const { api, notices } = this.#parts
    await api.trashPictures({ ids })
    const action = { label: libraryTold.undo, action: undoTrashAction(ids) }
    notices.tell('info', libraryTold.trashed(ids.length), { action })
  }

  async undoTrash(ids: readonly PictureId[]): Promise<void> {
    await this.#parts.api.undoTrash({ ids })
  }

  async copy(ids: readonly PictureId[]): Promise<void> {
    if (ids.length === 0) return
    const { api, desktop, queue, notices, holder } = this.#parts
    const chosen = await desktop.chooseFolder({ suggested: libraryTold.copies })
    if (chosen === null) return
    await queue.run(libraryWork.copying(ids.length), async (report) => {
      const { paths } = await api.copyPictures({ ids, folder: chosen.path }, { onEvent: ({ share }) => report(share) })
      const [first] = paths
      const canReveal = first !== undefined && holder.state.desktop.nativeDialogs
      notices.tell('info', libraryTold.copied(paths.length, chosen.path), {
        action: canReveal ? { label: libraryTold.reveal, action: `reveal:${first}` } : null,
      })
    })
  }

  #setQueue(change: (queue: QueueState) => QueueState): void {
    const { holder } = this.#parts
    holder.set({ queue: change(holder.state.queue) })
  }
}

/** @param before another job that waits; null = after all that wait */
export function moved(jobs: QueueState['jobs'], id: JobId, before: JobId | null): QueueState['jobs'] {
  const job = jobs.find((job) => job.id === id)
  if (job === undefined || id === before) return jobs
  const others = jobs.filter((other) => other !== job)
  const end = others.findLastIndex(({ state }) => state === 'waiting' || state === 'running') + 1
  const place = before === null ? end : others.findIndex((other) => other.id === before)
  return place < 0 ? jobs : [...others.slice(0, place), job, ...others.slice(place)]
}

const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path
