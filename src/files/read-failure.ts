/** Why a file could not be read, in one line with the next step. */
import { StudioError } from '../shared/contract/errors.ts'
import { systemCode } from './storage.ts'

/** An error of the system as 'file-not-found' or 'file-unreadable'; any other as it is. */
export function readFailure(path: string, error: unknown): unknown {
  const code = systemCode(error)
  if (error instanceof StudioError || code === undefined) return error
  const options = { detail: code, cause: error }
  if (code === 'ENOENT')
    return new StudioError('file-not-found', `${path} does not exist: choose another file.`, options)
  return new StudioError(
    'file-unreadable',
    `${path} cannot be read (${code}): check its permissions and its disk.`,
    options,
  )
}
