/** Small files of JSON, whole or not at all. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
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
