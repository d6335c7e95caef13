/**
 * What a save leaves for the next one: where in the written file the strips of its PNGs lie. A save after one stroke takes all
 * others from there, as they are, and packs a handful anew. The file may have changed since, or be gone: then it is of no use, and
 * a strip whose checksum is another is made again.
 */
import { crc32 } from 'node:zlib'
import type { PngStrip } from './png-write.ts'
import type { ShrunkStrip } from './thumbnail.ts'
import { readAt, type Storage, type StoredFile } from './storage.ts'

interface Place extends Omit<PngStrip, 'chunk'> {
  readonly offset: number
  readonly length: number
  /** The chunk's own, its last four bytes. */
  readonly crc: number
}

export class StripFile {
  readonly #path: string
  readonly #fileSize: number
  readonly #places: ReadonlyMap<string, Place>
  /** Of the merged image's strips, what the thumbnail takes from them. */
  readonly shrunk: ReadonlyMap<string, ShrunkStrip>

  constructor(
    path: string,
    fileSize: number,
    places: ReadonlyMap<string, Place>,
    shrunk: ReadonlyMap<string, ShrunkStrip>,
  ) {
    this.#path = path
    this.#fileSize = fileSize
    this.#places = places
    this.shrunk = shrunk
  }

  /** Undefined where the file is not what was written. Whoever opens it closes it. */
  async open(storage: Storage): Promise<OpenStrips | undefined> {
    const file = await storage.open(this.#path, 'r').catch(() => undefined)
    if (file === undefined) return undefined
    if ((await file.size().catch(() => -1)) === this.#fileSize) return new OpenStrips(file, this.#places)
    await file.close().catch(() => undefined)
    return undefined
  }
}

export class OpenStrips {
  readonly #file: StoredFile
  readonly #places: ReadonlyMap<string, Place>

  constructor(file: StoredFile, places: ReadonlyMap<string, Place>) {
    this.#file = file
    this.#places = places
  }

  async find(key: string): Promise<PngStrip | undefined> {
    const place = this.#places.get(key)
    if (place === undefined) return undefined
    const chunk = await readAt(this.#file, place.offset, place.length).catch(() => undefined)
    if (chunk?.length !== place.length || !isWhole(chunk, place.crc)) return undefined
    return { chunk, size: place.size, adler: place.adler }
  }

  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined)
  }
}

/** Gathers the places while a file is written. */
export class StripPlaces {
  readonly shrunk = new Map<string, ShrunkStrip>()
  readonly #places = new Map<string, Place>()
  /** Of the part that is being made, from its own beginning. */
  #part = new Map<string, Place>()

  /** A strip goes into the part that is being made, at this byte of it. */
  add(key: string, offset: number, { chunk, size, adler }: PngStrip): void {
    this.#part.set(key, { offset, length: chunk.length, crc: crcOf(chunk), size, adler })
  }

  /** The part that was made begins at this byte of the file. */
  placed(offset: number): void {
    for (const [key, place] of this.#part) this.#places.set(key, { ...place, offset: offset + place.offset })
    this.#part = new Map()
  }

  file(path: string, size: number): StripFile {
    return new StripFile(path, size, this.#places, this.shrunk)
  }
}

function crcOf(chunk: Uint8Array): number {
  return new DataView(chunk.buffer, chunk.byteOffset + chunk.length - 4).getUint32(0)
}

/** A chunk's checksum covers its type and its data. */
function isWhole(chunk: Uint8Array, crc: number): boolean {
  return chunk.length >= 12 && crcOf(chunk) === crc && crc32(chunk.subarray(4, -4)) === crc
}
