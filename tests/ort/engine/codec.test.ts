/** Image files in, upright sRGB of 8 bits out, whatever they hold; and what is no picture, or too large a one, is refused. */
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { decodePicture, encodePng, pictureSize } from '../../../src/engine/images/codec.ts'
import type { PictureInput, Pixels } from '../../../src/shared/contract/picture.ts'
import { failureOf } from '../../kit/engine.ts'
import { asFile, asPixels, noise, pngThatClaims, toSharp } from '../../kit/pictures.ts'

const size = { width: 6, height: 4 }
const decode = (bytes: Uint8Array): Promise<Pixels> => decodePicture(asFile(bytes), 'the picture')

describe('formats', () => {
  test.each([1, 3, 4] as const)('a PNG of %i channels comes back px for px', async (channels) => {
    const picture = noise(size, channels)
    const decoded = await decode(await encodePng(picture))
    const expected = channels === 1 ? [...picture.data].flatMap((grey) => [grey, grey, grey]) : [...picture.data]
    expect([...decoded.data]).toEqual(expected)
  })

  test('pixels under full transparency keep their colour', async () => {
    const picture = { ...noise(size, 4), data: noise(size, 4).data.map((byte, i) => (i % 4 === 3 ? 0 : byte)) }
    expect(await decode(await encodePng(picture))).toEqual(picture)
  })

  test('grey with alpha becomes RGBA', async () => {
    const greyAlpha = sharp(Uint8Array.of(10, 255, 200, 128), { raw: { width: 2, height: 1, channels: 2 } })
    const png = await greyAlpha.toColourspace('b-w').png().toBuffer()
    expect((await sharp(png).metadata()).channels).toBe(2)
    expect([...(await decode(png)).data]).toEqual([10, 10, 10, 255, 200, 200, 200, 128])
  })

  test.each([
    ['grey16', 1],
    ['rgb16', 3],
  ] as const)('16 bits (%s) are scaled to 8', async (space, channels) => {
    const deep = Uint16Array.from({ length: channels }, () => 0x8081)
    const png = await sharp(deep, { raw: { width: 1, height: 1, channels } })
      .toColourspace(space)
      .png()
      .toBuffer()
    expect((await sharp(png).metadata()).depth).toBe('ushort')
    expect([...(await decode(png)).data]).toEqual([128, 128, 128])
  })

  test('a palette is looked up', async () => {
    const flat = { ...size, channels: 3 as const, data: new Uint8Array(72).map((_, i) => [200, 10, 60][i % 3] ?? 0) }
    const png = await toSharp(flat).png({ palette: true }).toBuffer()
    expect((await sharp(png).metadata()).isPalette).toBe(true)
    expect(await decode(png)).toEqual(flat)
  })

  test('CMYK becomes RGB', async () => {
    const red = { ...size, channels: 3 as const, data: new Uint8Array(72).map((_, i) => (i % 3 === 0 ? 220 : 20)) }
    const jpeg = await toSharp(red).toColourspace('cmyk').jpeg().toBuffer()
    expect((await sharp(jpeg).metadata()).space).toBe('cmyk')
    const { channels, data } = await decode(jpeg)
    expect(channels).toBe(3)
    expect(data[0]).toBeGreaterThan(150)
    expect(data[1]).toBeLessThan(100)
  })

  test('an animation gives its first frame', async () => {
    const frame = async (grey: number) =>
      toSharp({ ...size, channels: 3, data: new Uint8Array(72).fill(grey) })
        .png()
        .toBuffer()
    const gif = await sharp([await frame(255), await frame(0)], { join: { animated: true } })
      .gif()
      .toBuffer()
    expect((await sharp(gif).metadata()).pages).toBe(2)
    const { width, height, data } = await decode(gif)
    expect([width, height, data[0]]).toEqual([6, 4, 255])
  })

  test.each(['jpeg', 'webp', 'tiff', 'gif', 'avif'] as const)('%s is read', async (format) => {
    const { width, height } = await decode(await toSharp(noise(size)).toFormat(format).toBuffer())
    expect([width, height]).toEqual([6, 4])
  })

  test('a picture that was taken sideways stands upright, and its size is told so', async () => {
    const picture = noise(size)
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const png = await toSharp(picture).withMetadata({ orientation }).png().toBuffer()
      const decoded = await decode(png)
      const upright = orientation < 5 ? size : { width: 4, height: 6 }
      expect({ width: decoded.width, height: decoded.height }).toEqual(upright)
      expect(await pictureSize(asFile(png), 'the picture')).toEqual(upright)
      // Orientation 6: the first row is the right edge.
      if (orientation === 6) expect(decoded.data.subarray(3 * 3, 4 * 3)).toEqual(picture.data.subarray(0, 3))
    }
  })
})

describe('refused', () => {
  const picture = noise({ width: 64, height: 48 })
  const cut = (bytes: Uint8Array, share: number): Uint8Array => bytes.subarray(0, Math.floor(bytes.length * share))
  const cases: readonly [name: string, bytes: () => Promise<Uint8Array>][] = [
    ['an empty file', async () => new Uint8Array(0)],
    ['text', async () => new TextEncoder().encode('not a picture')],
    [
      'a drawing',
      async () => new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ],
    ['half a PNG', async () => cut(await toSharp(picture).png().toBuffer(), 0.5)],
    ['the head of a PNG', async () => (await toSharp(picture).png().toBuffer()).subarray(0, 20)],
    ['half a JPEG', async () => cut(await toSharp(picture).jpeg().toBuffer(), 0.5)],
    ['a JPEG without its end', async () => cut(await toSharp(picture).jpeg().toBuffer(), 0.95)],
  ]
  test.each(cases)('%s is no picture', async (_, bytes) => {
    const input: PictureInput = asFile(await bytes(), 'holiday.png')
    const { code, message } = await failureOf(decodePicture(input, 'the picture'))
    expect(code).toBe('not-a-picture')
    expect(message).toMatch(/^holiday\.png .*PNG, JPEG/)
  })

  test.each([
    { width: 30_000, height: 30_000 },
    { width: 30_000, height: 1 },
    { width: 16_384, height: 16_384 },
  ])('$width x $height px in a file of some bytes are not decoded', async (claimed) => {
    const bomb = asFile(await pngThatClaims(claimed))
    for (const read of [decodePicture, pictureSize]) {
      const { code, message } = await failureOf(read(bomb, 'the mask'))
      expect(code).toBe('picture-too-large')
      expect(message).toContain(`the mask is ${claimed.width} x ${claimed.height} px`)
    }
  })
})

test('pixels are taken as they are', async () => {
  const picture = noise(size, 1)
  expect(await decodePicture(asPixels(picture), 'the picture')).toBe(picture)
})

test('the same pixels give the same file', async () => {
  expect(await encodePng(noise(size))).toEqual(await encodePng(noise(size)))
})
