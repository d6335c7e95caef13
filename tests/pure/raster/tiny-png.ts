/** A PNG made by hand (zlib for its pixels and checksums), independent of the code under test. */
import { crc32, deflateSync } from 'node:zlib'

export function pngChunk(type: string, data: Uint8Array = new Uint8Array()): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}

/** 2 x 1 px of RGB, the pixels in two IDAT chunks; `extra` chunks come before them. */
export function tinyPng(...extra: Buffer[]): Uint8Array {
  const header = Buffer.from([0, 0, 0, 2, 0, 0, 0, 1, 8, 2, 0, 0, 0])
  const pixels = deflateSync(Buffer.from([0, 255, 0, 0, 0, 0, 255]))
  return new Uint8Array(
    Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      pngChunk('IHDR', header),
      ...extra,
      pngChunk('IDAT', pixels.subarray(0, 4)),
      pngChunk('IDAT', pixels.subarray(4)),
      pngChunk('IEND'),
    ]),
  )
}
