/** Blend modes against the formulas of the specification, written down a second time in tests/kit. */
import { describe, expect, it } from 'vitest'
import { blendModes } from '../../../src/document/records.ts'
import { blendBlock, type BlendMode, blendPixels } from '../../../src/raster/blend.ts'
import { blendFormulas, type Colour, referenceBlend } from '../../kit/blend-reference.ts'
import { randomInts } from './random.ts'

const blend = (mode: BlendMode, backdrop: Colour, source: Colour, opacity = 1): number[] => {
  const data = Uint8Array.from(backdrop)
  blendPixels(data, Uint8Array.from(source), mode, opacity)
  return [...data]
}

const corners = [
  [0, 0, 0],
  [255, 255, 255],
  [128, 128, 128],
  [127, 64, 63],
  [255, 0, 0],
  [0, 255, 255],
  [250, 250, 5],
  [12, 200, 90],
]
const pairs = corners.flatMap((cb, i) =>
  corners.map((cs, j) => [
    [...cb, [255, 180, 0][i % 3]!],
    [...cs, [255, 77][j % 2]!],
  ]),
)
const int = randomInts(11)
const random = Array.from({ length: 40 }, () => [0, 0].map(() => [0, 0, 0, 0].map(() => int(256))))

describe('blendPixels', () => {
  it('knows the modes that documents name', () => {
    expect(Object.keys(blendFormulas)).toEqual([...blendModes])
  })

  it.each(blendModes)('%s equals the formulas of the specification within half a step', (mode) => {
    for (const [backdrop, source] of [...pairs, ...random] as [number[], number[]][]) {
      for (const opacity of [1, 0.37]) {
        const want = referenceBlend(mode, backdrop, source, opacity)
        blend(mode, backdrop, source, opacity).forEach((value, c) => {
          if (source[3] === 0 || (want[3]! < 0.5 && c < 3)) return
          // Half a step for the rounding, and what 32-bit tables lose.
          expect(Math.abs(value - want[c]!), `${mode} ${backdrop} ${source} ${opacity}`).toBeLessThan(0.5001)
        })
      }
    }
  })

  it('leaves the backdrop under white multiplied, black screened, and middle exclusions of black', () => {
    for (const [backdrop] of random as [number[]][]) {
      const opaque = [...backdrop.slice(0, 3), 255]
      expect(blend('multiply', opaque, [255, 255, 255, 255])).toEqual(opaque)
      expect(blend('screen', opaque, [0, 0, 0, 255])).toEqual(opaque)
      expect(blend('exclusion', opaque, [0, 0, 0, 255])).toEqual(opaque)
      expect(blend('difference', opaque, opaque)).toEqual([0, 0, 0, 255])
    }
  })

  it('makes overlay of hard-light, and luminosity of color, with the two pictures exchanged', () => {
    for (const pair of random as [number[], number[]][]) {
      const [a, b] = pair.map((colour) => [...colour.slice(0, 3), 255]) as [number[], number[]]
      expect(blend('overlay', a, b)).toEqual(blend('hard-light', b, a))
      expect(blend('luminosity', a, b)).toEqual(blend('color', b, a))
    }
  })

  it.each(blendModes)('%s shows the source as it is over nothing, and leaves every byte under nothing', (mode) => {
    expect(blend(mode, [9, 8, 7, 0], [10, 200, 30, 140])).toEqual([10, 200, 30, 140])
    expect(blend(mode, [9, 8, 7, 0], [10, 200, 30, 0])).toEqual([9, 8, 7, 0])
    expect(blend(mode, [9, 8, 7, 99], [10, 200, 30, 255], 0)).toEqual([9, 8, 7, 99])
  })

  it('copies an opaque source in normal mode', () => {
    expect(blend('normal', [1, 2, 3, 44], [10, 200, 30, 255])).toEqual([10, 200, 30, 255])
  })

  it('gives no colour to a px whose alpha rounds to 0', () => {
    expect(blend('normal', [1, 2, 3, 0], [10, 200, 30, 1], 0.4)).toEqual([0, 0, 0, 0])
  })

  it.each(['normal', 'multiply', 'hue'] as const)('%s under a mask is as with that much less opacity', (mode) => {
    const backdrop = [200, 100, 50, 180]
    const source = [20, 220, 130, 230]
    const mask = [0, 1, 100, 254, 255]
    const data = Uint8Array.from(mask.flatMap(() => backdrop))
    blendPixels(data, Uint8Array.from(mask.flatMap(() => source)), mode, 0.8, Uint8Array.from(mask))
    const single = mask.flatMap((weight) => blend(mode, backdrop, source, (0.8 * weight) / 255))
    expect([...data]).toEqual(single)
    expect([...data.subarray(0, 4)]).toEqual(backdrop)
  })

  it('gives the same bytes with and without a mask that hides nothing, wherever in memory they lie', () => {
    const int = randomInts(77)
    const bytes = (): Uint8Array => Uint8Array.from({ length: 65536 * 4 }, () => int(256))
    const [backdrop, source] = [bytes(), bytes()]
    // Every alpha over every other.
    for (let px = 0; px < 65536; px++) {
      backdrop[px * 4 + 3] = px >> 8
      source[px * 4 + 3] = px & 255
    }
    const blended = (mask: Uint8Array | undefined, offset: number): Uint8Array => {
      const data = new Uint8Array(backdrop.length + offset).subarray(offset)
      data.set(backdrop)
      blendPixels(data, source, 'normal', 1, mask)
      return data
    }
    const general = blended(new Uint8Array(65536).fill(255), 0)
    expect(Buffer.compare(blended(undefined, 0), general)).toBe(0)
    expect(Buffer.compare(blended(undefined, 1), general)).toBe(0)
  })

  it.each(['normal', 'multiply'] as const)('%s on parts of pictures is what it is line by line', (mode) => {
    const int = randomInts(5)
    const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => int(256))
    const source = { data: bytes(20 * 10 * 4), at: 23, line: 20 }
    const mask = bytes(20 * 10)
    for (const [width, height] of [
      [5, 4],
      [17, 8],
    ] as const) {
      for (const opacity of [1, 0.7]) {
        for (const weights of [undefined, mask]) {
          const before = bytes(width * 12 * 4)
          const [block, lines] = [new Uint8Array(before), new Uint8Array(before)]
          blendBlock({ data: block, at: width * 2, line: width }, source, { width, height }, mode, opacity, weights)
          for (let y = 0; y < height; y++) {
            const [to, from] = [width * (2 + y), 23 + 20 * y]
            blendPixels(
              lines.subarray(to * 4, (to + width) * 4),
              source.data.slice(from * 4, (from + width) * 4),
              mode,
              opacity,
              weights?.slice(from, from + width),
            )
          }
          expect(Buffer.compare(block, lines)).toBe(0)
        }
      }
    }
  })

  it('refuses runs of different lengths', () => {
    expect(() => blendPixels(new Uint8Array(8), new Uint8Array(4), 'normal', 1)).toThrow('as many px')
    expect(() => blendPixels(new Uint8Array(8), new Uint8Array(8), 'normal', 1, new Uint8Array(8))).toThrow('mask')
  })
})
