/** Queue, gallery and batch as panels ask for them: each call goes to the part whose business it is. */
import type { BatchSpec } from '../../../shared/contract/batch.ts'
import type { PictureId } from '../../../shared/contract/gallery-api.ts'
import type { JobId } from '../../../shared/contract/queue-api.ts'
import type { FileSource } from '../../../shared/contract/studio-api.ts'
import type { GalleryShelf } from './library-shelf.ts'
import type { StudioState } from './studio-state.ts'
import { WindowCore } from './window-core.ts'

export abstract class WindowLibrary extends WindowCore {
  get gallery(): GalleryShelf {
    return this.library.shelf
  }

  get recent(): GalleryShelf {
    return this.library.recent
  }

  setView(view: StudioState['view']): void {
    this.parts.holder.set({ view })
  }

  cancelJob(id: JobId, keep: boolean): void {
    this.settle(this.library.cancelJob(id, keep))
  }

  pauseQueue(paused: boolean): void {
    this.settle(this.library.pauseQueue(paused))
  }

  moveJob(id: JobId, before: JobId | null): void {
    this.settle(this.library.moveJob(id, before))
  }

  retryJob(id: JobId): void {
    this.settle(this.library.retryJob(id))
  }

  removeJobs(ids: readonly JobId[]): void {
    this.settle(this.library.removeJobs(ids))
  }

  placeGalleryPicture(id: PictureId): void {
    this.settle(this.library.place(id))
  }

  starPictures(ids: readonly PictureId[], starred: boolean): void {
    this.settle(this.library.star(ids, starred))
  }

  trashPictures(ids: readonly PictureId[]): void {
    this.settle(this.library.trash(ids))
  }

  undoTrash(ids: readonly PictureId[]): void {
    this.settle(this.library.undoTrash(ids))
  }

  copyPictures(ids: readonly PictureId[]): void {
    this.settle(this.library.copy(ids))
  }

  startBatch(spec: BatchSpec): void {
    this.settle(this.parts.api.startBatch({ spec }))
  }

  pauseBatch(paused: boolean): void {
    this.settle(this.parts.api.pauseBatch({ paused }))
  }

  stopBatch(): void {
    this.settle(this.parts.api.stopBatch())
  }

  async chooseFolder(suggested: string): Promise<string | null> {
    return (await this.#chosen(this.parts.desktop.chooseFolder({ suggested })))?.path ?? null
  }

  choosePrompts(): Promise<FileSource | null> {
    return this.#chosen(this.parts.desktop.chooseOpen({ kind: 'prompts' }))
  }

  reveal(path: string): void {
    this.settle(this.parts.desktop.reveal({ path }))
  }

  /** A dialog that cannot be shown is told of, and is as if nothing had been chosen. */
  async #chosen<Chosen>(dialog: Promise<Chosen | null>): Promise<Chosen | null> {
    try {
      return await dialog
    } catch (error) {
      this.parts.notices.fail(error)
      return null
    }
  }
}
