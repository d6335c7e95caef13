/** Our own PNG writer, read back by a small reader of the tests: every filter, channel and number of strips, and the checksums. */
import { constants, crc32, deflateRawSync, inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { ahead } from '../../../src/files/ahead.ts'
import { pngChunks } from '../../../src/files/picture-strips.ts'
import { filterRows } from '../../../src/files/png-filter.ts'
import { decodeStrip } from '../../../src/files/png-decode.ts'
import { adler32, encodePng, encodeStrip } from '../../../src/files/png-write.ts'
import { readText, textChunk } from '../../../src/raster/png-text.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { stripsOf } from '../../kit/crash-scenarios.ts'
import { decodePng } from '../../kit/png-reader.ts'

type Channels = Pixels['channels']

function pictureOf(width: number, height: number, channels: Channels, value: (i: number) => number): Pixels {
  return { width, height, channels, data: Uint8Array.from({ length: width * height * channels }, (_, i) => value(i)) }
}

const noise = (i: number): number => (Math.imul(i + 1, 2654435761) >>> 11) & 255
const kinds: readonly [string, (i: number) => number][] = [
  ['noise', noise],
  ['one colour', () => 77],
  ['nothing', () => 0],
  ['a slope to the right', (i) => i],
  ['a slope downwards', (i) => Math.floor(i / 64)],
]

async function whole(picture: Pixels, rows: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of pngChunks(stripsOf(picture, rows))) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test.each([1, 3, 4] as const)('pictures of %i channels are read back as they were', async (channels) => {
  for (const [name, value] of kinds) {
    for (const [width, height] of [
      [1, 1],
      [17, 13],
      [64, 40],
    ] as const) {
      const picture = pictureOf(width, height, channels, value)
      expect(decodePng(await encodePng(picture)), `${name}, ${width} x ${height}`).toEqual(picture)
    }
  }
})

test.each([1, 2, 3, 7, 12, 13, 50])('strips of %i rows make the same picture', async (rows) => {
  const picture = pictureOf(31, 13, 4, (i) => (noise(i) & 7) + Math.floor(i / 31))
  expect(decodePng(await whole(picture, rows))).toEqual(picture)
})

test('a strip looks at no row above it, and each row takes the filter that fits it', () => {
  const columns = pictureOf(64, 3, 1, (i) => noise(i % 64))
  const filters = (picture: Pixels): number[] => {
    const rows = filterRows(picture)
    return Array.from({ length: picture.height }, (_, y) => rows[y * (picture.width * picture.channels + 1)] ?? -1)
  }
  const [first, ...others] = filters(columns)
  expect(first).not.toBe(2)
  expect(others).toEqual([2, 2])
  expect(filters(pictureOf(640, 3, 1, (i) => Math.floor((i % 640) / 3) + noise(Math.floor(i / 640))))).toEqual([
    1, 1, 1,
  ])
})

test('a strip gives its pixels back, and what is none of ours is told', async () => {
  for (const channels of [1, 3, 4] as const) {
    for (const [name, value] of kinds) {
      const picture = pictureOf(37, 9, channels, value)
      const strip = await encodeStrip(picture)
      expect(await decodeStrip(strip, picture), name).toEqual(picture)
      expect(await decodeStrip({ ...strip, size: strip.size + 1 }, picture)).toBeUndefined()
      expect(await decodeStrip({ ...strip, chunk: strip.chunk.subarray(0, 20) }, picture)).toBeUndefined()
    }
  }
  const paeth = { width: 2, height: 1, channels: 1, data: Uint8Array.of(4, 9) } as const
  const rows = deflateRawSync(Uint8Array.of(4, 1, 2), { finishFlush: constants.Z_FULL_FLUSH })
  expect(
    await decodeStrip({ chunk: Buffer.concat([new Uint8Array(8), rows, new Uint8Array(4)]), size: 3, adler: 0 }, paeth),
  ).toBeUndefined()
})

test('texts stand before the pixels', async () => {
  const picture = pictureOf(2, 2, 3, noise)
  const png = await encodePng(picture, [textChunk('parameters', 'an apple, 苹果')])
  expect(readText(new Uint8Array(png), 'parameters')).toBe('an apple, 苹果')
  expect(decodePng(png)).toEqual(picture)
})

test('the checksum is that of zlib', () => {
  for (const length of [0, 1, 2047, 2048, 2049, 70_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (length === 70_000 ? 255 : noise(i)))
    const stream = Buffer.alloc(length + 6 + 5 * Math.ceil(length / 65_535 || 1))
    stream.set([0x78, 0x01])
    let at = 2
    for (let from = 0; from === 0 || from < length; from += 65_535) {
      const part = bytes.subarray(from, from + 65_535)
      const isLast = from + 65_535 >= length
      stream.set(
        [isLast ? 1 : 0, part.length & 255, part.length >> 8, ~part.length & 255, (~part.length >> 8) & 255],
        at,
      )
      stream.set(part, at + 5)
      at += 5 + part.length
    }
    stream.writeUInt32BE(adler32(bytes), at)
    // zlib refuses a wrong one.
    expect(crc32(inflateSync(stream))).toBe(crc32(bytes))
  }
})

test('work runs ahead as far as it may, its results stay in order, and nothing runs on after an error', async () => {
  let running = 0
  let most = 0
  const work = async (item: number): Promise<number> => {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setTimeout(resolve, 6 - item))
    running -= 1
    if (item === 4) throw new Error('four')
    return item
  }
  const seen: number[] = []
  const reading = async (items: readonly number[]): Promise<void> => {
    for await (const item of ahead(items, 3, work)) seen.push(item)
  }
  await reading([1, 2, 3, 5])
  expect([seen, most]).toEqual([[1, 2, 3, 5], 3])
  await expect(reading([1, 2, 4, 5, 3])).rejects.toThrow('four')
  expect(running).toBe(0)
})
