/**
 * Opens an OpenRaster file, ours or one of Krita, GIMP or MyPaint. Nothing but the directory and the layer tree is read until it
 * is asked for, and no picture is decoded here: layers come as the bytes of their PNG files.
 */
import { StudioError } from '../shared/contract/errors.ts'
import { type OraNode, type PlacedPart, parseStack } from './ora-stack.ts'
import { documentPart, oraMimetype, tileParts } from './ora-write.ts'
import { type Storage, type StoredFile, systemCode } from './storage.ts'
import { largestTile } from './tile-file.ts'
import type { TileStore } from './tile-store.ts'
import { brokenDocument, type ReadableFile, readZip, type ZipEntry } from './zip-read.ts'

/** The bytes of a layer's PNG and where it lies on the canvas, in px. */
export interface PlacedPicture {
  readonly x: number
  readonly y: number
  /** @throws StudioError 'document-broken' */
  readonly png: () => Promise<Uint8Array>
}

const most = { mimetype: 100, stack: 4 * 2 ** 20, document: 2 ** 27, picture: 2 ** 29 } as const
/** Unpacking on as many threads as libuv has. */
const atOnce = 4

export class OraFile {
  readonly width: number
  readonly height: number
  /** Topmost first. */
  readonly layers: readonly OraNode<PlacedPicture>[]
  /** What this program cannot show as it was, in words for the person. */
  readonly warnings: readonly string[]
  /** Our own snapshot as JSON; null in files of other programs. */
  readonly document: unknown
  readonly #entries: ReadonlyMap<string, ZipEntry>
  readonly #file: StoredFile

  private constructor(
    file: StoredFile,
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

  /**
   * @param ignoreOwnData opens our own file as another program would: a way in where our part of it is damaged
   * @throws StudioError 'document-broken', 'file-not-found', 'file-unreadable'
   */
  static async open(storage: Storage, path: string, { ignoreOwnData = false } = {}): Promise<OraFile> {
    const file = await storage.open(path, 'r').catch((error: unknown) => {
      throw readFailure(path, error)
    })
    try {
      const entries = await readZip(telling(path, file))
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
   * @param ids those that the snapshot names
   * @throws StudioError 'document-broken' naming the tile; 'write-failed'
   */
  async takeTiles(ids: Iterable<string>, store: TileStore, onProgress?: (done: number) => void): Promise<void> {
    const queue = [...new Set(ids)]
    const count = queue.length
    const work = async (): Promise<void> => {
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
        const entry = part(this.#entries, tileParts + id)
        if (entry.size > largestTile) throw brokenDocument(`its part ${entry.name} is no tile`)
        const { packed, method, ...tile } = await entry.raw()
        // Another program that saved the zip anew may have stored what was packed.
        if (method === 'deflated') await store.take(id, { ...tile, packed })
        else store.put(await entry.read(largestTile))
        onProgress?.(count - queue.length)
      }
    }
    try {
      await Promise.all(Array.from({ length: atOnce }, work))
    } finally {
      queue.length = 0
    }
  }

  /** The whole picture as a PNG. @throws StudioError 'document-broken' */
  async merged(): Promise<Uint8Array> {
    return await part(this.#entries, 'mergedimage.png').read(most.picture)
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

function withPictures(node: OraNode<PlacedPart>, entries: ReadonlyMap<string, ZipEntry>): OraNode<PlacedPicture> {
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
function telling(path: string, file: StoredFile): ReadableFile {
  const tell = (error: unknown): never => {
    throw readFailure(path, error)
  }
  return {
    size: () => file.size().catch(tell),
    read: (buffer, position) => file.read(buffer, position).catch(tell),
  }
}

function readFailure(path: string, error: unknown): unknown {
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
