/**
 * The directory at the end of a zip, found and read by its own numbers alone, never by a search: what a search finds may be
 * another directory than the one that a scanner saw. PyTorch writes zip64 records whether they are needed or not.
 */
import { type ByteSource, refused } from './byte-source.ts'

/** One line of the directory, as it stands there. */
export interface DirectoryEntry {
  readonly name: string
  readonly rawName: Buffer
  readonly flags: number
  readonly method: number
  readonly crc32: number
  readonly packedSize: number
  readonly size: number
  /** Of the local header. */
  readonly offset: number
  /** Unix permission bits and kind of file; 0 where another system made it. */
  readonly unixMode: number
}

export interface ZipDirectory {
  readonly entries: readonly DirectoryEntry[]
  /** Where the directory begins, and so where the entries must have ended. */
  readonly start: number
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const endLength = 22
const end64Length = 56
const locatorLength = 20
const mostEntries = 200_000
const mostDirectory = 64 * 1024 * 1024

/** @throws StudioError 'model-broken' */
export function readDirectory(file: ByteSource): ZipDirectory {
  const broken = (why: string) => refused(file.name, why)
  if (file.size < endLength) throw broken('it is a zip that has been cut off')
  const endAt = file.size - endLength
  const end = file.read(endAt, endLength)
  if (end.readUInt32LE(0) !== 0x06054b50) throw broken(missingEnd(file))
  if (end.readUInt16LE(20) !== 0) throw broken('its zip has a comment, which may hide a second directory')
  let count = end.readUInt16LE(10)
  let length = end.readUInt32LE(12)
  let start = end.readUInt32LE(16)
  if (end.readUInt32LE(4) !== 0 || end.readUInt16LE(8) !== count) throw broken('its zip is one part of several')
  let directoryEnd = endAt
  const far = readEnd64(file, endAt)
  if (far) {
    const agrees =
      (count === 0xffff || count === far.count) &&
      (length === 0xffffffff || length === far.length) &&
      (start === 0xffffffff || start === far.start)
    if (!agrees) throw broken('its zip has two ends that do not agree')
    ;({ count, length, start } = far)
    directoryEnd = far.at
  } else if (count === 0xffff || length === 0xffffffff || start === 0xffffffff) {
    throw broken('its zip is cut: the directory of a large file is missing')
  }
  if (start + length !== directoryEnd) throw broken('its zip has a directory that is not where it should be')
  if (count > mostEntries || length > mostDirectory) throw broken(`its zip claims ${count} parts`)
  return { entries: parse(file, file.read(start, length), count), start }
}

/** Why there is no end where it should be: the commonest cause is a download that stopped. */
function missingEnd(file: ByteSource): string {
  const tail = file.read(Math.max(0, file.size - 65_557), Math.min(file.size, 65_557))
  const isThere = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1')) >= 0
  return isThere ? 'something stands behind the end of its zip' : 'it is a zip that has been cut off'
}

function readEnd64(file: ByteSource, endAt: number) {
  if (endAt < locatorLength + end64Length) return undefined
  const locator = file.read(endAt - locatorLength, locatorLength)
  if (locator.readUInt32LE(0) !== 0x07064b50) return undefined
  const at = endAt - locatorLength - end64Length
  const end = file.read(at, end64Length)
  const isSound =
    end.readUInt32LE(0) === 0x06064b50 &&
    end.readBigUInt64LE(4) === BigInt(end64Length - 12) &&
    locator.readBigUInt64LE(8) === BigInt(at) &&
    end.readBigUInt64LE(24) === end.readBigUInt64LE(32)
  if (!isSound) throw refused(file.name, 'its zip has an end that makes no sense')
  const [count, length, start] = [32, 40, 48].map((place) => Number(end.readBigUInt64LE(place))) as [
    number,
    number,
    number,
  ]
  return { at, count, length, start }
}

function parse(file: ByteSource, bytes: Buffer, count: number): DirectoryEntry[] {
  const broken = (why: string) => refused(file.name, why)
  const entries: DirectoryEntry[] = []
  let at = 0
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) throw broken('its zip has a broken directory')
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28)
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30)
    const next = extraEnd + bytes.readUInt16LE(at + 32)
    if (next > bytes.length) throw broken('its zip has a broken directory')
    const rawName = bytes.subarray(at + 46, nameEnd)
    const sizes = [bytes.readUInt32LE(at + 24), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)] as const
    const widened = wideSizes(sizes, bytes.subarray(nameEnd, extraEnd))
    if (!widened) throw broken('its zip has a part of an impossible size')
    const [size, packedSize, offset] = widened
    entries.push({
      name: nameOf(rawName) ?? '',
      rawName,
      flags: bytes.readUInt16LE(at + 8),
      method: bytes.readUInt16LE(at + 10),
      crc32: bytes.readUInt32LE(at + 16),
      packedSize,
      size,
      offset,
      unixMode: bytes[at + 5] === 3 ? bytes.readUInt16LE(at + 40) : 0,
    })
    at = next
  }
  if (at !== bytes.length) throw broken('its zip has more in its directory than parts')
  return entries
}

/** An empty name, which no entry may have, where the bytes are no text. */
function nameOf(raw: Buffer): string | undefined {
  try {
    return utf8.decode(raw)
  } catch {
    return undefined
  }
}

/** Size, packed size and offset; those that are all ones stand in the extra field 1, in this order. */
function wideSizes(
  sizes: readonly [number, number, number],
  extra: Buffer,
): readonly [number, number, number] | undefined {
  const far: number[] = []
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2)
    if (end > extra.length) return undefined
    if (extra.readUInt16LE(at) === 1)
      for (let place = at + 4; place + 8 <= end; place += 8) far.push(Number(extra.readBigUInt64LE(place)))
    at = end
  }
  const widened = sizes.map((size) => (size === 0xffffffff ? far.shift() : size))
  return widened.every((size) => size !== undefined && Number.isSafeInteger(size))
    ? (widened as [number, number, number])
    : undefined
}
