/** Frames as one file that plays for ever: size, order, pace and colours come back; what fits in no file is said. */
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { encodeAnimation } from '../../../src/engine/images/animation.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { failureOf } from '../../kit/engine.ts'

const flat = (width: number, height: number, colour: readonly number[]): Pixels => ({
  width,
  height,
  channels: colour.length as Pixels['channels'],
  data: Uint8Array.from({ length: width * height * colour.length }, (_, i) => colour[i % colour.length] ?? 0),
})
const colours = [
  [250, 10, 10],
  [10, 250, 10],
  [10, 10, 250],
] as const
const frames = colours.map((colour) => flat(24, 16, colour))

describe.each(['webp', 'gif'] as const)('as %s', (format) => {
  test('frames come back in their order, for the time they were given, for ever', async () => {
    const bytes = await encodeAnimation({ frames, format, milliseconds: 120 })
    const meta = await sharp(bytes, { animated: true }).metadata()
    expect(meta).toMatchObject({ format, width: 24, pages: 3, pageHeight: 16, loop: 0, delay: [120, 120, 120] })
    for (const [page, colour] of colours.entries()) {
      const px = await sharp(bytes, { page }).removeAlpha().raw().toBuffer()
      for (const [c, value] of colour.entries()) expect(Math.abs((px[c] ?? 0) - value)).toBeLessThan(12)
    }
  })

  test('grey, coloured and transparent frames go together', async () => {
    const mixed = [flat(8, 8, [128]), flat(8, 8, [250, 0, 0]), flat(8, 8, [0, 0, 250, 0])]
    const bytes = await encodeAnimation({ frames: mixed, format, milliseconds: 50 })
    const alpha = async (page: number) => (await sharp(bytes, { page }).ensureAlpha().raw().toBuffer())[3]
    expect([await alpha(0), await alpha(1), await alpha(2)]).toEqual([255, 255, 0])
  })

  test('one frame is a picture', async () => {
    const bytes = await encodeAnimation({ frames: frames.slice(0, 1), format, milliseconds: 100 })
    expect(await sharp(bytes).metadata()).toMatchObject({ format, width: 24, height: 16 })
  })
})

const large = flat(1000, 500, [1])

test.each([
  ['no frame', [], 100, 'bad-request'],
  ['frames of two sizes', [flat(8, 8, [1]), flat(9, 8, [1])], 100, 'bad-request'],
  ['no time', frames, 0, 'bad-request'],
  ['a time that is no number', frames, Number.NaN, 'bad-request'],
  ['a side beyond WebP', [flat(16_384, 1, [1])], 100, 'picture-too-large'],
  ['more px than memory should hold', Array.from({ length: 1000 }, () => large), 100, 'picture-too-large'],
] as const)('%s is refused', async (_, refused, milliseconds, code) => {
  expect((await failureOf(encodeAnimation({ frames: refused, format: 'webp', milliseconds }))).code).toBe(code)
})
