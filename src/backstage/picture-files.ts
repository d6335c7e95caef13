/**
 * Whole picture files for the page: the bytes of one, which may say how it was made, and animations, which the engine has encoded.
 * Both are looked at first: a page gets and writes pictures, and nothing else.
 */
import { basename, dirname } from 'node:path'
import { atomicSave } from '../files/atomic-save.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { FileSource, SavedFile } from '../shared/contract/studio-api.ts'
import type { Desk } from './desk.ts'
import { findFile } from './file-source.ts'

/** How picture files begin: PNG, JPEG, GIF, TIFF of both kinds, and the boxes of WebP and AVIF. */
const beginnings = [/^\x89PNG/, /^\xff\xd8\xff/, /^GIF8/, /^II\*\0/, /^MM\0\*/, /^RIFF....WEBP/s, /^....ftyp/s]

export async function readPictureFile(
  desk: Desk,
  source: FileSource,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const file = await findFile(desk.storage, source)
  if (file.is === 'picture' && beginnings.some((form) => form.test(start(file.bytes)))) {
    return { name: file.name, bytes: file.bytes }
  }
  throw new StudioError('not-a-picture', `${file.name} is no picture file. Choose a PNG, JPEG, WebP or AVIF file.`)
}

export async function writeAnimation(desk: Desk, path: string, bytes: Uint8Array): Promise<SavedFile> {
  const isGif = /\.gif$/i.test(path)
  if (!(isGif ? /^GIF8/ : /^RIFF....WEBP/s).test(start(bytes))) {
    throw new StudioError('bad-request', `What is to be written to ${basename(path)} is no such animation.`)
  }
  await desk.prepareFolder(dirname(path))
  const saved = await atomicSave(desk.storage, path, [bytes])
  return { path, name: basename(path), bytes: saved.bytes }
}

const start = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(0, 12)).toString('latin1')
