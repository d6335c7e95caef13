/**
 * Reads a zip that a stranger may have made (reliability.md, 2.5). Everything the directory says is checked against limits and
 * against the local headers before a byte is unpacked: what lies in the file, from its first byte to its directory, is the
 * entries, one behind the other, and nothing else.
 */
import { crc32, inflateRawSync } from 'node:zlib'
import { type ByteSource, refused, shown } from './byte-source.ts'
import { type DirectoryEntry, readDirectory } from './zip-directory.ts'
import { nameFault, sameName } from './zip-names.ts'

export interface ZipEntry {
  readonly name: string
  readonly size: number
  /** Where its bytes begin in the file, as they are; undefined where they are packed. */
  readonly storedAt: number | undefined
  /** Unpacked and checked. @throws StudioError 'model-broken', also where it is larger than `most` bytes */
  read(most: number): Buffer
  /** Reads all of a stored entry, piece by piece, and throws where its checksum is another. */
  checkStored(): void
}

/** Descriptor behind the data, names in UTF-8. */
const allowedFlags = 0x808
const hasDescriptor = 0x8
/** An entry of more than `largeEntry` bytes may not be packed tighter than this. */
const mostRatio = 100
const largeEntry = 1 << 20
const piece = 1 << 20
const windowLength = 1 << 16

/** The entries by name. @throws StudioError 'model-broken' */
export function readZip(file: ByteSource): ReadonlyMap<string, ZipEntry> {
  const { entries, start } = readDirectory(file)
  const near = nearby(file)
  const broken = (why: string) => refused(file.name, why)
  const found = new Map<string, ZipEntry>()
  const names = new Set<string>()
  const inOrder = [...entries].sort((a, b) => a.offset - b.offset)
  let end = 0
  for (const [index, entry] of inOrder.entries()) {
    const fault = nameFault(entry.name) ?? entryFault(entry)
    if (fault !== undefined) throw broken(`the part ${shown(entry.name)} in it ${fault}`)
    if (names.has(sameName(entry.name))) throw broken(`it has two parts named ${shown(entry.name)}`)
    names.add(sameName(entry.name))
    if (index === 0 && entry.offset !== 0) throw broken('something stands before the first part of its zip')
    if (entry.offset < end) throw broken('the parts of its zip overlap')
    const next = inOrder[index + 1]?.offset ?? start
    const dataAt = readLocal(near, entry, next)
    end = dataAt + entry.packedSize
    found.set(entry.name, zipEntry(file, entry, dataAt))
  }
  return found
}

/** The same bytes, read a window at a time: small parts lie close together, and there may be 200,000. */
function nearby(file: ByteSource): ByteSource {
  let window: Buffer = Buffer.alloc(0)
  let start = 0
  return {
    ...file,
    read(offset, length) {
      if (offset < start || offset + length > start + window.length) {
        start = offset
        window = file.read(offset, Math.min(Math.max(length, windowLength), file.size - offset))
      }
      return window.subarray(offset - start, offset - start + length)
    },
  }
}

function entryFault({ flags, method, unixMode, size, packedSize }: DirectoryEntry): string | undefined {
  if ((flags & ~allowedFlags) !== 0) return 'is encrypted or of an unknown kind'
  if (method !== 0 && method !== 8) return 'is packed in an unknown way'
  if ((unixMode & 0o170000) === 0o120000) return 'is a link'
  if (method === 0 && size !== packedSize) return 'has two sizes'
  if (size > largeEntry && size > packedSize * mostRatio) return 'would unpack to far more than it holds'
  return undefined
}

/**
 * Holds the local header against the directory, and what follows the data against the next entry.
 * @returns where the data begins
 */
function readLocal(file: ByteSource, entry: DirectoryEntry, next: number): number {
  const broken = () => refused(file.name, `the directory of its zip and the part ${shown(entry.name)} do not agree`)
  if (entry.offset + 30 > next) throw broken()
  const fixed = file.read(entry.offset, 30)
  const nameLength = fixed.readUInt16LE(26)
  const dataAt = entry.offset + 30 + nameLength + fixed.readUInt16LE(28)
  const gap = next - (dataAt + entry.packedSize)
  if (fixed.readUInt32LE(0) !== 0x04034b50 || nameLength !== entry.rawName.length || gap < 0) throw broken()
  if (!file.read(entry.offset + 30, nameLength).equals(entry.rawName)) throw broken()
  if (fixed.readUInt16LE(6) !== entry.flags || fixed.readUInt16LE(8) !== entry.method) throw broken()
  const [crc, packedSize, size] = [14, 18, 22].map((place) => fixed.readUInt32LE(place)) as [number, number, number]
  if ((entry.flags & hasDescriptor) === 0) {
    const agrees = (said: number, is: number) => said === is || said === 0xffffffff
    if (gap !== 0 || crc !== entry.crc32 || !agrees(packedSize, entry.packedSize) || !agrees(size, entry.size))
      throw broken()
    return dataAt
  }
  // A descriptor of 32-bit or 64-bit sizes; what the header says then is zero, or the truth (some writers know it).
  const isUntold = (said: number, is: number) => said === 0 || said === is || said === 0xffffffff
  if (!isUntold(crc, entry.crc32) || !isUntold(packedSize, entry.packedSize) || !isUntold(size, entry.size))
    throw broken()
  if (gap !== 16 && gap !== 24) throw broken()
  const tail = file.read(dataAt + entry.packedSize, gap)
  const sizes =
    gap === 16
      ? [tail.readUInt32LE(8), tail.readUInt32LE(12)]
      : [Number(tail.readBigUInt64LE(8)), Number(tail.readBigUInt64LE(16))]
  const isSame = tail.readUInt32LE(4) === entry.crc32 && sizes[0] === entry.packedSize && sizes[1] === entry.size
  if (tail.readUInt32LE(0) !== 0x08074b50 || !isSame) throw broken()
  return dataAt
}

function zipEntry(file: ByteSource, entry: DirectoryEntry, dataAt: number): ZipEntry {
  const { name, size, method } = entry
  const broken = (why: string) => refused(file.name, `the part ${shown(name)} in it ${why}`)
  return {
    name,
    size,
    storedAt: method === 0 ? dataAt : undefined,
    read(most) {
      if (size > most || entry.packedSize > most) throw broken(`is larger than ${most} bytes`)
      const packed = file.read(dataAt, entry.packedSize)
      const bytes = method === 0 ? packed : inflated(packed, size)
      if (bytes?.length !== size || crc32(bytes) !== entry.crc32) throw broken('is damaged')
      return bytes
    },
    checkStored() {
      let crc = 0
      for (let done = 0; done < size; done += piece)
        crc = crc32(file.read(dataAt + done, Math.min(piece, size - done)), crc)
      if (crc !== entry.crc32) throw broken('is damaged')
    },
  }
}

/** Stops at the size that was promised. */
function inflated(packed: Buffer, size: number): Buffer | undefined {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) })
  } catch {
    return undefined
  }
}
