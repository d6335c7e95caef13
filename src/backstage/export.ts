/** The flattened picture, or a part of it, as a file or as bytes. PNG is written here strip by strip; the others by the engine. */
import { basename, dirname } from 'node:path'
import type { Records } from '../document/invariants.ts'
import { atomicSave } from '../files/atomic-save.ts'
import { flattened, wholeCanvas } from '../files/flatten.ts'
import { packStrip, pngChunks, type StripPicture, wholePicture } from '../files/picture-strips.ts'
import { throwIfCancelled } from '../shared/base/cancel.ts'
import { StudioError } from '../shared/contract/errors.ts'
import { isTooLarge, type PictureFormat, pictureLimitsText } from '../shared/contract/picture.ts'
import type { ExportRequest, SavedFile } from '../shared/contract/studio-api.ts'
import type { Rect } from '../shared/geometry/rect.ts'
import type { Desk } from './desk.ts'
import { stemOf } from './file-source.ts'
import type { OpenDocument } from './open-document.ts'
import type { Work } from './open-file.ts'
import { recipeChunks } from './recipe-text.ts'

export type Exported = SavedFile & { readonly content: Uint8Array | null }

type Encoded = AsyncIterable<Uint8Array> | readonly Uint8Array[]

const endings = { png: '.png', jpeg: '.jpg', webp: '.webp', avif: '.avif' } as const

/** @throws StudioError 'write-failed', 'picture-too-large', 'bad-request', 'engine-lost', 'document-broken', 'cancelled' */
export async function exportPicture(
  desk: Desk,
  document: OpenDocument,
  request: ExportRequest,
  work: Work,
): Promise<Exported> {
  const { format, path } = request
  return await document.using(async (records) => {
    const area = checkedArea(records, request.area)
    if ((path === null || format.type !== 'png') && isTooLarge(area)) throw tooLarge(area)
    const picture = flattened(records, (id) => document.tiles.get(id), area)
    const chunks = await encoded(desk, picture, format, request.recipe, work)
    if (path !== null) {
      await desk.prepareFolder(dirname(path))
      const { bytes } = await atomicSave(desk.storage, path, chunks)
      return { path, name: basename(path), bytes, content: null }
    }
    const content = await gathered(chunks)
    return { path: '', name: stemOf(document.name) + endings[format.type], bytes: content.length, content }
  })
}

async function encoded(
  desk: Desk,
  picture: StripPicture,
  format: PictureFormat,
  recipe: string | null,
  { signal, onProgress }: Work,
): Promise<Encoded> {
  let done = 0
  const onStrip = (): void => {
    throwIfCancelled(signal)
    done += 1
    onProgress(done / picture.strips.length)
  }
  if (format.type === 'png')
    return pngChunks(picture, { pack: packStrip, onStrip, extra: recipe === null ? [] : await recipeChunks(recipe) })
  const pixels = await wholePicture(picture, onStrip)
  return [await desk.codecs.encodePicture({ pixels, format })]
}

async function gathered(chunks: Encoded): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Uint8Array.from(Buffer.concat(all))
}

function checkedArea(records: Records, area: Rect | null): Rect {
  const canvas = wholeCanvas(records)
  if (area === null) return canvas
  if (area.x + area.width <= canvas.width && area.y + area.height <= canvas.height) return area
  throw new StudioError(
    'bad-request',
    `The area to export lies outside of the picture of ${canvas.width} x ${canvas.height} px. Choose one inside.`,
  )
}

function tooLarge({ width, height }: Rect): StudioError {
  return new StudioError(
    'picture-too-large',
    `${width} x ${height} px are too many for this: at most ${pictureLimitsText} are possible. Export as a PNG file, or a part of the picture.`,
  )
}
