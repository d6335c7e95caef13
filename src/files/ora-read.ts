/**
 * Opens an OpenRaster file, ours or one of Krita, GIMP or MyPaint. Nothing but the directory and the layer tree is read until it
 * is asked for, and no picture is decoded here: layers come as the bytes of their PNG files.
 */
import { severalAtOnce } from './ahead.ts'
import { type OraNode, type PlacedPart, parseStack } from './ora-stack.ts'
import { documentPart, oraMimetype, stripsPart, tileParts } from './ora-write.ts'
import { readFailure } from './read-failure.ts'
import type { Storage, StoredFile } from './storage.ts'
import { type FindPart, StripFile } from './strip-file.ts'
import { largestTile } from './tile-file.ts'
import { type TileStore, tileIdOf } from './tile-store.ts'
import { brokenDocument, type ReadableFile, readZip, type ZipEntry } from './zip-read.ts'

/** The bytes of a layer's PNG, which are looked at elsewhere, and where it lies on the canvas, in px. */
export interface PlacedPng {
  readonly x: number
  readonly y: number
  /** @throws StudioError 'document-broken' */
  readonly png: () => Promise<Uint8Array>
}

const most = { mimetype: 100, stack: 4 * 2 ** 20, document: 2 ** 27, picture: 2 ** 29, strips: 2 ** 26 } as const
/** Unpacking on as many threads as libuv has. */
const atOnce = 4

export interface OraOpening {
  /** Takes our own file as another program would: a way in where our part of it is damaged. */
  readonly ignoreOwnData?: boolean
}

type OraBytes = ReadableFile & Pick<StoredFile, 'close'>

export class OraFile {
  readonly width: number
  readonly height: number
  /** Topmost first. */
  readonly layers: readonly OraNode<PlacedPng>[]
  /** What this program cannot show as it was, in words for the person. */
  readonly warnings: readonly string[]
  /** Our own snapshot as JSON; null in files of other programs. */
  readonly document: unknown
  readonly #entries: ReadonlyMap<string, ZipEntry>
  readonly #file: OraBytes

  private constructor(
    file: OraBytes,
    entries: ReadonlyMap<string, ZipEntry>,
    stack: ReturnType<typeof parseStack>,
    document: unknown,
  ) {
    this.width = stack.width
    this.height = stack.height
    this.warnings = stack.warnings
    this.document = document
    this.layers = stack.layers.map((node) => withPictures(node, entries))
    this.#entries = entries
    this.#file = file
  }

  /** @throws StudioError 'document-broken', 'file-not-found', 'file-unreadable' */
  static async open(storage: Storage, path: string, options: OraOpening = {}): Promise<OraFile> {
    const file = await storage.open(path, 'r').catch((error: unknown) => {
      throw readFailure(path, error)
    })
    return await OraFile.#read(telling(path, file), options)
  }

  /** A file that somebody handed over as bytes. @throws StudioError 'document-broken' */
  static async fromBytes(bytes: Uint8Array, options: OraOpening = {}): Promise<OraFile> {
    return await OraFile.#read(inMemory(bytes), options)
  }

