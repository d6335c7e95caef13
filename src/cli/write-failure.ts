/** What the system's refusals to write mean, in words, each with the next step. */
import { StudioError } from '../shared/contract/errors.ts'
import { systemErrorCode } from './system-error.ts'

const elsewhere = 'name another place with --out'

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: `the disk is full: free some space or ${elsewhere}`,
  EDQUOT: `your disk quota is used up: free some space or ${elsewhere}`,
  EROFS: `the disk is read-only: ${elsewhere}`,
  EACCES: `the folder may not be written: change its permissions or ${elsewhere}`,
  EPERM: `the folder may not be written: change its permissions or ${elsewhere}`,
  ENOENT: `its folder is gone or takes no files: ${elsewhere}`,
  EISDIR: 'a folder has that name: name another file with --out',
  ENAMETOOLONG: 'the name is too long: name a shorter one with --out',
}

/** An error of the system as a StudioError 'write-failed' that names `path`; any other error as it is. */
export function writeFailure(path: string, error: unknown): unknown {
  const code = systemErrorCode(error)
  if (code === undefined) return error
  const reason = reasons[code] ?? `the system says ${code}: ${elsewhere}`
  return new StudioError('write-failed', `${path} cannot be written, ${reason}.`, { cause: error })
}
