/**
 * A tile as it lies on disk: a head of 16 bytes, then its pixels as raw deflate, which is what a zip entry holds too, so that
 * saving a document copies tiles without packing them again. Head: 'PTL1', then three u32: pixel bytes, their CRC-32, the CRC-32
 * of the packed bytes.
 */
import { promisify } from 'node:util'
import { crc32, deflateRaw, inflateRaw, type ZlibOptions } from 'node:zlib'

/** Pixels packed as raw deflate. `size` and `crc32` are of the pixels. */
export interface PackedTile {
  readonly size: number
  readonly crc32: number
  readonly packed: Uint8Array
}

/** 256 x 256 RGBA: no tile is larger, and none is unpacked further than that. */
export const largestTile = 256 * 256 * 4

const magic = 0x50544c31
const headSize = 16
const deflate = promisify<Uint8Array, ZlibOptions, Buffer>(deflateRaw)
const inflate = promisify<Uint8Array, ZlibOptions, Buffer>(inflateRaw)

/** Level 1: a painted tile takes 2 ms, and level 6 would win some 10 % of size for four times that. */
export async function packTile(bytes: Uint8Array): Promise<PackedTile> {
  return {
    size: bytes.length,
    crc32: crc32(bytes),
    packed: await deflate(bytes, { level: 1, chunkSize: largestTile / 2 }),
  }
}

/** Undefined where the packed bytes are not what `tile` says. */
export async function unpackTile(tile: PackedTile): Promise<Uint8Array | undefined> {
  if (tile.size > largestTile) return undefined
  // One piece, and a little more to see the end: each piece is a way to another thread and back.
  const options = { maxOutputLength: Math.max(1, tile.size), chunkSize: tile.size + 64 }
  const bytes = await inflate(tile.packed, options).catch(() => undefined)
  if (bytes?.length !== tile.size || crc32(bytes) !== tile.crc32) return undefined
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

export function tileFile({ size, crc32: crc, packed }: PackedTile): Uint8Array {
  const file = Buffer.allocUnsafe(headSize + packed.length)
  file.writeUInt32BE(magic, 0)
  file.writeUInt32LE(size, 4)
  file.writeUInt32LE(crc, 8)
  file.writeUInt32LE(crc32(packed), 12)
  file.set(packed, headSize)
  return file
}

/** Undefined where the file is cut, torn or something else. Pixels are not unpacked for this. */
export function readTileFile(file: Uint8Array): PackedTile | undefined {
  const tile = openTileFile(file)
  if (tile === undefined || crc32(tile.packed) !== headOf(file).readUInt32LE(12)) return undefined
  return tile
}

/** As `readTileFile`, for who unpacks the tile at once and finds by its pixels what is torn. */
export function openTileFile(file: Uint8Array): PackedTile | undefined {
  if (file.length < headSize) return undefined
  const head = headOf(file)
  if (head.readUInt32BE(0) !== magic) return undefined
  return { size: head.readUInt32LE(4), crc32: head.readUInt32LE(8), packed: file.subarray(headSize) }
}

const headOf = (file: Uint8Array): Buffer => Buffer.from(file.buffer, file.byteOffset, headSize)
