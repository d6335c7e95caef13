/**
 * Files that a person chose, told apart by what is in them and not by their names: OpenRaster, which is read piece by piece, or
 * something that the engine's decoders may know, whose bytes are read whole.
 */
import { basename } from 'node:path'
import { OraFile, type OraOpening } from '../files/ora-read.ts'
import { readFailure } from '../files/read-failure.ts'
import { readAt, readWhole, type Storage } from '../files/storage.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { FileSource } from '../shared/contract/studio-api.ts'

export type FoundFile = {
  /** With its ending. */
  readonly name: string
  readonly path: string | null
} & (
  | { readonly is: 'document'; readonly open: (options?: OraOpening) => Promise<OraFile> }
  | { readonly is: 'picture'; readonly bytes: Uint8Array }
)

/** More than any picture within the limits can take, 16-bit and uncompressed. */
const largestPicture = 2 ** 30
const zipMagic = Buffer.from('PK\x03\x04')

/** @throws StudioError 'file-not-found', 'file-unreadable', 'picture-too-large', 'not-a-picture' where there are no bytes */
export async function findFile(storage: Storage, source: FileSource): Promise<FoundFile> {
  if (source.kind === 'bytes') {
    const { name, bytes } = source
    if (bytes.length === 0) throw empty(name)
    if (isZip(bytes)) return { is: 'document', name, path: null, open: (options) => OraFile.fromBytes(bytes, options) }
    return { is: 'picture', name, path: null, bytes }
  }
  const { path } = source
  const file = { name: basename(path), path }
  try {
    const { isFile, isFolder, size } = await storage.info(path)
    if (!isFile) throw notAFile(path, isFolder)
    if (size === 0) throw empty(path)
    if (isZip(await firstBytes(storage, path)))
      return { ...file, is: 'document', open: (options) => OraFile.open(storage, path, options) }
    if (size > largestPicture)
      throw new StudioError('picture-too-large', `${path} is larger than 1 GB. Scale the picture down first.`)
    return { ...file, is: 'picture', bytes: await readWhole(storage, path) }
  } catch (error) {
    throw readFailure(path, error)
  }
}

/** The name without its ending, for what is made of the file. */
export function stemOf(name: string): string {
  return name.replace(/(?<=.)\.[A-Za-z0-9]{1,5}$/, '')
}

const isZip = (bytes: Uint8Array): boolean => zipMagic.equals(bytes.subarray(0, zipMagic.length))

async function firstBytes(storage: Storage, path: string): Promise<Uint8Array> {
  const file = await storage.open(path, 'r')
  try {
    return await readAt(file, 0, zipMagic.length)
  } finally {
    await file.close()
  }
}

function empty(name: string): StudioError {
  return new StudioError('not-a-picture', `${name} is empty. Choose another file, or copy it again.`)
}

function notAFile(path: string, isFolder: boolean): StudioError {
  const what = isFolder ? 'is a folder: choose a file in it' : 'is no file: choose another'
  return new StudioError('file-unreadable', `${path} ${what}.`)
}
