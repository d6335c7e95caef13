/**
 * What a save leaves for the next one: where in the written file the strips of its PNGs lie, kept in memory and in the file itself
 * (`paella/strips.json`). A save after one stroke takes all others from there, as they are, and packs a handful anew. The file may
 * have changed since, or be gone: then it is of no use, and a strip whose checksum is another is made again.
 */
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import type { PngStrip } from './png-write.ts'
import { readAt, type Storage, type StoredFile } from './storage.ts'
import type { ShrunkStrip } from './thumbnail.ts'

/** Of what keys mean and of how pictures are put together: to be raised where equal keys would have other pixels than before. */
const version = 1
const count = z.int().min(0)

/** In the file: key, part of the zip, first byte in that part, length, CRC of the chunk, size and Adler-32 of the filtered bytes. */
const savedSchema = z.object({
  version: z.literal(version),
  strips: z.array(z.tuple([z.string(), z.string(), count, count, count, count, count])).max(100_000),
})

interface Place extends Omit<PngStrip, 'chunk'> {
  readonly part: string
  /** From the beginning of the part. */
  readonly at: number
  readonly length: number
  /** The chunk's own, its last four bytes. */
  readonly crc: number
}

/** Where a part's bytes begin in the file, and how many they are; undefined for none, or one that is packed. */
export type FindPart = (name: string) => { readonly offset: number; readonly size: number } | undefined

export class StripFile {
  readonly #path: string
  readonly #fileSize: number
  readonly #places: ReadonlyMap<string, Place>
  readonly #find: FindPart
  /** Of the merged image's strips, what the thumbnail takes from them; empty where another program's run wrote the file. */
  readonly shrunk: ReadonlyMap<string, ShrunkStrip>

  constructor(
    path: string,
    fileSize: number,
    places: ReadonlyMap<string, Place>,
    find: FindPart,
    shrunk: ReadonlyMap<string, ShrunkStrip>,
  ) {
    this.#path = path
    this.#fileSize = fileSize
    this.#places = places
    this.#find = find
    this.shrunk = shrunk
  }

  /** From what a file says of itself; undefined where that is of another version, or nonsense. */
  static fromSaved(path: string, fileSize: number, json: string, find: FindPart): StripFile | undefined {
    const saved = savedSchema.safeParse(parsed(json))
    if (!saved.success) return undefined
    const places = saved.data.strips.map(([key, part, at, length, crc, size, adler]): [string, Place] => [
      key,
      { part, at, length, crc, size, adler },
    ])
    return new StripFile(path, fileSize, new Map(places), find, new Map())
  }

  /** Undefined where the file is not what was written. Whoever opens it closes it. */
  async open(storage: Storage): Promise<OpenStrips | undefined> {
    const file = await storage.open(this.#path, 'r').catch(() => undefined)
    if (file === undefined) return undefined
    if ((await file.size().catch(() => -1)) === this.#fileSize) return new OpenStrips(file, this.#places, this.#find)
    await file.close().catch(() => undefined)
    return undefined
  }
}

export class OpenStrips {
  readonly #file: StoredFile
  readonly #places: ReadonlyMap<string, Place>
  readonly #findPart: FindPart

  constructor(file: StoredFile, places: ReadonlyMap<string, Place>, find: FindPart) {
    this.#file = file
    this.#places = places
    this.#findPart = find
  }

  /** @param size of the filtered bytes that it must have */
  async find(key: string, size: number): Promise<PngStrip | undefined> {
    const place = this.#places.get(key)
    const part = place && this.#findPart(place.part)
    if (place?.size !== size || part === undefined || place.at + place.length > part.size) return undefined
    const chunk = await readAt(this.#file, part.offset + place.at, place.length).catch(() => undefined)
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
  readonly #parts = new Map<string, { readonly offset: number; readonly size: number }>()

  /** A strip is in a part of the zip, at this byte of it. */
  add(key: string, part: string, at: number, { chunk, size, adler }: PngStrip): void {
    this.#places.set(key, { part, at, length: chunk.length, crc: crcOf(chunk), size, adler })
  }

  /** A part begins at this byte of the file. */
  placed(part: string, offset: number, size: number): void {
    this.#parts.set(part, { offset, size })
  }

  /** What the file says of itself. */
  toJson(): string {
    const row = (key: string, place: Place) => {
      const { part, at, length, crc, size, adler } = place
      return [key, part, at, length, crc, size, adler]
    }
    const strips = [...this.#places].map(([key, place]) => row(key, place))
    return JSON.stringify({ version, strips })
  }

  file(path: string, size: number): StripFile {
    return new StripFile(path, size, this.#places, (name) => this.#parts.get(name), this.shrunk)
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function crcOf(chunk: Uint8Array): number {
  return new DataView(chunk.buffer, chunk.byteOffset + chunk.length - 4).getUint32(0)
}

/** A chunk's checksum covers its type and its data. */
function isWhole(chunk: Uint8Array, crc: number): boolean {
  return chunk.length >= 12 && crcOf(chunk) === crc && crc32(chunk.subarray(4, -4)) === crc
}
