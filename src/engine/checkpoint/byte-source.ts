/**
 * The bytes of a file from a stranger, by place, and how its faults are told. Read synchronously: import has a process of its
 * own (host/import-process.ts) that has nothing else to do, and 70,000 small reads cost a tenth so.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { StudioError } from '../../shared/contract/errors.ts'

export interface ByteSource {
  /** Base name of the file, for errors. */
  readonly name: string
  readonly size: number
  /** A copy of `length` bytes from `offset` on. @throws StudioError 'file-unreadable' where the file has become shorter */
  read(offset: number, length: number): Buffer
}

export interface OpenFile extends ByteSource {
  /** @throws StudioError 'file-unreadable' where the file is not what it was when it was opened */
  checkUnchanged(): void
  close(): void
}

/** @throws StudioError 'file-not-found', or 'model-broken' where it is no plain file */
export function openFile(path: string): OpenFile {
  const name = basename(path)
  const fd = open(path)
  const { size, mtimeMs, isFile } = facts(fd)
  if (!isFile) {
    closeSync(fd)
    throw refused(name, 'it is no file')
  }
  const changed = (): StudioError =>
    new StudioError(
      'file-unreadable',
      `${shown(name)} changed while it was read: wait until it is complete, then import.`,
    )
  return {
    name,
    size,
    read(offset, length) {
      const bytes = Buffer.allocUnsafe(length)
      let done = 0
      while (done < length) {
        const count = readSync(fd, bytes, done, length - done, offset + done)
        if (count === 0) throw changed()
        done += count
      }
      return bytes
    },
    checkUnchanged() {
      const now = facts(fd)
      if (now.size !== size || now.mtimeMs !== mtimeMs) throw changed()
    },
    close: () => closeSync(fd),
  }
}

function open(path: string): number {
  try {
    // A pipe would be waited for until somebody writes to it. Windows has none that have paths like files.
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (cause) {
    const message = `Cannot open ${shown(path)}: check the name and the permissions.`
    throw new StudioError('file-not-found', message, { cause })
  }
}

function facts(fd: number) {
  const stat = fstatSync(fd)
  return { size: stat.size, mtimeMs: stat.mtimeMs, isFile: stat.isFile() }
}

const longestName = 80
const longestMessage = 200

/** A name out of a file as one may show it: no line breaks, no colours, nothing that turns the direction of a line; cut. */
export function shown(text: string): string {
  const plain = text.replace(
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return plain.length <= longestName ? plain : `${plain.slice(0, longestName - 1)}…`
}

/**
 * What is said of a file that is damaged or was made to do harm.
 * @param why completes "NAME cannot be imported: it ..."
 */
export function refused(name: string, why: string, next = 'fetch or copy it again'): StudioError {
  const message = `${shown(name)} cannot be imported: ${why}; ${next}.`
  if (message.length <= longestMessage) return new StudioError('model-broken', message)
  return new StudioError('model-broken', `${message.slice(0, longestMessage - 1)}…`, { detail: message })
}