  static async #read(file: OraBytes, { ignoreOwnData = false }: OraOpening): Promise<OraFile> {
    try {
      const entries = await readZip(file)
      const mimetype = await text(entries, 'mimetype', most.mimetype)
      if (mimetype.trim() !== oraMimetype) throw brokenDocument('it is not an OpenRaster file')
      const stack = parseStack(await text(entries, 'stack.xml', most.stack))
      const hasOwn = entries.has(documentPart) && !ignoreOwnData
      const document = hasOwn ? parsed(await text(entries, documentPart, most.document)) : null
      return new OraFile(file, entries, stack, document)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /**
   * Copies tiles into a store, each unpacked once to see that it is what its name says. Nothing is packed again.
   *
   * @param sizes of the tiles that the snapshot names, in bytes
   * @throws StudioError 'document-broken' naming the tile; 'write-failed'
   */
  async takeTiles(
    sizes: ReadonlyMap<string, number>,
    store: TileStore,
    onProgress?: (done: number) => void,
  ): Promise<void> {
    let done = 0
    await severalAtOnce(sizes, atOnce, async ([id, size]) => {
      const entry = this.#tileEntry(id)
      if (entry.size !== size) throw brokenDocument(`its part ${entry.name} has another size than its layer's tiles`)
      const { packed, method, ...tile } = await entry.raw()
      // Another program that saved the zip anew may have stored what was packed.
      if (method === 'deflated') await store.take(id, { ...tile, packed })
      else if (store.put(await entry.read(largestTile)) !== id)
        throw brokenDocument(`its part ${entry.name} is damaged`)
      done += 1
      onProgress?.(done)
    })
  }

  /** The px of one tile. @throws StudioError 'document-broken' */
  async tile(id: string): Promise<Uint8Array> {
    const entry = this.#tileEntry(id)
    const bytes = await entry.read(largestTile)
    if (tileIdOf(bytes) !== id) throw brokenDocument(`its part ${entry.name} is damaged`)
    return bytes
  }

  #tileEntry(id: string): ZipEntry {
    const entry = part(this.#entries, tileParts + id)
    if (entry.size > largestTile) throw brokenDocument(`its part ${entry.name} is no tile`)
    return entry
  }

  /** What the file says of where its pictures' strips lie, for a save that follows; undefined where it says nothing. */
  async strips(path: string): Promise<StripFile | undefined> {
    const entry = this.#entries.get(stripsPart)
    if (entry === undefined) return undefined
    const json = await entry.read(most.strips).catch(() => undefined)
    if (json === undefined) return undefined
    const find: FindPart = (name) => {
      const found = this.#entries.get(name)
      return found?.storedAt === undefined ? undefined : { offset: found.storedAt, size: found.size }
    }
    return StripFile.fromSaved(path, await this.#file.size(), Buffer.from(json).toString(), find)
  }

  /** The whole picture as a PNG. @throws StudioError 'document-broken' */
  async merged(): Promise<Uint8Array> {
    return await part(this.#entries, 'mergedimage.png').read(most.picture)
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

function withPictures(node: OraNode<PlacedPart>, entries: ReadonlyMap<string, ZipEntry>): OraNode<PlacedPng> {
  if (node.kind === 'group') return { ...node, children: node.children.map((child) => withPictures(child, entries)) }
  const { src, x, y } = node.content
  const entry = part(entries, src)
  return { ...node, content: { x, y, png: async () => await entry.read(most.picture) } }
}

function part(entries: ReadonlyMap<string, ZipEntry>, name: string): ZipEntry {
  const entry = entries.get(name)
  if (entry === undefined) throw brokenDocument(`its part ${name.slice(0, 100)} is missing`)
  return entry
}

async function text(entries: ReadonlyMap<string, ZipEntry>, name: string, largest: number): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await part(entries, name).read(largest))
  } catch (error) {
    throw error instanceof TypeError ? brokenDocument(`its part ${name} is not text`, error) : error
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw brokenDocument(`its part ${documentPart} is damaged`, error)
  }
}

/** A file whose errors name it, whenever they come. */
function telling(path: string, file: StoredFile): OraBytes {
  const tell = (error: unknown): never => {
    throw readFailure(path, error)
  }
  return {
    size: () => file.size().catch(tell),
    read: (buffer, position) => file.read(buffer, position).catch(tell),
    // What was read was read.
    close: () => file.close().catch(() => undefined),
  }
}

function inMemory(bytes: Uint8Array): OraBytes {
  return {
    size: async () => bytes.length,
    async read(buffer, position) {
      const part = bytes.subarray(position, position + buffer.length)
      buffer.set(part)
      return part.length
    },
    close: async () => undefined,
  }
}
