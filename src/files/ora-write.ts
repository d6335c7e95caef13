/**
 * Saves a document as OpenRaster 0.0.5, which Krita and GIMP open, with our own data beside the standard parts:
 * `paella/document.json` and the tiles that it names as `paella/tiles/<id>`. Everything is made when its turn comes and goes
 * straight to the disk, so memory holds one layer at a time.
 */
import type { Pixels } from '../shared/contract/picture.ts'
import { assert } from '../shared/base/assert.ts'
import { atomicSave, type Saved, type SaveOptions } from './atomic-save.ts'
import { type OraNode, type PlacedPart, stackXml } from './ora-stack.ts'
import type { Storage } from './storage.ts'
import type { PackedTile } from './tile-file.ts'
import { deflatedPart, storedPart, type ZipPart, zipChunks } from './zip-write.ts'

/** Makes picture files of pixels, which happens in another process: this one has no codecs. */
export interface PictureCodec {
  /** A PNG of 8 bits a channel. */
  encodePng(pixels: Pixels): Promise<Uint8Array>
}

/** Pixels and where their top left corner lies on the canvas, in px. */
export interface PlacedPixels {
  readonly x: number
  readonly y: number
  readonly pixels: Pixels
}

/** A layer's pixels as other programs shall see them, made when asked; null where it is empty. */
export type MakePixels = () => Promise<PlacedPixels | null>

export interface OraDocument {
  readonly width: number
  readonly height: number
  /** Topmost first. */
  readonly layers: readonly OraNode<MakePixels>[]
  /** The whole picture, width x height. */
  readonly merged: () => Promise<Pixels>
  /** The same, at most 256 px a side. */
  readonly thumbnail: () => Promise<Pixels>
  /** Our snapshot, as JSON. */
  readonly document: unknown
  /** Every tile that the snapshot names. */
  readonly tiles: Iterable<string>
  readonly packedTile: (id: string) => Promise<PackedTile>
}

export const oraMimetype = 'image/openraster'
export const documentPart = 'paella/document.json'
export const tileParts = 'paella/tiles/'

/** What stands for an empty layer, which a file cannot have. */
const nothing: PlacedPixels = { x: 0, y: 0, pixels: { width: 1, height: 1, channels: 4, data: new Uint8Array(4) } }

/** @throws StudioError 'write-failed' (the old file stays), and what making pixels or reading tiles throws */
export async function saveOra(
  storage: Storage,
  path: string,
  document: OraDocument,
  codec: PictureCodec,
  options: SaveOptions = {},
): Promise<Saved> {
  return await atomicSave(storage, path, zipChunks(parts(document, codec)), options)
}

async function* parts(document: OraDocument, codec: PictureCodec): AsyncGenerator<ZipPart> {
  const png = async (name: string, pixels: Pixels) => storedPart(name, await codec.encodePng(pixels))
  yield storedPart('mimetype', Buffer.from(oraMimetype))
  yield await deflatedPart(documentPart, Buffer.from(JSON.stringify(document.document)))
  for (const id of new Set(document.tiles)) {
    const { packed, ...tile } = await document.packedTile(id)
    yield { ...tile, name: tileParts + id, body: packed, method: 'deflated' }
  }
  let count = 0
  const placed = new Map<MakePixels, PlacedPart>()
  for (const content of contents(document.layers)) {
    const { pixels, x, y } = (await content()) ?? nothing
    const src = `data/layer${String(count++).padStart(3, '0')}.png`
    yield await png(src, pixels)
    placed.set(content, { src, x, y })
  }
  yield await png('mergedimage.png', await document.merged())
  const thumbnail = await document.thumbnail()
  assert(Math.max(thumbnail.width, thumbnail.height) <= 256, 'a thumbnail has at most 256 px a side')
  yield await png('Thumbnails/thumbnail.png', thumbnail)
  const layers = document.layers.map((node) => withParts(node, placed))
  yield await deflatedPart('stack.xml', Buffer.from(stackXml(document.width, document.height, layers)))
}

function contents(layers: readonly OraNode<MakePixels>[]): MakePixels[] {
  return layers.flatMap((node) => (node.kind === 'layer' ? [node.content] : contents(node.children)))
}

function withParts(node: OraNode<MakePixels>, placed: ReadonlyMap<MakePixels, PlacedPart>): OraNode<PlacedPart> {
  if (node.kind === 'group') return { ...node, children: node.children.map((child) => withParts(child, placed)) }
  const content = placed.get(node.content)
  assert(content !== undefined, 'every layer has its part')
  return { ...node, content }
}
