/**
 * Replaces a file whole or not at all (reliability.md, 4.2): a temporary file beside it, every byte counted, synced, its size
 * checked, renamed, the folder synced. Chunks come one by one, so a file is never in memory as a whole.
 */
import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { moveToFreeName } from './free-name.ts'
import { readAt, type Storage, type StoredFile, systemCode, writeFully } from './storage.ts'
import { tooLittleSpace, writeFailure } from './write-failure.ts'

export interface SaveOptions {
  /** About how large the file will be, in bytes: refused at once where less than 1.2 times that is free. */
  readonly estimate?: number
  /** What happens where there is such a file: it is replaced, or the new one gets a number: `apple-2.png`. */
  readonly ifTaken?: 'replace' | 'number'
  /** Told of the temporary file before it is made; what comes back is called when it is gone. */
  readonly onTemporary?: (path: string) => () => void
  /** Keeps what was there as `<name>~1`: meant for the first save of a session. */
  readonly keepPrevious?: boolean
  /** How long to wait between attempts to rename, in ms; Windows refuses while a virus scanner reads the file. */
  readonly patience?: readonly number[]
}

export interface Saved {
  /** Where it was written: another place than was asked for where that was taken and was to stay. */
  readonly path: string
  readonly bytes: number
  /** True where the previous version lies beside the file. False does not fail a save. */
  readonly previousKept: boolean
}

export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

const suffix = 'paella-part'
const windowsPatience = [50, 100, 200, 400, 500, 600]
const copyChunk = 1 << 20

/**
 * Saves `chunks` as `path`; a symbolic link stays one and the file it points at is replaced. After an error the old file is as
 * it was and nothing lies beside it; only if the very last step fails (syncing the folder) the new one may already stand.
 *
 * @throws StudioError 'write-failed', or whatever `chunks` throws
 */
export async function atomicSave(
  storage: Storage,
  path: string,
  chunks: Chunks,
  options: SaveOptions = {},
): Promise<Saved> {
  try {
    return await save(storage, path, chunks, options)
  } catch (error) {
    throw writeFailure(path, error)
  }
}

async function save(storage: Storage, path: string, chunks: Chunks, options: SaveOptions): Promise<Saved> {
  const replaces = options.ifTaken !== 'number'
  const target = (replaces ? await unlessMissing(storage.realPath(path)) : undefined) ?? path
  const before = replaces ? await unlessMissing(storage.info(target)) : undefined
  const folder = dirname(target)
  if (options.estimate !== undefined) await checkSpace(storage, path, folder, options.estimate * 1.2)
  const temporary = temporaryName(target)
  const gone = options.onTemporary?.(temporary)
  let made = false
  try {
    const file = await storage.open(temporary, 'wx', before?.mode)
    made = true
    const bytes = await writeAll(file, chunks)
    if (!replaces) {
      const free = await moveToFreeName(storage, temporary, path)
      await storage.syncFolder(folder)
      return { path: free, bytes, previousKept: false }
    }
    const previousKept = options.keepPrevious === true && before !== undefined && (await keep(storage, target))
    await renamePatiently(storage, temporary, target, options.patience)
    made = false
    await storage.syncFolder(folder)
    return { path, bytes, previousKept }
  } finally {
    if (made) await storage.unlink(temporary).catch(() => undefined)
    gone?.()
  }
}

/** Short, however long the name is: a folder takes names of 255 bytes at most. */
function temporaryName(target: string): string {
  const name = Array.from(basename(target)).slice(0, 40).join('')
  return join(dirname(target), `.${name}.${process.pid}-${randomBytes(6).toString('hex')}.${suffix}`)
}

async function writeAll(file: StoredFile, chunks: Chunks): Promise<number> {
  let bytes = 0
  try {
    for await (const chunk of chunks) {
      await writeFully(file, chunk)
      bytes += chunk.length
    }
    await file.sync()
    const size = await file.size()
    if (size !== bytes) throw Object.assign(new Error(`${size} of ${bytes} bytes arrived`), { code: 'ENOSPC' })
  } finally {
    await file.close()
  }
  return bytes
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

async function checkSpace(storage: Storage, path: string, folder: string, needed: number): Promise<void> {
  // Some network drives cannot say; then the write itself finds out.
  const free = await storage.freeBytes(folder).catch(() => Number.POSITIVE_INFINITY)
  if (free < needed) throw tooLittleSpace(path, needed, free)
}

/** A hard link costs nothing and leaves the file in place all the time; where the disk has none, a copy. */
async function keep(storage: Storage, target: string): Promise<boolean> {
  const next = `${target}~1.${randomBytes(6).toString('hex')}.${suffix}`
  try {
    await storage.link(target, next)
  } catch {
    return await atomicSave(storage, `${target}~1`, contents(storage, target)).then(
      () => true,
      () => false,
    )
  }
  try {
    await storage.rename(next, `${target}~1`)
    return true
  } catch {
    return false
  } finally {
    // Renaming one of two names of the same file onto the other does nothing at all, by POSIX: then this one is left.
    await storage.unlink(next).catch(() => undefined)
  }
}

async function* contents(storage: Storage, path: string): AsyncGenerator<Uint8Array> {
  const file = await storage.open(path, 'r')
  try {
    for (let at = 0; ; ) {
      const chunk = await readAt(file, at, copyChunk)
      if (chunk.length === 0) return
      yield chunk
      at += chunk.length
    }
  } finally {
    await file.close()
  }
}

async function renamePatiently(
  storage: Storage,
  from: string,
  to: string,
  patience: readonly number[] = process.platform === 'win32' ? windowsPatience : [],
): Promise<void> {
  for (const wait of patience) {
    try {
      return await storage.rename(from, to)
    } catch (error) {
      if (!['EPERM', 'EACCES', 'EBUSY'].includes(systemCode(error) ?? '')) throw error
      await sleep(wait)
    }
  }
  await storage.rename(from, to)
}

/**
 * Removes what killed processes left beside files of a folder. Returns the names.
 *
 * @param isAlive of a process id: what a living one writes stays
 * @param age ms since it was last written to; on a shared drive it may be another machine's process that writes
 */
export async function removeLeftovers(
  storage: Storage,
  folder: string,
  isAlive: (pid: number) => boolean,
  age = 0,
): Promise<string[]> {
  const removed: string[] = []
  for (const name of await storage.list(folder)) {
    const pid = /^\..+\.(\d+)-[0-9a-f]{12}\.paella-part$/.exec(name)?.[1]
    if (pid === undefined || isAlive(Number(pid))) continue
    const path = join(folder, name)
    if (age > 0 && Date.now() - (await storage.info(path)).modified < age) continue
    await storage.unlink(path)
    removed.push(name)
  }
  return removed
}
