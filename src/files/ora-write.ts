/**
 * Saves a document as OpenRaster 0.0.5, which Krita and GIMP open, with our own data beside the standard parts:
 * `paella/document.json` and the tiles that it names as `paella/tiles/<id>`. Everything is made when its turn comes and goes
 * straight to the disk, so memory holds one layer's PNG at a time. No other process is needed, and what the last save of the same
 * document wrote is used again (strip-file.ts).
 */
import { setImmediate as pause } from 'node:timers/promises'
import { assert } from '../shared/base/assert.ts'
import { type CancelSignal, throwIfCancelled } from '../shared/base/cancel.ts'
import { ahead } from './ahead.ts'
import { atomicSave, type Saved, type SaveOptions } from './atomic-save.ts'
import { type OraNode, type PlacedPart, stackXml } from './ora-stack.ts'
import {
  filteredSize,
  type PackStrip,
  packStrip,
  pngChunks,
  type StripPicture,
  type StripPlan,
} from './picture-strips.ts'
import { decodeStrip } from './png-decode.ts'
import { encodePng, encodeStrip, type PngStrip } from './png-write.ts'
import type { Storage } from './storage.ts'
import { type OpenStrips, type StripFile, StripPlaces } from './strip-file.ts'
import { joinShrunk, type ShrunkStrip, shrinkStrip, thumbnailSize } from './thumbnail.ts'
import type { PackedTile } from './tile-file.ts'
import { deflatedPart, storedPart, type ZipPart, zipChunks } from './zip-write.ts'

/** A picture and where its top left corner lies on the canvas, in px. */
export interface PlacedPicture {
  readonly x: number
  readonly y: number
  readonly picture: StripPicture
}

export interface OraDocument {
  /** As other programs shall see them, topmost first; null for a layer that is empty. */
  readonly layers: readonly OraNode<PlacedPicture | null>[]
  /** The whole picture; its size is the canvas's. */
  readonly merged: StripPicture
  /** Our snapshot, as JSON. */
  readonly document: unknown
  /** Every tile that the snapshot names. */
  readonly tiles: Iterable<string>
  readonly packedTile: (id: string) => Promise<PackedTile>
}

export interface OraOptions extends SaveOptions {
  /** What the last save of this document left. */
  readonly earlier?: StripFile | undefined
  readonly signal?: CancelSignal | undefined
  /** 0..1 */
  readonly onProgress?: ((share: number) => void) | undefined
}

export interface SavedOra extends Saved {
  /** For the next save. */
  readonly strips: StripFile
}

export const oraMimetype = 'image/openraster'
export const documentPart = 'paella/document.json'
export const tileParts = 'paella/tiles/'
export const stripsPart = 'paella/strips.json'

const thumbnailSide = 256
/** Small files are read that many at a time. */
const tilesAtOnce = 8
/** A strip's share of the work, where a tile's is 1: it is put together, filtered and packed. */
const stripWork = 8

/** What stands for an empty layer, which a file cannot have. */
const nothing = { x: 0, y: 0, pixels: { width: 1, height: 1, channels: 4, data: new Uint8Array(4) } } as const

/** @throws StudioError 'write-failed' (the old file stays), 'cancelled', and what making pixels or reading tiles throws */
export async function saveOra(
  storage: Storage,
  path: string,
  document: OraDocument,
  options: OraOptions = {},
): Promise<SavedOra> {
  const earlier = await options.earlier?.open(storage)
  try {
    const writer = new OraWriter(document, earlier, options)
    const chunks = zipChunks(writer.parts(), (...placed) => writer.places.placed(...placed))
    const saved = await atomicSave(storage, path, chunks, options)
    return { ...saved, strips: writer.places.file(path, saved.bytes) }
  } finally {
    await earlier?.close()
  }
}

class OraWriter {
  readonly places = new StripPlaces()
  readonly #document: OraDocument
  readonly #earlier: OpenStrips | undefined
  readonly #options: OraOptions
  readonly #blank = new Map<string, Promise<PngStrip>>()
  readonly #tiles: readonly string[]
  readonly #work: number
  #done = 0

  constructor(document: OraDocument, earlier: OpenStrips | undefined, options: OraOptions) {
    this.#document = document
    this.#earlier = earlier
    this.#options = options
    this.#tiles = [...new Set(document.tiles)]
    const pictures = [...contents(document.layers).map((placed) => placed?.picture), document.merged]
    const strips = pictures.reduce((sum, picture) => sum + (picture?.strips.length ?? 0), 0)
    this.#work = this.#tiles.length + strips * stripWork
  }

