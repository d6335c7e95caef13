/** Weights in fewer bits: what rounding to 8 bits costs, and widening 16 bits, which costs nothing. */
import { describe, expect, test } from 'vitest'
import { quantizeRows } from '../../../src/engine/checkpoint/quantize.ts'
import { toFloat32 } from '../../../src/engine/checkpoint/widen.ts'
import { uniforms } from '../../../src/shared/base/philox.ts'

describe('8 bits', () => {
  test('are off by at most half a scale, a hundred rows of any magnitude', () => {
    const [rows, length] = [100, 33]
    const weights = uniforms(1, { purpose: 0, step: 0 }, rows * length).map(
      (u, i) => (2 * u - 1) * 10 ** (Math.floor(i / length) / 5 - 10),
    )
    const { values, scales } = quantizeRows(weights, rows)
    weights.forEach((weight, i) => {
      const scale = scales[Math.floor(i / length)] ?? 0
      // Half a scale, and what float32 rounds in the scale itself.
      expect(Math.abs((values[i] ?? 0) * scale - weight)).toBeLessThanOrEqual(scale * (0.5 + 127 * 2 ** -23))
    })
  })

  test('use -127..127, each row by its own largest entry', () => {
    const { values, scales } = quantizeRows(Float32Array.of(1, -2, 0.5, 0, 300, 100), 2)
    expect([...values]).toEqual([64, -127, 32, 0, 127, 42])
    expect([...scales]).toEqual([Math.fround(2 / 127), Math.fround(300 / 127)])
  })

  test('of a row of zeros are zeros', () => {
    const { values, scales } = quantizeRows(Float32Array.of(0, 0, 0, 5), 2)
    expect([...values]).toEqual([0, 0, 0, 127])
    expect(scales[0]).toBeGreaterThan(0)
  })

  test('take a convolution by its output channels', () => {
    const { scales } = quantizeRows(
      Float32Array.from({ length: 2 * 3 * 4 * 4 }, (_, i) => (i < 48 ? 127 : 254)),
      2,
    )
    expect([...scales]).toEqual([1, 2])
  })
})

describe('16 bits', () => {
  const widen = (words: readonly number[], dtype: 'float16' | 'bfloat16') => [
    ...toFloat32(new Uint8Array(Uint16Array.from(words).buffer), dtype),
  ]

  test('float16 widens exactly, from zeros and subnormals to the largest and infinity', () => {
    const words = [0x0000, 0x8000, 0x0001, 0x83ff, 0x0400, 0x3c00, 0xc100, 0x3555, 0x7bff, 0x7c00, 0xfc00]
    expect(widen(words, 'float16')).toEqual([
      0,
      -0,
      2 ** -24,
      -1023 * 2 ** -24,
      2 ** -14,
      1,
      -2.5,
      1365 * 2 ** -12,
      65504,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ])
    expect(widen([0x7e00, 0xfc01], 'float16')).toEqual([Number.NaN, Number.NaN])
  })

  test('every finite float16 widens to what a DataView makes of it', () => {
    const words = Array.from({ length: 0x10000 }, (_, i) => i)
    const view = new DataView(Uint16Array.from(words).buffer) as DataView & { getFloat16(at: number, le: true): number }
    expect(widen(words, 'float16')).toEqual(words.map((word) => view.getFloat16(2 * word, true)))
  })

  test('bfloat16 widens exactly, from zeros and subnormals to infinity', () => {
    const words = [0x0000, 0x8000, 0x0001, 0x3f80, 0xbfc0, 0x7f7f, 0x7f80, 0xff80]
    expect(widen(words, 'bfloat16')).toEqual([
      0,
      -0,
      2 ** -133,
      1,
      -1.5,
      255 * 2 ** 120,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ])
    expect(widen([0x7fc0], 'bfloat16')).toEqual([Number.NaN])
  })

  test('are read from bytes that lie anywhere, and 32 bits as they are', () => {
    const bytes = Uint8Array.of(7, 0x80, 0x3f, 0, 0, 0x80, 0x3f, 7)
    expect([...toFloat32(bytes.subarray(1, 3), 'bfloat16')]).toEqual([1])
    expect([...toFloat32(bytes.subarray(3, 7), 'float32')]).toEqual([1])
  })

  test('that are no floats are refused', () => {
    expect(() => toFloat32(new Uint8Array(2), 'int8')).toThrow('int8 is not a float')
  })
})
