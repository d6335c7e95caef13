/** What a page finds at the other end of its pipe: documents, the engine, queue, gallery and batches, as one interface. */
import { type BatchApi, batchMethods } from './batch-api.ts'
import { type EngineApi, engineMethods } from './engine-api.ts'
import { type GalleryApi, galleryMethods } from './gallery-api.ts'
import { type QueueApi, queueMethods } from './queue-api.ts'
import { type StudioApi, studioMethods } from './studio-api.ts'

export type PageApi = StudioApi & EngineApi & QueueApi & GalleryApi & BatchApi

export const pageMethods = {
  ...studioMethods,
  ...engineMethods,
  ...queueMethods,
  ...galleryMethods,
  ...batchMethods,
} as const satisfies Record<keyof PageApi, true>
