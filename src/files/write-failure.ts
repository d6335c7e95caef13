/** Why something could not be written, in one line with the next step. The system's code stays in the detail. */
import { dirname } from 'node:path'
import { StudioError } from '../shared/contract/errors.ts'
import { systemCode } from './storage.ts'

/**
 * What went wrong while writing `path`, as a StudioError 'write-failed'. What already is a StudioError (a broken tile, a
 * cancelled job) is not about writing and passes through; so does what has no system code, which is our bug.
 */
export function writeFailure(path: string, error: unknown): unknown {
  const code = systemCode(error)
  if (error instanceof StudioError || code === undefined) return error
  return new StudioError('write-failed', reason(path, code), { detail: code, cause: error })
}

/** Refused before anything was written. `needed` and `free` in bytes. */
export function tooLittleSpace(path: string, needed: number, free: number): StudioError {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
  return new StudioError(
    'write-failed',
    `${path} needs about ${megabytes(needed)} and only ${megabytes(free)} are free there: free some space or save a copy elsewhere.`,
    { detail: 'ENOSPC' },
  )
}

function reason(path: string, code: string): string {
  const folder = dirname(path)
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `${path} was not written, the disk is full: free some space or save a copy elsewhere.`
    case 'EROFS':
      return `${path} was not written, ${folder} is read-only: save a copy in another folder.`
    case 'EACCES':
    case 'EPERM':
      return `${path} was not written, permission is missing in ${folder}: change it or save a copy in another folder.`
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENODEV':
    case 'ENXIO':
    case 'ESTALE':
      return `${path} was not written, ${folder} is gone: reconnect the drive or save a copy in another folder.`
    case 'EIO':
      return `${path} was not written, the disk reports an error: save a copy on another disk.`
    case 'EFBIG':
      return `${path} was not written, files may not be that large there: save a copy on another disk.`
    case 'EBUSY':
    case 'ETXTBSY':
      return `${path} was not written, another program holds it: close that program and save again.`
    case 'EMFILE':
    case 'ENFILE':
      return `${path} was not written, too many files are open: close other programs and save again.`
    default:
      return `${path} was not written (${code}): save again, or save a copy in another folder.`
  }
}
