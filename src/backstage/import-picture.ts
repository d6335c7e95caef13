/** A picture file as tiles of an open document, to become a layer of it; of a document, its merged image. */
import { limits } from '../document/limits.ts'
import { cutTiles } from '../files/cut-tiles.ts'
import type { FileSource, ImportedPicture } from '../shared/contract/studio-api.ts'
import type { Desk } from './desk.ts'
import { findFile, type FoundFile, stemOf } from './file-source.ts'
import type { OpenDocument } from './open-document.ts'
import { recipeIn } from './recipe-text.ts'

/** @throws StudioError 'file-not-found', 'not-a-picture', 'picture-too-large', 'engine-lost', 'write-failed' ... */
export async function importPicture(desk: Desk, document: OpenDocument, source: FileSource): Promise<ImportedPicture> {
  const file = await findFile(desk.storage, source)
  const bytes = await pictureOf(file)
  const pixels = await desk.codecs.decodePicture({ bytes, name: file.name })
  const sink = { put: (tile: Uint8Array) => document.putTile(tile), sync: () => document.tiles.sync() }
  const { tiles } = await cutTiles(pixels, { x: 0, y: 0 }, sink)
  const { width, height } = pixels
  const recipe = recipeIn(bytes, limits.recipe)
  return { name: stemOf(file.name), width, height, surface: { channels: 4, tiles }, recipe }
}

async function pictureOf(file: FoundFile): Promise<Uint8Array> {
  if (file.is === 'picture') return file.bytes
  const ora = await file.open({ ignoreOwnData: true })
  try {
    return await ora.merged()
  } finally {
    await ora.close()
  }
}
