/**
 * Reads a zip that a stranger may have made (reliability.md, 2.5): yauzl reads the directory, everything it says is checked
 * against limits and against the local headers before a byte is unpacked, and unpacking stops at the size that was promised.
 */
import { Readable } from 'node:stream'
import { callbackify, promisify } from 'node:util'
import { crc32, inflateRaw } from 'node:zlib'
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl'
import { StudioError } from '../shared/contract/errors.ts'
import type { PackedTile } from './tile-file.ts'
import { readAt, type StoredFile } from './storage.ts'
import { nameFault, sameName } from './zip-names.ts'

const inflate = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflateRaw)

const mostEntries = 200_000
/** An entry of more than `largeEntry` bytes may not be packed tighter than this. */
const mostRatio = 100
const largeEntry = 1 << 20
/** Descriptor behind the data, names in UTF-8, and the two bits that tell how hard the packer tried. */
const allowedFlags = 0x80e

export type ReadableFile = Pick<StoredFile, 'read' | 'size'>

export interface ZipEntry {
  readonly name: string
  readonly size: number
  /** Where its bytes begin in the file, as they are; undefined where they are packed. */
  readonly storedAt: number | undefined
  /** The bytes as they lie in the file; `crc32` and `size` are of the unpacked ones. Not checked beyond the file's bounds. */
  raw(): Promise<PackedTile & { readonly method: 'stored' | 'deflated' }>
  /** Unpacked and checked. @throws StudioError 'document-broken', also where it is larger than `most` bytes */
  read(most: number): Promise<Uint8Array>
}

const fill = callbackify(async (file: ReadableFile, buffer: Uint8Array, position: number): Promise<void> => {
  const bytes = await readAt(file, position, buffer.length)
  if (bytes.length !== buffer.length) throw new Error('the file is cut')
  buffer.set(bytes)
})

/** yauzl's way to the bytes of our file. */
class FileReader extends RandomAccessReader {
  readonly #file: ReadableFile

  constructor(file: ReadableFile) {
    super()
    this.#file = file
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from([readAt(this.#file, start, end - start)])
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    fill(this.#file, buffer.subarray(offset, offset + length), position, callback)
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null)
  }
}

export function brokenDocument(why: string, cause?: unknown): StudioError {
  return new StudioError(
    'document-broken',
    `The document cannot be opened, ${why}: open an earlier version, such as the file that ends in ~1.`,
    { cause },
  )
}

/**
 * The entries of a zip by name, without folders. The file stays the caller's and has to be open while entries are read.
 *
 * @throws StudioError 'document-broken'
 */
export async function readZip(file: ReadableFile): Promise<ReadonlyMap<string, ZipEntry>> {
  try {
    const zip = await fromRandomAccessReaderPromise(new FileReader(file), await file.size(), {
      autoClose: false,
      strictFileNames: true,
    })
    if (zip.entryCount > mostEntries) throw brokenDocument(`it claims ${zip.entryCount} parts`)
    const found: Entry[] = []
    for await (const entry of zip.eachEntry()) found.push(entry)
    return await checked(file, zip, found)
  } catch (error) {
    if (error instanceof StudioError) throw error
    throw brokenDocument('it is no zip, or a damaged one', error)
  }
}

async function checked(
  file: ReadableFile,
  zip: ZipFile,
  found: readonly Entry[],
): Promise<ReadonlyMap<string, ZipEntry>> {
  const entries = new Map<string, ZipEntry>()
  const names = new Set<string>()
  let end = 0
  for (const entry of [...found].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)) {
    const { fileName: name, compressedSize, uncompressedSize: size } = entry
    const fault = nameFault(name) ?? entryFault(entry)
    if (fault !== undefined) throw brokenDocument(`it has a part ${fault}`)
    if (names.has(sameName(name))) throw brokenDocument('it has two parts of the same name')
    names.add(sameName(name))
    const local = await zip.readLocalFileHeaderPromise(entry)
    const start = entry.relativeOffsetOfLocalHeader
    if (!local.fileName.equals(entry.fileNameRaw) || local.compressionMethod !== entry.compressionMethod)
      throw brokenDocument('its directory and its parts do not agree')
    const isLater = (local.generalPurposeBitFlag & 8) !== 0
    if (!isLater && !isFar(local) && (local.compressedSize !== compressedSize || local.crc32 !== entry.crc32))
      throw brokenDocument('its directory and its parts do not agree')
    if (entries.size === 0 && end === 0 && start !== 0) throw brokenDocument('something stands before its first part')
    if (start < end) throw brokenDocument('its parts overlap')
    end = local.fileDataStart + compressedSize
    if (name.endsWith('/')) continue
    const raw = async () => ({
      size,
      crc32: entry.crc32,
      packed: await readAt(file, local.fileDataStart, compressedSize),
      method: entry.compressionMethod === 0 ? ('stored' as const) : ('deflated' as const),
    })
    const storedAt = entry.compressionMethod === 0 ? local.fileDataStart : undefined
    entries.set(name, { name, size, storedAt, raw, read: async (most) => await unpacked(name, size, raw, most) })
  }
  return entries
}

/** Sizes of 4 GB and more stand in an extra field. */
const isFar = (local: { compressedSize: number }): boolean => local.compressedSize === 0xffffffff

function entryFault(entry: Entry): string | undefined {
  if ((entry.generalPurposeBitFlag & ~allowedFlags) !== 0) return 'that is encrypted or of an unknown kind'
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) return 'packed in an unknown way'
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000) return 'that is a link'
  const { uncompressedSize: size, compressedSize } = entry
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(compressedSize)) return 'of an impossible size'
  if (size > largeEntry && size > compressedSize * mostRatio) return 'that would unpack to far more than it holds'
  return undefined
}

async function unpacked(name: string, size: number, raw: ZipEntry['raw'], most: number): Promise<Uint8Array> {
  if (size > most) throw brokenDocument(`its part ${name} is larger than ${most} bytes`)
  const { packed, method, crc32: expected } = await raw()
  const bytes =
    method === 'stored' ? packed : await inflate(packed, { maxOutputLength: Math.max(1, size) }).catch(() => undefined)
  if (bytes?.length !== size || crc32(bytes) !== expected) throw brokenDocument(`its part ${name} is damaged`)
  return bytes
}
