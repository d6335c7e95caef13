/** Queue, gallery and batches as a page sees them: every request checked at the door, then passed on. */
import type { BatchApi } from '../shared/contract/batch-api.ts'
import type { GalleryApi } from '../shared/contract/gallery-api.ts'
import type { QueueApi } from '../shared/contract/queue-api.ts'
import { checked, requests } from './requests.ts'

export type LibraryApi = QueueApi & GalleryApi

export function libraryCalls(library: LibraryApi): LibraryApi {
  return {
    enqueue: async (request) => await library.enqueue(checked(requests.enqueue, request)),
    follow: async (request, hooks) => await library.follow(checked(requests.byId, request), hooks),
    cancelJob: async (request) => await library.cancelJob(checked(requests.cancelJob, request)),
    queue: () => library.queue(),
    pauseQueue: async (request) => await library.pauseQueue(checked(requests.pause, request)),
    moveJob: async (request) => await library.moveJob(checked(requests.moveJob, request)),
    retryJob: async (request) => await library.retryJob(checked(requests.byId, request)),
    removeJobs: async (request) => await library.removeJobs(checked(requests.byIds, request)),

    listPictures: async (request) => await library.listPictures(checked(requests.listPictures, request)),
    thumbnails: async (request) => await library.thumbnails(checked(requests.thumbnails, request)),
    readPicture: async (request) => await library.readPicture(checked(requests.byId, request)),
    readTrajectory: async (request) => await library.readTrajectory(checked(requests.byId, request)),
    starPictures: async (request) => await library.starPictures(checked(requests.starPictures, request)),
    trashPictures: async (request) => await library.trashPictures(checked(requests.byIds, request)),
    undoTrash: async (request) => await library.undoTrash(checked(requests.byIds, request)),
    copyPictures: async (request, hooks) => await library.copyPictures(checked(requests.copyPictures, request), hooks),
  }
}

export function batchCalls(batch: BatchApi): BatchApi {
  return {
    readRows: async (request) => await batch.readRows(checked(requests.readRows, request)),
    planBatch: async (request) => await batch.planBatch(checked(requests.batch, request)),
    startBatch: async (request) => await batch.startBatch(checked(requests.batch, request)),
    pauseBatch: async (request) => await batch.pauseBatch(checked(requests.pause, request)),
    stopBatch: () => batch.stopBatch(),
    batch: () => batch.batch(),
  }
}
