/**
 * The container of a PNG file: a signature and a row of chunks (length, type, data, CRC). Pixels stay compressed; this only
 * finds, reads and adds chunks. W3C, Portable Network Graphics, third edition, section 5.
 */
import { assert } from '../shared/base/assert.ts'
import { StudioError } from '../shared/contract/errors.ts'
import { crc32 } from './crc32.ts'
import { decodeLatin1, encodeLatin1 } from './text-bytes.ts'

interface PngChunk {
  /** Four ASCII letters, whose cases are the chunk's properties. */
  readonly type: string
  readonly data: Uint8Array
}

/** A chunk of a file; `data` is a view of the file's bytes. */
interface StoredChunk extends PngChunk {
  /** Byte of the file that the chunk begins at. */
  readonly offset: number
  /** The checksum that the file claims; compared by `isIntact`, so that only chunks in use pay for it. */
  readonly crc: number
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** Bytes of a chunk around its data: 4 length, 4 type, 4 CRC. */
const overhead = 12

export function isPng(bytes: Uint8Array): boolean {
  return signature.every((byte, i) => bytes[i] === byte)
}

/**
 * Every chunk up to and including IEND, in the order of the file; what follows IEND is ignored.
 *
 * @throws StudioError 'not-a-picture' where the signature is not PNG's, a chunk runs past the end or IEND is missing.
 */
export function readChunks(png: Uint8Array): StoredChunk[] {
  if (!isPng(png)) throw broken('it does not begin like a PNG')
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const chunks: StoredChunk[] = []
  let offset = signature.length
  while (offset + overhead <= png.length) {
    const length = view.getUint32(offset)
    const next = offset + overhead + length
    if (next > png.length) break
    const type = decodeLatin1(png.subarray(offset + 4, offset + 8))
    if (!isType(type)) throw broken('it holds a part without a proper name')
    chunks.push({ type, data: png.subarray(offset + 8, next - 4), offset, crc: view.getUint32(next - 4) })
    if (type === 'IEND') return chunks
    offset = next
  }
  throw broken('it ends too early')
}

/** Whether the chunk's data are what its writer wrote. */
export function isIntact(chunk: StoredChunk): boolean {
  return checksum(chunk) === chunk.crc
}

/**
 * The file with the chunks, in their order, before its first IDAT.
 *
 * @throws StudioError 'not-a-picture' as `readChunks` does, or where there is no IDAT.
 */
export function insertChunks(png: Uint8Array, chunks: readonly PngChunk[]): Uint8Array {
  const at = readChunks(png).find((chunk) => chunk.type === 'IDAT')?.offset
  if (at === undefined) throw broken('it holds no pixels')
  const added = chunks.reduce((sum, chunk) => sum + overhead + chunk.data.length, 0)
  const file = new Uint8Array(png.length + added)
  const view = new DataView(file.buffer)
  file.set(png.subarray(0, at))
  let offset = at
  for (const chunk of chunks) {
    assert(isType(chunk.type), `'${chunk.type}' is not a chunk type`)
    view.setUint32(offset, chunk.data.length)
    file.set(encodeLatin1(chunk.type), offset + 4)
    file.set(chunk.data, offset + 8)
    view.setUint32(offset + 8 + chunk.data.length, checksum(chunk))
    offset += overhead + chunk.data.length
  }
  file.set(png.subarray(at), offset)
  return file
}

/** A chunk's CRC covers its type and its data. */
function checksum(chunk: PngChunk): number {
  return crc32(chunk.data, crc32(encodeLatin1(chunk.type)))
}

function isType(type: string): boolean {
  return /^[A-Za-z]{4}$/.test(type)
}

function broken(cause: string): StudioError {
  return new StudioError('not-a-picture', `The file is no whole PNG picture: ${cause}; open another copy of it.`)
}
