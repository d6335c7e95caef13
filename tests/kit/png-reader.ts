/** A PNG decoder of the tests' own, for the 8-bit kinds that the program writes: every chunk's CRC, the stream's Adler-32, all filters. */
import { crc32, inflateSync } from 'node:zlib'
import type { Pixels } from '../../src/shared/contract/picture.ts'

const channelsOf: Readonly<Record<number, Pixels['channels']>> = { 0: 1, 2: 3, 6: 4 }

/** @throws where anything is not as the specification says */
export function decodePng(file: Uint8Array): Pixels {
  const png = Buffer.from(file.buffer, file.byteOffset, file.length)
  if (png.toString('latin1', 0, 8) !== '\u0089PNG\r\n\u001a\n') throw new Error('no signature')
  const data: Buffer[] = []
  const seen: string[] = []
  let header: Buffer = Buffer.alloc(13)
  let at = 8
  while (at < png.length) {
    const length = png.readUInt32BE(at)
    const type = png.toString('latin1', at + 4, at + 8)
    const body = png.subarray(at + 8, at + 8 + length)
    if (crc32(png.subarray(at + 4, at + 8 + length)) !== png.readUInt32BE(at + 8 + length))
      throw new Error(`CRC of ${type}`)
    if (type === 'IHDR') header = body
    if (type === 'IDAT') data.push(body)
    seen.push(type)
    at += 12 + length
  }
  if (seen[0] !== 'IHDR' || seen.at(-1) !== 'IEND') throw new Error(`chunks ${seen.join()}`)
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const channels = channelsOf[header[9] ?? -1]
  if (channels === undefined || header[8] !== 8 || header[12] !== 0) throw new Error('another kind of PNG')
  const rows = inflateSync(Buffer.concat(data))
  if (rows.length !== height * (width * channels + 1)) throw new Error(`${rows.length} bytes of rows`)
  return { width, height, channels, data: unfiltered(rows, width * channels, height, channels) }
}

function unfiltered(rows: Uint8Array, stride: number, height: number, channels: number): Uint8Array {
  const pixels = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)] ?? -1
    for (let i = 0; i < stride; i++) {
      const left = i >= channels ? (pixels[y * stride + i - channels] ?? 0) : 0
      const up = y > 0 ? (pixels[(y - 1) * stride + i] ?? 0) : 0
      if (filter < 0 || filter > 2) throw new Error(`filter ${filter}`)
      pixels[y * stride + i] = (rows[y * (stride + 1) + 1 + i] ?? 0) + (filter === 1 ? left : filter === 2 ? up : 0)
    }
  }
  return pixels
}
