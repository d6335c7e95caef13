/**
 * Brings the index and the folder of pictures together when a program starts: files without a row get one, by their own mark, and
 * count as made for their job. So a kill between file and row doubles nothing, and a lost index is built anew.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { removeLeftovers } from '../files/atomic-save.ts'
import { processIdentity } from '../files/process-identity.ts'
import { readWhole, type Storage } from '../files/storage.ts'
import type { Database } from './database.ts'
import type { JobStore } from './job-store.ts'
import { type PictureFacts, readFacts } from './picture-file.ts'
import type { PictureStore } from './picture-store.ts'

export interface Stores {
  readonly database: Database
  readonly jobs: JobStore
  readonly pictures: PictureStore
}

/** Returns how many files were taken in. */
export async function adoptFiles(storage: Storage, folder: string, stores: Stores): Promise<number> {
  const known = stores.pictures.paths()
  const there = new Set<string>()
  const unknown: string[] = []
  for (const day of await foldersOf(storage, folder)) {
    const isAlive = (pid: number): boolean => pid !== process.pid && processIdentity(pid) !== undefined
    await removeLeftovers(storage, day, isAlive).catch(() => [])
    for (const name of await storage.list(day)) {
      if (!/^[^.].*\.png$/i.test(name)) continue
      const path = join(day, name)
      there.add(path)
      if (!known.has(path)) unknown.push(path)
    }
  }
  const places = new Map([...known].map(([path, id]) => [id, path]))
  let adopted = 0
  for (const path of unknown) if (await adopt(storage, stores, path, places, there)) adopted += 1
  return adopted
}

async function adopt(
  storage: Storage,
  { database, jobs, pictures }: Stores,
  path: string,
  places: Map<string, string>,
  there: ReadonlySet<string>,
): Promise<boolean> {
  const facts = await factsOf(storage, path)
  if (facts === undefined) return false
  const { mark, recipe, width, height } = facts
  const before = mark && places.get(mark.id)
  if (mark !== undefined && before !== undefined) {
    // A copy of a picture that is where it was; else that picture, moved by the person.
    if (there.has(before)) return false
    pictures.show(mark.id, path)
    places.set(mark.id, path)
    return true
  }
  const partial = typeof recipe.request.sampling.stopAfter === 'number'
  const madeAt = (await storage.info(path)).modified
  const isSecond = mark !== undefined && !partial && pictures.ofJob(mark.job, mark.place) !== undefined
  const of = mark === undefined || isSecond ? { id: randomUUID(), job: null, place: null } : mark
  database.transaction(() => {
    pictures.add({ ...of, madeAt: Math.round(madeAt), width, height, recipe, partial, path })
    if (of.job !== null && !partial) jobs.markMade(of.job, of.place)
  })
  places.set(of.id, path)
  return true
}

async function factsOf(storage: Storage, path: string): Promise<PictureFacts | undefined> {
  try {
    return readFacts(await readWhole(storage, path))
  } catch {
    // A file of somebody else, or one that cannot be read today.
    return undefined
  }
}

async function foldersOf(storage: Storage, folder: string): Promise<string[]> {
  const names = await storage.list(folder).catch(() => [])
  const found: string[] = []
  for (const name of names) {
    const path = join(folder, name)
    if (!name.startsWith('.') && (await storage.info(path).catch(() => undefined))?.isFolder === true) found.push(path)
  }
  return found
}
