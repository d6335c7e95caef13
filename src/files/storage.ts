/**
 * Every call to the file system that saving makes, as one small interface, so that tests can fail, shorten, stop or lose any of
 * them. `nodeStorage` is the real one. Errors are the system's own (with `code`); who calls turns them into words.
 */
import {
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rmdir,
  stat,
  statfs,
  unlink,
} from 'node:fs/promises'
import { dirname } from 'node:path'

/** 'wx' makes a new file and fails where there is one; 'r+' is for syncing what is there; 'a' appends. */
export type OpenMode = 'r' | 'r+' | 'wx' | 'a'

export interface StoredFile {
  /** Fills `buffer` from `position` on and returns how many bytes there were; 0 at the end. */
  read(buffer: Uint8Array, position: number): Promise<number>
  /** Returns how many bytes were taken, which a full disk makes fewer than were given, without an error. */
  write(bytes: Uint8Array): Promise<number>
  size(): Promise<number>
  sync(): Promise<void>
  /** As `sync`, less what is not needed to read the bytes back (times). */
  syncData(): Promise<void>
  close(): Promise<void>
}

export interface FileInfo {
  readonly size: number
  /** In ms since 1970. */
  readonly modified: number
  readonly isFolder: boolean
  /** False for folders, and for devices and pipes, which may never end or never begin. */
  readonly isFile: boolean
  /** Permission bits. */
  readonly mode: number
}

export interface Storage {
  /** @param mode permission bits of a new file */
  open(path: string, how: OpenMode, mode?: number): Promise<StoredFile>
  rename(from: string, to: string): Promise<void>
  /** A second name for the same file. */
  link(path: string, name: string): Promise<void>
  unlink(path: string): Promise<void>
  /** With all folders above it. */
  makeFolder(path: string): Promise<void>
  /** An empty one. */
  removeFolder(path: string): Promise<void>
  /** Names in a folder, sorted. */
  list(path: string): Promise<string[]>
  info(path: string): Promise<FileInfo>
  /** The path without symbolic links. */
  realPath(path: string): Promise<string>
  /** What is left for this user on the disk of a folder, in bytes. */
  freeBytes(folder: string): Promise<number>
  /** Makes names that were made, moved or removed in a folder survive a power cut. */
  syncFolder(folder: string): Promise<void>
}

const isWindows = process.platform === 'win32'

class NodeFile implements StoredFile {
  readonly #handle: FileHandle

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  async read(buffer: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.read(buffer, 0, buffer.length, position)).bytesRead
  }

  async write(bytes: Uint8Array): Promise<number> {
    return (await this.#handle.write(bytes)).bytesWritten
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size
  }

  sync(): Promise<void> {
    return this.#handle.sync()
  }

  syncData(): Promise<void> {
    return this.#handle.datasync()
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

export const nodeStorage: Storage = {
  async open(path, how, mode) {
    return new NodeFile(await open(path, how, mode))
  },
  rename,
  link,
  unlink,
  makeFolder: makeFolders,
  removeFolder: rmdir,
  async list(path) {
    return (await readdir(path)).sort()
  },
  async info(path) {
    const found = await stat(path)
    return {
      size: found.size,
      modified: found.mtimeMs,
      isFolder: found.isDirectory(),
      isFile: found.isFile(),
      mode: found.mode & 0o777,
    }
  },
  realPath: (path) => realpath(path),
  async freeBytes(folder) {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  },
  async syncFolder(folder) {
    // Windows cannot open a folder, and orders its names by itself.
    if (isWindows) return
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
}

/**
 * Not mkdir's `recursive`, which never comes back where the system refuses a folder with ENOENT although its parent is there
 * (/proc, some network drives; seen with Node 24).
 */
async function makeFolders(path: string): Promise<void> {
  if (await isFolder(path)) return
  const parent = dirname(path)
  if (parent !== path) await makeFolders(parent)
  await mkdir(path).catch(async (error: unknown) => {
    // Another process may have made it meanwhile.
    if (!(await isFolder(path))) throw error
  })
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true
}

/**
 * The code of a system error, such as ENOSPC; undefined for what is none (Node's own begin with ERR_ and are our bugs). Windows
 * has errors that nobody gave a code: UNKNOWN.
 */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^(?:E[A-Z0-9]+|UNKNOWN)$/.test(code) ? code : undefined
}

/** Makes a folder, with those above it, that survives a power cut: each new one is a name in a folder that has to be synced. */
export async function makeFolderForGood(storage: Storage, path: string): Promise<void> {
  const missing: string[] = []
  for (let folder = path; await isMissing(storage, folder); folder = dirname(folder)) missing.push(folder)
  if (missing.length === 0) return
  await storage.makeFolder(path)
  for (const folder of missing) await storage.syncFolder(dirname(folder))
}

async function isMissing(storage: Storage, path: string): Promise<boolean> {
  return await storage.info(path).then(
    () => false,
    (error: unknown) => {
      if (systemCode(error) === 'ENOENT' && dirname(path) !== path) return true
      throw error
    },
  )
}

/** Writes until every byte is counted. @throws ENOSPC where nothing more is taken, besides the system's errors */
export async function writeFully(file: StoredFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const taken = await file.write(done === 0 ? bytes : bytes.subarray(done))
    if (taken === 0) throw Object.assign(new Error('no space left: nothing was taken'), { code: 'ENOSPC' })
    done += taken
  }
}

/** A part of a file, shorter where the file ends before it. */
export async function readAt(file: Pick<StoredFile, 'read'>, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    const count = await file.read(bytes.subarray(done), position + done)
    if (count === 0) return bytes.subarray(0, done)
    done += count
  }
  return bytes
}

/** A whole file, for files that are known to be small. */
export async function readWhole(storage: Storage, path: string): Promise<Uint8Array> {
  const file = await storage.open(path, 'r')
  try {
    return await readAt(file, 0, await file.size())
  } finally {
    await file.close()
  }
}
