/**
 * Writes a zip as a stream of chunks, of entries that are packed already. Own code because of that: tiles lie on disk packed as a
 * zip packs them, and no package takes them so; packing 16,384 tiles again would take a minute. Sizes stand before the data, so
 * readers that go from front to back can follow; zip64 where there are more than 65,534 entries or 4 GB.
 */
import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'
import { assert } from '../shared/base/assert.ts'

export interface ZipPart {
  readonly name: string
  /** As it stands in the file, in pieces: raw deflate where `method` says so. Less than 4 GB. */
  readonly body: readonly Uint8Array[]
  readonly method: 'stored' | 'deflated'
  /** Of the unpacked bytes. */
  readonly size: number
  readonly crc32: number
}

interface Placed extends Omit<ZipPart, 'body'> {
  readonly offset: number
  readonly packedSize: number
}

const deflate = promisify<Uint8Array, Buffer>(deflateRaw)
const most16 = 0xffff
const most32 = 0xffffffff
/** 1 January 1980: the same document gives the same bytes. */
const date = 0x21
const utf8 = 0x800

export function storedPart(name: string, ...body: readonly Uint8Array[]): ZipPart {
  const checksum = body.reduce((sum, piece) => crc32(piece, sum), 0)
  return { name, body, method: 'stored', size: lengthOf(body), crc32: checksum }
}

export async function deflatedPart(name: string, bytes: Uint8Array): Promise<ZipPart> {
  return { name, body: [await deflate(bytes)], method: 'deflated', size: bytes.length, crc32: crc32(bytes) }
}

const lengthOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, { length }) => sum + length, 0)

/**
 * The zip's bytes in order. Takes a part only when the one before is written, so one part is in memory at a time.
 *
 * @param onPlaced is told at which byte of the file the body of each part begins
 */
export async function* zipChunks(
  parts: Iterable<ZipPart> | AsyncIterable<ZipPart>,
  onPlaced?: (name: string, offset: number, size: number) => void,
): AsyncGenerator<Uint8Array> {
  const placed: Placed[] = []
  let offset = 0
  for await (const { body, ...part } of parts) {
    const packedSize = lengthOf(body)
    assert(packedSize < most32 && part.size < most32, `the zip entry ${part.name} has 4 GB or more`)
    const entry = { ...part, offset, packedSize }
    const header = localHeader(entry)
    placed.push(entry)
    yield header
    onPlaced?.(part.name, offset + header.length, packedSize)
    yield* body
    offset += header.length + packedSize
  }
  const start = offset
  for (const entry of placed) {
    const record = directoryRecord(entry)
    yield record
    offset += record.length
  }
  yield endRecord(placed.length, start, offset - start)
}

/** What the local header and the directory have in common, from 'version needed' to the length of the name. */
function common(entry: Placed, needed: number, name: Buffer): Buffer {
  const bytes = Buffer.alloc(24)
  bytes.writeUInt16LE(needed, 0)
  bytes.writeUInt16LE(utf8, 2)
  bytes.writeUInt16LE(entry.method === 'stored' ? 0 : 8, 4)
  bytes.writeUInt16LE(date, 8)
  bytes.writeUInt32LE(entry.crc32, 10)
  bytes.writeUInt32LE(entry.packedSize, 14)
  bytes.writeUInt32LE(entry.size, 18)
  bytes.writeUInt16LE(name.length, 22)
  return bytes
}

function localHeader(entry: Placed): Buffer {
  const name = Buffer.from(entry.name)
  return Buffer.concat([Buffer.from('PK\x03\x04'), common(entry, 20, name), Buffer.alloc(2), name])
}

function directoryRecord(entry: Placed): Buffer {
  const name = Buffer.from(entry.name)
  const isFar = entry.offset >= most32
  const extra = Buffer.alloc(isFar ? 12 : 0)
  if (isFar) {
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(8, 2)
    extra.writeBigUInt64LE(BigInt(entry.offset), 4)
  }
  // Lengths of extra and comment, disk, two kinds of attributes, and where the entry lies.
  const tail = Buffer.alloc(16)
  tail.writeUInt16LE(extra.length, 0)
  tail.writeUInt32LE(isFar ? most32 : entry.offset, 12)
  const needed = isFar ? 45 : 20
  const madeBy = Buffer.from([needed, 0])
  return Buffer.concat([Buffer.from('PK\x01\x02'), madeBy, common(entry, needed, name), tail, name, extra])
}

function endRecord(count: number, start: number, size: number): Buffer {
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(Math.min(count, most16), 8)
  end.writeUInt16LE(Math.min(count, most16), 10)
  end.writeUInt32LE(Math.min(size, most32), 12)
  end.writeUInt32LE(Math.min(start, most32), 16)
  if (count < most16 && size < most32 && start < most32) return end
  const large = Buffer.alloc(56 + 20)
  large.write('PK\x06\x06', 'latin1')
  large.writeBigUInt64LE(44n, 4)
  large.writeUInt16LE(45, 12)
  large.writeUInt16LE(45, 14)
  large.writeBigUInt64LE(BigInt(count), 24)
  large.writeBigUInt64LE(BigInt(count), 32)
  large.writeBigUInt64LE(BigInt(size), 40)
  large.writeBigUInt64LE(BigInt(start), 48)
  large.write('PK\x06\x07', 56, 'latin1')
  large.writeBigUInt64LE(BigInt(start + size), 64)
  large.writeUInt32LE(1, 72)
  return Buffer.concat([large, end])
}
