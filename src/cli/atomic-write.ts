/**
 * Writes a file whole or not at all: a temporary file in the same folder, synced, its length checked, then moved into place.
 * An existing file is replaced only where the caller says so; otherwise the name gets a counter: `apple-7-2.png`.
 */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { link, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { StudioError } from '../shared/contract/errors.ts'
import { systemErrorCode } from './system-error.ts'
import { writeFailure } from './write-failure.ts'

/**
 * Returns the path that was written, which differs from `path` where that was taken and `replace` is false.
 *
 * @throws StudioError 'write-failed'; nothing is left behind, and a file that was to be replaced is as it was.
 */
export async function writeWhole(path: string, bytes: Uint8Array, { replace }: { replace: boolean }): Promise<string> {
  // A symbolic link stays one: the file it points at is what gets replaced.
  const target = replace ? await realpath(path).catch(() => path) : path
  const temporary = temporaryFile(dirname(target))
  const drop = () => rmSync(temporary, { force: true })
  // A second Ctrl-C ends the process at once, perhaps in the middle of this.
  process.once('exit', drop)
  try {
    await writeSynced(temporary, bytes)
    if (!replace) return await moveToFreeName(temporary, path)
    await rename(temporary, target)
    return path
  } catch (error) {
    throw writeFailure(path, error)
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined)
    process.off('exit', drop)
  }
}

/**
 * Shows, before the work whose result goes there, that files can be made in a folder. Permissions do not tell: some disks and
 * system folders refuse everybody.
 *
 * @throws the system's error
 */
export async function probeFolder(folder: string): Promise<void> {
  const temporary = temporaryFile(folder)
  await (await open(temporary, 'wx')).close()
  await rm(temporary)
}

const temporaryFile = (folder: string): string => join(folder, `.${randomBytes(6).toString('hex')}.paella-part`)

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
    await file.sync()
    const { size } = await file.stat()
    // A full disk can shorten a write without an error.
    if (size !== bytes.length) throw new StudioError('write-failed', shortWrite(path, size, bytes.length))
  } finally {
    await file.close()
  }
}

function shortWrite(path: string, size: number, wanted: number): string {
  const folder = dirname(path)
  return `Only ${size} of ${wanted} bytes could be written in ${folder}: free some space or name another place with --out.`
}

async function moveToFreeName(temporary: string, path: string): Promise<string> {
  for (let copy = 1; ; copy++) {
    const candidate = copy === 1 ? path : numbered(path, copy)
    if (await moveIfFree(temporary, candidate)) return candidate
  }
}

function numbered(path: string, copy: number): string {
  const extension = extname(path)
  return join(dirname(path), `${basename(path, extension)}-${copy}${extension}`)
}

/** False where the name is taken. A hard link cannot replace a file, so two writers at once cannot both win. */
async function moveIfFree(temporary: string, candidate: string): Promise<boolean> {
  try {
    await link(temporary, candidate)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false
    if (!isWithoutHardLinks(error)) throw error
  }
  if ((await stat(candidate).catch(() => undefined)) !== undefined) return false
  await rename(temporary, candidate)
  return true
}

/** FAT, exFAT and some network drives. */
function isWithoutHardLinks(error: unknown): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR', 'UNKNOWN'].includes(systemErrorCode(error) ?? '')
}
