/**
 * Queue and gallery of a data folder, opened with the first call or `start`, and closed with the program:
 *
 *   library.sqlite             jobs, their requests, and the index of the pictures
 *   pictures/YYYY-MM-DD/*.png  the pictures themselves, each with its recipe and the mark of its job
 *   pictures/.trash            deleted ones where the system has no trash for them
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { makeFolderForGood, type Storage } from '../files/storage.ts'
import { writeFailure } from '../files/write-failure.ts'
import type { EngineApi } from '../shared/contract/engine-api.ts'
import { type GalleryApi, galleryMethods } from '../shared/contract/gallery-api.ts'
import { type QueueApi, queueMethods } from '../shared/contract/queue-api.ts'
import type { StudioEvent } from '../shared/contract/studio-api.ts'
import { adoptFiles, type Stores } from './adopt-files.ts'
import { libraryFailure, openDatabase } from './database.ts'
import { desktopTrash, desktopTrashFolder } from './desktop-trash.ts'
import { Gallery } from './gallery.ts'
import { JobStore } from './job-store.ts'
import { PictureStore } from './picture-store.ts'
import { Queue } from './queue.ts'
import { takeOverOthers } from './take-over.ts'
import { Throttle } from './throttle.ts'
import { emptyFolder, firstOf, folderTrash, givingTrash, type Trash } from './trash.ts'

export interface LibraryOptions {
  readonly storage: Storage
  readonly dataFolder: string
  readonly engine: EngineApi
  readonly onEvent: (event: StudioEvent) => void
  readonly log: (line: string) => void
  /** The windowing system's trash, where there is one. */
  readonly giveToTrash?: ((path: string) => Promise<void>) | undefined
  /** For tests: another trash than this system's, and a smaller cap on what trajectories take, in bytes. */
  readonly trash?: Trash | undefined
  readonly mostTrajectories?: number | undefined
}

export interface Library {
  readonly api: QueueApi & GalleryApi
  /** Opens it and goes on with what waits. @throws StudioError 'write-failed' */
  start(): Promise<void>
  close(): Promise<void>
}

interface Opened {
  readonly stores: Stores
  readonly queue: Queue
  readonly gallery: Gallery
}

/** Between two events of the gallery. */
const eventMilliseconds = 250

export function createLibrary(options: LibraryOptions): Library {
  const { storage, dataFolder, engine, onEvent, log } = options
  const folder = join(dataFolder, 'pictures')
  const galleryTold = new Throttle(eventMilliseconds, () => onEvent({ type: 'gallery' }))
  const onPicture = (): void => galleryTold.poke()
  let opening: Promise<Opened> | undefined
  let closing: Promise<void> | undefined

  async function open(): Promise<Opened> {
    await makeFolderForGood(storage, dataFolder).catch((error: unknown) => {
      throw writeFailure(dataFolder, error)
    })
    const database = openDatabase(dataFolder, log)
    try {
      takeOverOthers(database, dataFolder, log)
      const stores = {
        database,
        jobs: new JobStore(database),
        pictures: new PictureStore(database, options.mostTrajectories),
      }
      stores.pictures.removeTrashed()
      const undone = join(folder, '.undo')
      await emptyFolder(storage, undone)
      const adopted = await adoptFiles(storage, folder, stores)
      if (adopted > 0) log(`${adopted} pictures were taken into the gallery`)
      const trash = options.trash ?? systemTrash(options, folder, undone)
      const { pictures } = stores
      const gallery = new Gallery({ storage, pictures, codecs: engine, trash, onChange: onPicture, log })
      const onChange = (
        queue: Parameters<Queue['queue']> extends [] ? Awaited<ReturnType<Queue['queue']>> : never,
      ): void => onEvent({ type: 'queue', queue })
      const queue = new Queue({ storage, engine, stores, folder, onChange, onPicture, log })
      queue.start()
      return { stores, queue, gallery }
    } catch (error) {
      database.close()
      throw libraryFailure(error, dataFolder)
    }
  }

  /** What failed is tried again by the next call. */
  function opened(): Promise<Opened> {
    opening ??= open().catch((error: unknown) => {
      opening = undefined
      throw error
    })
    return opening
  }

  return {
    api: libraryApi(opened, dataFolder),
    async start() {
      await opened()
    },
    close() {
      closing ??= (async () => {
        const library = await opening?.catch(() => undefined)
        await library?.queue.close()
        galleryTold.stop()
        library?.stores.database.close()
        await emptyFolder(storage, join(folder, '.undo'))
      })()
      return closing
    },
  }
}

/** Method by method, each on the opened library. */
function libraryApi(opened: () => Promise<Opened>, folder: string): QueueApi & GalleryApi {
  type Method = (...args: readonly unknown[]) => Promise<unknown>
  const through = (part: 'queue' | 'gallery', name: string): [string, Method] => [
    name,
    async (...args) => {
      const target = (await opened())[part] as unknown as Readonly<Record<string, Method>>
      try {
        return await target[name]?.(...args)
      } catch (error) {
        throw libraryFailure(error, folder)
      }
    },
  ]
  return Object.fromEntries([
    ...Object.keys(queueMethods).map((name) => through('queue', name)),
    ...Object.keys(galleryMethods).map((name) => through('gallery', name)),
  ]) as unknown as QueueApi & GalleryApi
}

function systemTrash({ storage, giveToTrash, log }: LibraryOptions, folder: string, undone: string): Trash {
  const own = folderTrash(storage, join(folder, '.trash'))
  const onSecond = (path: string): void =>
    log(`${path} went to ${join(folder, '.trash')}: the system's trash did not take it`)
  if (process.platform === 'linux')
    return firstOf(desktopTrash(storage, desktopTrashFolder(homedir(), process.env['XDG_DATA_HOME'])), own, onSecond)
  return giveToTrash === undefined ? own : firstOf(givingTrash(storage, undone, giveToTrash), own, onSecond)
}
