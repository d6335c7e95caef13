/** Pixels out to files: what is lossless is exact, what is not is close, and what a format cannot hold is said. */
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { decodePicture, encodePicture } from '../../../src/engine/images/codec.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { failureOf } from '../../kit/engine.ts'
import { asFile, noise } from '../../kit/pictures.ts'

const size = { width: 9, height: 5 }
const decode = (bytes: Uint8Array): Promise<Pixels> => decodePicture(asFile(bytes), 'the picture')

describe('a picture is written', () => {
  test.each([3, 4] as const)(
    'without loss as PNG and as WebP without a quality, with %i channels',
    async (channels) => {
      // Opaque, or visible everywhere: WebP may drop the colour of px that nobody sees.
      const picture = noise(size, channels)
      const visible = {
        ...picture,
        data: picture.data.map((byte, i) => (channels === 4 && i % 4 === 3 ? 1 | byte : byte)),
      }
      for (const format of [{ type: 'png' }, { type: 'webp' }] as const) {
        expect(await decode(await encodePicture(visible, format)), format.type).toEqual(visible)
      }
    },
  )

  test.each([
    { type: 'jpeg', quality: 95 } as const,
    { type: 'webp', quality: 95 } as const,
    { type: 'avif', quality: 95 } as const,
  ])('as $type at quality 95, close to what it was', async (format) => {
    const data = new Uint8Array(64 * 48 * 3).map((_, i) => ((i % 192) + Math.floor(i / 192)) % 200)
    const picture: Pixels = { width: 64, height: 48, channels: 3, data }
    const bytes = await encodePicture(picture, format)
    expect((await sharp(bytes).metadata()).format).toBe(format.type === 'avif' ? 'heif' : format.type)
    const back = await decode(bytes)
    const difference = back.data.reduce((sum, byte, i) => sum + Math.abs(byte - (data[i] ?? 0)), 0) / data.length
    expect([back.width, back.height]).toEqual([64, 48])
    expect(difference).toBeLessThan(6)
  })

  test('smaller at a lower quality', async () => {
    const picture = noise({ width: 64, height: 64 }, 3)
    for (const type of ['jpeg', 'webp', 'avif'] as const) {
      const [low, high] = await Promise.all([30, 95].map((quality) => encodePicture(picture, { type, quality })))
      expect(low?.length).toBeLessThan(high?.length ?? 0)
    }
  })

  test('as AVIF with its alpha', async () => {
    const data = new Uint8Array(16 * 16 * 4).map((_, i) => (i % 4 === 3 && i < 512 ? 0 : 200))
    const back = await decode(
      await encodePicture({ width: 16, height: 16, channels: 4, data }, { type: 'avif', quality: 90 }),
    )
    expect([back.channels, back.data[3], back.data[16 * 16 * 4 - 1]]).toEqual([4, 0, 200])
  })

  test('as JPEG with what is transparent laid on white', async () => {
    const clear: Pixels = { width: 8, height: 8, channels: 4, data: new Uint8Array(8 * 8 * 4) }
    const back = await decode(await encodePicture(clear, { type: 'jpeg', quality: 90 }))
    expect([...back.data].every((byte) => byte >= 254)).toBe(true)
  })
})

test.each([
  [{ type: 'jpeg', quality: 90 } as const, 65_536, 'JPEG'],
  [{ type: 'webp' } as const, 16_384, 'WebP'],
  [{ type: 'avif', quality: 50 } as const, 16_385, 'AVIF'],
])('a side that %o cannot hold is refused with what can', async (format, width, name) => {
  const strip: Pixels = { width, height: 1, channels: 3, data: new Uint8Array(width * 3) }
  const failure = await failureOf(encodePicture(strip, format))
  expect(failure.code).toBe('picture-too-large')
  expect(failure.message).toMatch(new RegExp(`^${name} holds at most .* PNG`))
})

test('a profile is honoured: numbers in Display P3 come back as the sRGB colours that they mean', async () => {
  const colours = [200, 60, 60, 128, 128, 128]
  const p3 = await sharp(Uint8Array.from(colours), { raw: { width: 2, height: 1, channels: 3 } })
    .withIccProfile('p3')
    .png()
    .toBuffer()
  const stored = await sharp(p3, { ignoreIcc: true }).raw().toBuffer()
  expect(Math.abs((stored[0] ?? 0) - 200)).toBeGreaterThan(8)
  const { data } = await decode(p3)
  for (const [i, colour] of colours.entries()) expect(Math.abs((data[i] ?? 0) - colour)).toBeLessThanOrEqual(2)
})
