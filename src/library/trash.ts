/**
 * Where deleted pictures go, always with a way back for as long as the program runs: the system's trash by freedesktop.org's
 * specification, the one that the windowing system offers, or a folder of our own where there is neither.
 */
import { randomUUID } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { moveToFreeName } from '../files/free-name.ts'
import { makeFolderForGood, type Storage, systemCode } from '../files/storage.ts'
import { writeFailure } from '../files/write-failure.ts'

export interface TrashedFile {
  /** Puts it where it was, under a free name where that is taken; returns its path. */
  restore(): Promise<string>
}

export interface Trash {
  /** @throws the system's error where there is no such file, StudioError 'write-failed' */
  put(path: string): Promise<TrashedFile>
}

/** Beside the pictures, so that it is on their disk; for want of a trash of the system. */
export function folderTrash(storage: Storage, folder: string): Trash {
  return {
    async put(path) {
      const kept = await moveInto(storage, folder, path)
      return { restore: () => moveBack(storage, kept, path) }
    },
  }
}

/**
 * A trash that gives nothing back, such as Electron's: a second name of the file keeps it until the program ends.
 *
 * @param folder on the disk of the pictures
 */
export function givingTrash(storage: Storage, folder: string, give: (path: string) => Promise<void>): Trash {
  return {
    async put(path) {
      const kept = join(folder, `${randomUUID()}.png`)
      await makeFolderForGood(storage, folder)
      await storage.link(path, kept)
      try {
        await give(path)
      } catch (error) {
        await storage.unlink(kept)
        throw error
      }
      return { restore: () => moveBack(storage, kept, path) }
    },
  }
}

/** What `givingTrash` kept for a program that was killed. */
export async function emptyFolder(storage: Storage, folder: string): Promise<void> {
  for (const name of await storage.list(folder).catch(() => [])) await storage.unlink(join(folder, name))
}

/** The second trash for what the first one cannot take: files of another disk. */
export function firstOf(first: Trash, second: Trash, onSecond: (path: string) => void): Trash {
  return {
    async put(path) {
      try {
        return await first.put(path)
      } catch (error) {
        if (systemCode(error) === 'ENOENT') throw error
        onSecond(path)
        return await second.put(path)
      }
    },
  }
}

async function moveInto(storage: Storage, folder: string, path: string): Promise<string> {
  await storage.info(path)
  try {
    await makeFolderForGood(storage, folder)
    return await moveFree(storage, path, join(folder, basename(path)))
  } catch (error) {
    throw writeFailure(path, error)
  }
}

/** Out of a trash again. @throws StudioError 'write-failed' */
export async function moveBack(storage: Storage, kept: string, path: string): Promise<string> {
  try {
    await makeFolderForGood(storage, dirname(path))
    return await moveFree(storage, kept, path)
  } catch (error) {
    throw writeFailure(path, error)
  }
}

async function moveFree(storage: Storage, from: string, to: string): Promise<string> {
  const path = await moveToFreeName(storage, from, to)
  // A hard link leaves the old name.
  await storage.unlink(from).catch(() => undefined)
  return path
}
