/** Messages as bytes: arrays survive exactly, hostile bytes are refused with a code. */
import { describe, expect, test } from 'vitest'
import { uniforms } from '../../../src/shared/base/philox.ts'
import { decodeMessage, encodeMessage, type TextCoding } from '../../../src/shared/wire/binary-codec.ts'

const coding: TextCoding = {
  encode: (text) => new TextEncoder().encode(text),
  decode: (bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes),
}
const through = (value: unknown): unknown => decodeMessage(encodeMessage(value, coding), coding)

describe('a message comes back as it was', () => {
  test.each([
    null,
    7,
    'a "飯" 🥘',
    [],
    { a: [1, { b: null }], c: false },
    { tokens: Int32Array.of(-1, 2 ** 31 - 1), confidence: Float32Array.of(0.5, -0), id: 3 },
    { pixels: new Uint8Array(5).fill(255), again: new Uint8Array(0), wide: Uint16Array.of(65535) },
    [[Float32Array.of(1)], [[Uint8Array.of(1, 2, 3)]]],
  ])('%j', (value) => {
    expect(through(value)).toStrictEqual(value)
  })

  test('with an array that is a part of a larger one', () => {
    const whole = Float32Array.from({ length: 9 }, (_, i) => i / 3)
    expect(through({ part: whole.subarray(2, 5) })).toStrictEqual({ part: whole.slice(2, 5) })
  })

  test("with Node's buffers as plain bytes", () => {
    expect(through({ file: Buffer.from('abc') })).toStrictEqual({ file: Uint8Array.of(97, 98, 99) })
  })

  test('and its arrays keep nothing else alive', () => {
    const { small } = through({ small: Uint8Array.of(1), large: new Uint8Array(100_000) }) as { small: Uint8Array }
    expect(small.buffer.byteLength).toBe(1)
  })

  test('from bytes that start anywhere in memory', () => {
    const bytes = encodeMessage({ x: Float32Array.of(1.5) }, coding)
    const moved = new Uint8Array(bytes.length + 3)
    moved.set(bytes, 3)
    expect(decodeMessage(moved.subarray(3), coding)).toStrictEqual({ x: Float32Array.of(1.5) })
  })
})

test("a message in Node's buffer of another's memory is read from its own place", () => {
  const message = { pixels: Uint8Array.of(7, 8, 9) }
  const [before, bytes] = [Buffer.alloc(5, 1), encodeMessage(message, coding)]
  expect(decodeMessage(Buffer.concat([before, bytes]).subarray(5), coding)).toStrictEqual(message)
})

describe('bytes that are no message are refused', () => {
  const refused = expect.objectContaining({ code: 'bad-request' })
  const withHead = (json: string, body = 0): Uint8Array => {
    const head = coding.encode(json)
    const bytes = new Uint8Array(Math.ceil((4 + head.length) / 8) * 8 + body)
    new DataView(bytes.buffer).setUint32(0, head.length, true)
    bytes.set(head, 4)
    return bytes
  }

  test.each([
    ['nothing', new Uint8Array()],
    ['a length beyond the end', Uint8Array.of(255, 255, 255, 255, 1)],
    ['no JSON', withHead('{')],
    ['no UTF-8', Uint8Array.of(2, 0, 0, 0, 0x22, 0xff)],
    ['an unknown array', withHead('{"$array":["Float64Array",0,1]}', 8)],
    ['an inherited name', withHead('{"$array":["constructor",0,1]}', 8)],
    ['an array outside', withHead('{"$array":["Uint8Array",0,9]}', 8)],
    ['an array before', withHead('{"$array":["Uint8Array",-1,1]}', 8)],
    ['a length that is no number', withHead('{"$array":["Uint8Array",0,"1"]}', 8)],
    ['a place that is no list', withHead('{"$array":7}', 8)],
  ])('%s', (_, bytes) => {
    expect(() => decodeMessage(bytes, coding)).toThrow(refused)
  })

  test('and thousands of damaged ones end in a code or a value, never in a crash', () => {
    const good = encodeMessage({ a: [1, 'x'], b: Int32Array.of(1, 2, 3), c: Uint8Array.of(9) }, coding)
    const random = uniforms(7, { purpose: 0, step: 0 }, 6000)
    for (let i = 0; i < 3000; i++) {
      const bytes = good.slice(0, i % 3 === 0 ? Math.floor((random[2 * i] ?? 0) * good.length) : good.length)
      bytes[Math.floor((random[2 * i] ?? 0) * bytes.length)] = Math.floor((random[2 * i + 1] ?? 0) * 256)
      try {
        decodeMessage(bytes, coding)
      } catch (error) {
        expect(error).toEqual(refused)
      }
    }
  })
})