  async *parts(): AsyncGenerator<ZipPart> {
    const { document, layers, merged } = this.#document
    yield storedPart('mimetype', Buffer.from(oraMimetype))
    yield await deflatedPart(documentPart, Buffer.from(JSON.stringify(document)))
    yield* this.#tileParts()
    let count = 0
    const placed: PlacedPart[] = []
    for (const content of contents(layers)) {
      const src = `data/layer${String(count++).padStart(3, '0')}.png`
      placed.push({ src, x: content?.x ?? nothing.x, y: content?.y ?? nothing.y })
      if (content === null) yield storedPart(src, await encodePng(nothing.pixels))
      else yield await this.#picture(src, content.picture, (plan) => this.#pack(content.picture, plan))
    }
    const shrunk = new Map<StripPlan, ShrunkStrip>()
    yield await this.#picture('mergedimage.png', merged, (plan) => this.#packMerged(plan, shrunk))
    yield await deflatedPart(stripsPart, Buffer.from(this.places.toJson()))
    // It may be the very file that is replaced next, which Windows refuses while it is open.
    await this.#earlier?.close()
    const small = merged.strips.flatMap((plan) => shrunk.get(plan) ?? [])
    const thumbnail = joinShrunk(small, thumbnailSize(merged, thumbnailSide))
    yield storedPart('Thumbnails/thumbnail.png', await encodePng(thumbnail))
    const parts = layers.map((node) => withParts(node, placed))
    yield await deflatedPart('stack.xml', Buffer.from(stackXml(merged.width, merged.height, parts)))
  }

  async *#tileParts(): AsyncGenerator<ZipPart> {
    const read = async (id: string) => ({ id, tile: await this.#document.packedTile(id) })
    for await (const { id, tile } of ahead(this.#tiles, tilesAtOnce, read)) {
      const { packed, ...checks } = tile
      yield { ...checks, name: tileParts + id, body: [packed], method: 'deflated' }
      this.#progress(1)
    }
  }

  /** A PNG goes into the zip as a whole, since its length and checksum stand before it. */
  async #picture(name: string, picture: StripPicture, pack: PackStrip): Promise<ZipPart> {
    const counted = async (plan: StripPlan): Promise<PngStrip> => {
      const strip = await pack(plan)
      this.#progress(stripWork)
      return strip
    }
    const onStrip = ({ key }: StripPlan, strip: PngStrip, at: number): void => this.places.add(key, name, at, strip)
    const body: Uint8Array[] = []
    for await (const chunk of pngChunks(picture, { pack: counted, onStrip })) body.push(chunk)
    return storedPart(name, ...body)
  }

  async #pack(picture: StripPicture, plan: StripPlan): Promise<PngStrip> {
    if (!plan.isBlank) return (await this.#known(picture, plan)) ?? (await packStrip(plan))
    const packed = this.#blank.get(plan.key) ?? packStrip(plan)
    this.#blank.set(plan.key, packed)
    return await packed
  }

  /** As the last save wrote it. */
  async #known(picture: StripPicture, plan: StripPlan): Promise<PngStrip | undefined> {
    return await this.#earlier?.find(plan.key, filteredSize(picture, plan))
  }

  /** The thumbnail needs the pixels; what it took from them is kept for the next save. */
  async #packMerged(plan: StripPlan, shrunk: Map<StripPlan, ShrunkStrip>): Promise<PngStrip> {
    const { merged } = this.#document
    const key = `${plan.key} at ${plan.y} of ${merged.height}`
    const known = await this.#known(merged, plan)
    let small = known && this.#options.earlier?.shrunk.get(key)
    let packed = known
    if (small === undefined || packed === undefined) {
      const pixels = (known && (await decodeStrip(known, merged))) ?? (await plan.make())
      await pause()
      small = shrinkStrip(pixels, plan.y, merged, thumbnailSize(merged, thumbnailSide))
      packed ??= await encodeStrip(pixels)
    }
    shrunk.set(plan, small)
    this.places.shrunk.set(key, small)
    return packed
  }

  #progress(work: number): void {
    this.#done += work
    this.#options.onProgress?.(this.#done / this.#work)
    throwIfCancelled(this.#options.signal)
  }
}

function contents(layers: readonly OraNode<PlacedPicture | null>[]): (PlacedPicture | null)[] {
  return layers.flatMap((node) => (node.kind === 'layer' ? [node.content] : contents(node.children)))
}

/** @param parts of the layers in the order of `contents`; taken from its front */
function withParts(node: OraNode<unknown>, parts: PlacedPart[]): OraNode<PlacedPart> {
  if (node.kind === 'group') return { ...node, children: node.children.map((child) => withParts(child, parts)) }
  const content = parts.shift()
  assert(content !== undefined, 'every layer has its part')
  return { ...node, content }
}
