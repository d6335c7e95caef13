/** Reads the files that are named on the command line. What can go wrong with them ends in a coded error, never in a stack. */
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { systemCode } from '../files/storage.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { InputFile } from './request.ts'

/** More than any picture within the limits of the contract can take, 16-bit and uncompressed. */
const largestFile = 1 << 30

/**
 * The bytes of a file.
 *
 * @throws StudioError 'file-not-found', 'file-unreadable' (a folder, a device, no permission) 'picture-too-large' or
 *   'not-a-picture' (no bytes at all).
 */
export async function readInput(path: string): Promise<InputFile> {
  try {
    const status = await stat(path)
    if (status.isDirectory())
      throw new StudioError('file-unreadable', `${path} is a folder: name a picture file in it.`)
    if (!status.isFile() && !status.isFIFO()) {
      throw new StudioError('file-unreadable', `${path} is not a regular file: name a picture file.`)
    }
    if (status.size > largestFile) {
      throw new StudioError('picture-too-large', `${path} is larger than 1 GB: scale the picture down first.`)
    }
    const bytes = new Uint8Array(await readFile(path))
    if (bytes.length === 0)
      throw new StudioError('not-a-picture', `${path} is empty: name another file, or copy it again.`)
    return { name: basename(path), bytes }
  } catch (error) {
    throw explain(path, error)
  }
}

function explain(path: string, error: unknown): unknown {
  switch (systemCode(error)) {
    case undefined:
      return error
    case 'ENOENT':
    case 'ENOTDIR':
      return new StudioError('file-not-found', `There is no file ${path}: check the name and the folder.`, {
        cause: error,
      })
    case 'EACCES':
    case 'EPERM':
      return new StudioError(
        'file-unreadable',
        `${path} may not be read: change its permissions or copy it elsewhere.`,
        {
          cause: error,
        },
      )
    default:
      return new StudioError('file-unreadable', `${path} could not be read (${systemCode(error)}): try a copy of it.`, {
        cause: error,
      })
  }
}
