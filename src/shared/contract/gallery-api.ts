/**
 * Every picture that was ever made, as PNG files with their whole request in a folder of the person's, and an index over them that
 * can be built anew from the files.
 */
import type { CallHooks } from './call-hooks.ts'
import type { Confidence } from './engine-api.ts'
import type { GenerateRequest } from './request.ts'
import type { PackedGrid } from './token-grid.ts'

export type PictureId = string

export interface GalleryPicture {
  readonly id: PictureId
  /** In ms since 1970. */
  readonly madeAt: number
  readonly width: number
  readonly height: number
  readonly prompt: string
  readonly negative: string
  readonly use: GenerateRequest['use']['use']
  readonly seed: number
  readonly model: string
  readonly starred: boolean
  /** Fewer steps than asked for: it was stopped. */
  readonly partial: boolean
  readonly path: string
  /** The pictures of one run have one job. */
  readonly job: string | null
}

export interface GalleryFilter {
  /** Words that prompt, negative prompt or model contain, all of them; '' = any. */
  readonly search: string
  readonly starred: boolean
  readonly use: GenerateRequest['use']['use'] | null
}

export interface GalleryPage {
  readonly pictures: readonly GalleryPicture[]
  /** How many fit the filter, on all pages. */
  readonly total: number
  /** How these spread over the days they were made on, local time, 'YYYY-MM-DD', the newest first: all of them, for the layout. */
  readonly days: readonly { readonly day: string; readonly count: number }[]
}

export interface GalleryApi {
  /** The newest first, from `offset` on. */
  listPictures(request: {
    readonly filter: GalleryFilter
    readonly offset: number
    /** 1..500 */
    readonly limit: number
  }): Promise<GalleryPage>
  /** WebP of at most 256 px a side, in the order of the ids; null where the file is gone. */
  thumbnails(request: {
    readonly ids: readonly PictureId[]
  }): Promise<{ readonly files: readonly (Uint8Array | null)[] }>
  /** The PNG as it lies on the disk, its recipe inside. @throws 'file-not-found' */
  readPicture(request: {
    readonly id: PictureId
  }): Promise<{ readonly png: Uint8Array; readonly picture: GalleryPicture }>
  /** The tokens of every step and how sure the last was, where they were kept; null where not. */
  readTrajectory(request: { readonly id: PictureId }): Promise<Trajectory | null>
  starPictures(request: { readonly ids: readonly PictureId[]; readonly starred: boolean }): Promise<void>
  /** To the trash of the system; `undoTrash` of the same ids brings them back as long as the program runs. @throws 'write-failed' */
  trashPictures(request: { readonly ids: readonly PictureId[] }): Promise<void>
  undoTrash(request: { readonly ids: readonly PictureId[] }): Promise<void>
  /** Copies the files into a folder under free names. */
  copyPictures(
    request: { readonly ids: readonly PictureId[]; readonly folder: string },
    hooks?: CallHooks<{ readonly share: number }>,
  ): Promise<{ readonly paths: readonly string[] }>
}

export interface Trajectory {
  /** Step 1 first. */
  readonly steps: readonly { readonly tokens: PackedGrid; readonly fed: PackedGrid }[]
  readonly confidence: Confidence
}

export const galleryMethods = {
  listPictures: true,
  thumbnails: true,
  readPicture: true,
  readTrajectory: true,
  starPictures: true,
  trashPictures: true,
  undoTrash: true,
  copyPictures: true,
} as const satisfies Record<keyof GalleryApi, true>
