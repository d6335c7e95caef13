/** Small files of JSON, whole or not at all; and folders. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

export function replaceFile(path: string, content: unknown): void {
  const text = `${JSON.stringify(content, null, 2)}\n`
  const partial = `${path}.${process.pid}.paella-part`
  try {
    const fd = openSync(partial, 'w')
    try {
      writeFileSync(fd, text)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(partial, path)
    syncFolder(dirname(path))
  } finally {
    rmSync(partial, { force: true })
  }
}

/**
 * A folder and those above it. Node's own `recursive` says ENOENT of a read-only disk, and never ends below /proc.
 * @throws the system's error
 */
export function makeFolder(path: string): void {
  const above = dirname(path)
  if (!existsSync(above)) makeFolder(above)
  try {
    mkdirSync(path)
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

/** So that names survive a power cut; Windows has no such thing. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
