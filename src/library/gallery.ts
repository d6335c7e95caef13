/** The gallery as windows see it. What is on the disk decides: a picture whose file is gone leaves the list with the next listing. */
import { basename, join } from 'node:path'
import { atomicSave } from '../files/atomic-save.ts'
import { readFailure } from '../files/read-failure.ts'
import { makeFolderForGood, readWhole, type Storage, systemCode } from '../files/storage.ts'
import { writeFailure } from '../files/write-failure.ts'
import { throwIfCancelled } from '../shared/base/cancel.ts'
import type { CallHooks } from '../shared/contract/call-hooks.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { GalleryApi, GalleryPage, GalleryPicture, PictureId } from '../shared/contract/gallery-api.ts'
import type { PictureStore } from './picture-store.ts'
import { type Codecs, thumbnailOfFile } from './thumbnails.ts'
import type { Trash, TrashedFile } from './trash.ts'

export interface GalleryParts {
  readonly storage: Storage
  readonly pictures: PictureStore
  readonly codecs: Codecs
  readonly trash: Trash
  readonly onChange: () => void
  readonly log: (line: string) => void
}

export class Gallery implements GalleryApi {
  readonly #parts: GalleryParts
  readonly #trashed = new Map<PictureId, TrashedFile>()
  readonly #gone = new Set<PictureId>()

  constructor(parts: GalleryParts) {
    this.#parts = parts
  }

  async listPictures({ filter, offset, limit }: Parameters<GalleryApi['listPictures']>[0]): Promise<GalleryPage> {
    if (this.#gone.size > 0) {
      this.#parts.pictures.remove([...this.#gone])
      this.#gone.clear()
    }
    return this.#parts.pictures.list(filter, offset, limit)
  }

  async thumbnails({ ids }: { readonly ids: readonly PictureId[] }) {
    const files: (Uint8Array | null)[] = []
    for (const id of ids) files.push(await this.#thumbnail(id))
    return { files }
  }

  async readPicture({ id }: { readonly id: PictureId }) {
    const picture = this.#found(id)
    return { png: await this.#read(picture), picture }
  }

  async readTrajectory({ id }: { readonly id: PictureId }) {
    return this.#parts.pictures.trajectory(this.#found(id).id)
  }

  async starPictures({ ids, starred }: { readonly ids: readonly PictureId[]; readonly starred: boolean }) {
    this.#parts.pictures.star(ids, starred)
    this.#parts.onChange()
  }

  async trashPictures({ ids }: { readonly ids: readonly PictureId[] }) {
    try {
      for (const id of ids) {
        const picture = this.#parts.pictures.find(id)
        if (picture !== undefined) await this.#trash(picture)
      }
    } finally {
      this.#parts.onChange()
    }
  }

  async undoTrash({ ids }: { readonly ids: readonly PictureId[] }) {
    try {
      for (const id of ids) {
        const trashed = this.#trashed.get(id)
        if (trashed === undefined) continue
        this.#parts.pictures.show(id, await trashed.restore())
        this.#trashed.delete(id)
      }
    } finally {
      this.#parts.onChange()
    }
  }

  async copyPictures(
    { ids, folder }: { readonly ids: readonly PictureId[]; readonly folder: string },
    { signal, onEvent }: CallHooks<{ readonly share: number }> = {},
  ) {
    const { storage } = this.#parts
    await makeFolderForGood(storage, folder).catch((error: unknown) => {
      throw writeFailure(folder, error)
    })
    const paths: string[] = []
    for (const id of ids) {
      throwIfCancelled(signal)
      const picture = this.#found(id)
      const png = await this.#read(picture)
      const target = join(folder, basename(picture.path))
      paths.push((await atomicSave(storage, target, [png], { ifTaken: 'number', estimate: png.length })).path)
      onEvent?.({ share: paths.length / ids.length })
    }
    return { paths }
  }

  async #trash({ id, path }: GalleryPicture): Promise<void> {
    const { pictures, trash } = this.#parts
    try {
      this.#trashed.set(id, await trash.put(path))
      pictures.hide(id)
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error
      // It is gone already, which is what was wished for.
      pictures.remove([id])
    }
  }

  async #thumbnail(id: PictureId): Promise<Uint8Array | null> {
    const { pictures, storage, codecs, log } = this.#parts
    const picture = pictures.find(id)
    if (picture === undefined) return null
    try {
      const kept = pictures.thumbnail(id)
      if (kept !== undefined) {
        await storage.info(picture.path)
        return kept
      }
      const made = await thumbnailOfFile(codecs, await readWhole(storage, picture.path))
      pictures.setThumbnail(id, made)
      return made
    } catch (error) {
      if (systemCode(error) === 'ENOENT') this.#gone.add(id)
      else log(`${picture.path}: ${error instanceof Error ? error.message : String(error)}`)
      return null
    }
  }

  async #read({ id, path }: GalleryPicture): Promise<Uint8Array> {
    try {
      return await readWhole(this.#parts.storage, path)
    } catch (error) {
      if (systemCode(error) === 'ENOENT') this.#gone.add(id)
      throw readFailure(path, error)
    }
  }

  #found(id: PictureId): GalleryPicture {
    const picture = this.#parts.pictures.find(id)
    if (picture === undefined)
      throw new StudioError('file-not-found', 'This picture is not in the gallery any more. Look at the list again.')
    return picture
  }
}
