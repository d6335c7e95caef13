/** The PNG container and its texts, against files made by hand and damaged on purpose. */
import { deflateSync, crc32 as zlibCrc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { crc32 } from '../../../src/raster/crc32.ts'
import { insertChunks, isIntact, isPng, readChunks } from '../../../src/raster/png-chunks.ts'
import { readText, textChunk } from '../../../src/raster/png-text.ts'
import { decodeUtf8, encodeUtf8 } from '../../../src/raster/text-bytes.ts'
import { randomPixels } from './random.ts'
import { pngChunk, tinyPng } from './tiny-png.ts'

const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))

const damagedAt = (at: number, byte: number) => {
  const file = tinyPng()
  file[at] = byte
  return file
}

const inFile = (chunk: { type: string; data: Uint8Array }) => tinyPng(pngChunk(chunk.type, chunk.data))

describe('crc32', () => {
  it('has the published check value and agrees with zlib', () => {
    expect(crc32(latin1('123456789'))).toBe(0xcbf43926)
    expect(crc32(latin1('IEND'))).toBe(0xae426082)
    const { data } = randomPixels(1, 50, 50, 4)
    expect(crc32(data)).toBe(zlibCrc32(data))
    expect(crc32(data.subarray(99), crc32(data.subarray(0, 99)))).toBe(zlibCrc32(data))
  })
})

describe('UTF-8', () => {
  it('is written as node writes it and read back, for one to four bytes a character', () => {
    const text = 'a\0\n%41 é ߿ࠀ 飯 � \uffff 🥘𐀀\u{10ffff}'
    expect(encodeUtf8(text)).toEqual(new Uint8Array(Buffer.from(text)))
    expect(decodeUtf8(encodeUtf8(text))).toBe(text)
    expect(decodeUtf8(encodeUtf8('\ud83e!'))).toBe('\ufffd!')
  })

  it('is refused where it is overlong, cut or a surrogate', () => {
    for (const bytes of [[0xc0, 0x80], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0x80]]) {
      expect(decodeUtf8(Uint8Array.from(bytes))).toBeUndefined()
    }
  })
})

describe('readChunks', () => {
  it('lists types and data in the order of the file and ignores what follows IEND', () => {
    const file = Buffer.concat([tinyPng(pngChunk('gAMA', latin1('abcd'))), Buffer.from('rest')])
    const chunks = readChunks(file)
    expect(chunks.map(({ type }) => type)).toEqual(['IHDR', 'gAMA', 'IDAT', 'IDAT', 'IEND'])
    expect(Buffer.from(chunks[1]!.data).toString()).toBe('abcd')
    expect(chunks.every(isIntact)).toBe(true)
  })

  it('reads a file that lies inside a larger buffer', () => {
    const file = tinyPng()
    const larger = new Uint8Array(file.length + 7)
    larger.set(file, 7)
    expect(readChunks(larger.subarray(7)).length).toBe(4)
  })

  it('refuses every shorter part of a file', () => {
    const file = tinyPng()
    for (let length = 0; length < file.length; length++) {
      expect(() => readChunks(file.subarray(0, length)), `${length} bytes`).toThrow(
        expect.objectContaining({ code: 'not-a-picture' }),
      )
    }
  })

  it('refuses other signatures, lengths past the end and names that are no letters', () => {
    expect(isPng(tinyPng())).toBe(true)
    expect(isPng(damagedAt(0, 0xff))).toBe(false)
    for (const file of [damagedAt(0, 0xff), damagedAt(8, 0xff), damagedAt(8, 0x7f), damagedAt(12, 0x20)]) {
      expect(() => readChunks(file)).toThrow(expect.objectContaining({ code: 'not-a-picture' }))
    }
  })

  it('tells a chunk whose data or type changed', () => {
    const file = tinyPng()
    const header = file.indexOf('I'.charCodeAt(0)) + 4
    file[header] = file[header]! ^ 1
    expect(readChunks(file).map(isIntact)).toEqual([false, true, true, true])
  })
})

describe('insertChunks', () => {
  it('makes the very file that has them before its first IDAT', () => {
    const data = latin1('hello')
    const made = insertChunks(tinyPng(pngChunk('gAMA')), [
      { type: 'paRE', data },
      { type: 'paAT', data: new Uint8Array() },
    ])
    expect(made).toEqual(tinyPng(pngChunk('gAMA'), pngChunk('paRE', data), pngChunk('paAT')))
  })

  it('refuses a file without pixels', () => {
    const empty = Buffer.concat([tinyPng().subarray(0, 8), pngChunk('IEND')])
    expect(() => insertChunks(empty, [])).toThrow(expect.objectContaining({ code: 'not-a-picture' }))
  })
})

describe('textChunk and readText', () => {
  it('writes Latin-1 as tEXt and all else as iTXt, and reads both back', () => {
    for (const [text, type] of [
      ['', 'tEXt'],
      ['a fjord\nSteps: 10, ä ÿ', 'tEXt'],
      ['飯 🥘', 'iTXt'],
      ['a\ttab', 'iTXt'],
    ] as const) {
      const chunk = textChunk('parameters', text)
      expect(chunk.type).toBe(type)
      expect(readText(inFile(chunk), 'parameters')).toBe(text)
    }
  })

  it('lays the bytes out as the PNG specification says', () => {
    expect(textChunk('k', 'ä').data).toEqual(Uint8Array.from([0x6b, 0, 0xe4]))
    expect(textChunk('k', '飯').data).toEqual(Uint8Array.from([0x6b, 0, 0, 0, 0, 0, 0xe9, 0xa3, 0xaf]))
  })

  it('puts a space for NUL, which would end the text', () => {
    expect(readText(inFile(textChunk('k', 'a\0b')), 'k')).toBe('a b')
  })

  it('reads an iTXt with a language and a translated keyword', () => {
    const chunk = { type: 'iTXt', data: Uint8Array.from(Buffer.from('k\0\0\0de\0schlüssel\0wért')) }
    expect(readText(inFile(chunk), 'k')).toBe('wért')
  })

  it('passes over other keywords, compressed, damaged and malformed texts', () => {
    const packed = Buffer.concat([Buffer.from('k\0\x01\0\0\0', 'latin1'), deflateSync(Buffer.from('packed'))])
    const broken = pngChunk('tEXt', latin1('k\0broken'))
    broken[12] = 0
    const file = tinyPng(
      pngChunk('tEXt', latin1('kk\0other')),
      pngChunk('iTXt', packed),
      pngChunk('iTXt', Uint8Array.from([0x6b, 0, 0, 0, 0, 0, 0xff])),
      pngChunk('iTXt', latin1('k')),
      broken,
      pngChunk('tEXt', latin1('k\0this one')),
    )
    expect(readText(file, 'k')).toBe('this one')
    expect(readText(file, 'z')).toBeUndefined()
  })
})
