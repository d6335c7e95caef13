/**
 * Why something could not be written, in one line with the next step. The system's code stays in the detail. The command line
 * words the same causes with steps of its own (cli/write-failure.ts).
 */
import { dirname } from 'node:path'
import { StudioError } from '../shared/contract/errors.ts'
import { systemCode } from './storage.ts'

/** What the person can do about it. */
export type NextStep =
  | 'free-space'
  | 'other-folder'
  | 'permission'
  | 'reconnect'
  | 'other-disk'
  | 'close-it'
  | 'close-others'
  | 'again'

export interface WriteProblem {
  /** Completes a sentence: 'the disk is full'. */
  readonly cause: string
  readonly step: NextStep
}

const steps: Readonly<Record<NextStep, string>> = {
  'free-space': 'free some space or save a copy elsewhere',
  'other-folder': 'save a copy in another folder',
  permission: 'change it or save a copy in another folder',
  reconnect: 'reconnect the drive or save a copy in another folder',
  'other-disk': 'save a copy on another disk',
  'close-it': 'close that program and save again',
  'close-others': 'close other programs and save again',
  again: 'save again, or save a copy in another folder',
}

/**
 * What went wrong while writing `path`, as a StudioError 'write-failed'. What already is a StudioError (a broken tile, a
 * cancelled job) is not about writing and passes through; so does what has no system code, which is our bug.
 */
export function writeFailure(path: string, error: unknown): unknown {
  const code = systemCode(error)
  if (error instanceof StudioError || code === undefined) return error
  const { cause, step } = writeProblem(path, code)
  return new StudioError('write-failed', `${path} was not written, ${cause}: ${steps[step]}.`, {
    detail: code,
    cause: error,
  })
}

/** Refused before anything was written. `needed` and `free` in bytes. */
export function tooLittleSpace(path: string, needed: number, free: number): StudioError {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
  return new StudioError(
    'write-failed',
    `${path} needs about ${megabytes(needed)} and only ${megabytes(free)} are free there: ${steps['free-space']}.`,
    { detail: 'ENOSPC' },
  )
}

/** What one of the system's codes means for a file. */
export function writeProblem(path: string, code: string): WriteProblem {
  const folder = dirname(path)
  switch (code) {
    case 'ENOSPC':
      return { cause: 'the disk is full', step: 'free-space' }
    case 'EDQUOT':
      return { cause: 'the disk is full, or your share of it', step: 'free-space' }
    case 'EROFS':
      return { cause: `${folder} is read-only`, step: 'other-folder' }
    case 'EACCES':
    case 'EPERM':
      return { cause: `permission is missing in ${folder}`, step: 'permission' }
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENODEV':
    case 'ENXIO':
    case 'ESTALE':
      return { cause: 'its folder is gone or takes no files', step: 'reconnect' }
    case 'EISDIR':
      return { cause: 'a folder has that name', step: 'other-folder' }
    case 'ENAMETOOLONG':
      return { cause: 'the name is too long', step: 'other-folder' }
    case 'EIO':
      return { cause: 'the disk reports an error', step: 'other-disk' }
    case 'EFBIG':
      return { cause: 'files may not be that large there', step: 'other-disk' }
    case 'EBUSY':
    case 'ETXTBSY':
      return { cause: 'another program holds it', step: 'close-it' }
    case 'EMFILE':
    case 'ENFILE':
      return { cause: 'too many files are open', step: 'close-others' }
    default:
      return { cause: `the system says ${code}`, step: 'again' }
  }
}
