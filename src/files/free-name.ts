/** A name that no file has yet: the wished one, or the first with a number that is free. */
import { basename, dirname, extname, join } from 'node:path'
import { type Storage, systemCode } from './storage.ts'

/**
 * Gives a finished file its name without ever replacing another, and returns it. Where the disk knows hard links, two who want
 * the same name at once both get one; the caller removes the temporary name, which is left over then.
 */
export async function moveToFreeName(storage: Storage, temporary: string, path: string): Promise<string> {
  for (let copy = 1; ; copy++) {
    const candidate = copy === 1 ? path : numbered(path, copy)
    if (await moveIfFree(storage, temporary, candidate)) return candidate
  }
}

function numbered(path: string, copy: number): string {
  const extension = extname(path)
  return join(dirname(path), `${basename(path, extension)}-${copy}${extension}`)
}

/** False where the name is taken. */
async function moveIfFree(storage: Storage, temporary: string, candidate: string): Promise<boolean> {
  try {
    await storage.link(temporary, candidate)
    return true
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST') return false
    if (code === undefined || !withoutHardLinks.includes(code)) throw error
  }
  if ((await storage.info(candidate).catch(() => undefined)) !== undefined) return false
  await storage.rename(temporary, candidate)
  return true
}

/** FAT, exFAT and some network drives. */
const withoutHardLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR', 'UNKNOWN']
