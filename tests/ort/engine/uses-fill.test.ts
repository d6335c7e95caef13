/** The law of masks: no px outside of one changes, whatever its shape, feather and the picture's size; those inside do. */
import { afterAll, describe, expect, test } from 'vitest'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import type { Use } from '../../../src/shared/contract/request.ts'
import type { Rect, Size } from '../../../src/shared/geometry/rect.ts'
import { cropPadded } from '../../../src/raster/frame.ts'
import { invertMask } from '../../../src/raster/mask.ts'
import { ask, failureOf, openEngine, picture } from '../../kit/engine.ts'
import { asPixels, changedShare, hash, hashOutside, mask, noise, softMask, whole } from '../../kit/pictures.ts'

const engine = openEngine()
afterAll(() => engine.close())

type Inpaint = Extract<Use, { use: 'inpaint' }>
type Outpaint = Extract<Use, { use: 'outpaint' }>

/** One pass of one step: what is drawn does not matter here. */
const quick = { sampling: { steps: 1, guidance: -1 } }

function inpaint(photo: Pixels, hole: Pixels, rest: Partial<Inpaint> = {}) {
  const use = { use: 'inpaint' as const, prompt: 'a boat', image: asPixels(photo), mask: asPixels(hole) }
  return picture(engine, ask({ ...use, feather: 0, context: 32, ...rest }, quick))
}

describe('inpainting', () => {
  const sizes: readonly Size[] = [
    { width: 333, height: 217 },
    { width: 1000, height: 37 },
    { width: 50, height: 40 },
  ]
  const masks: readonly [name: string, mask: (size: Size) => Pixels][] = [
    ['a corner', (size) => mask(size, { x: 0, y: 0, width: 30, height: 20 })],
    ['the far corner', (size) => mask(size, { x: size.width - 31, y: size.height - 17, width: 31, height: 17 })],
    ['a stripe from edge to edge', (size) => mask(size, { x: 0, y: 11, width: size.width, height: 9 })],
    ['one px in the corner', (size) => mask(size, { x: size.width - 1, y: 0, width: 1, height: 1 })],
    ['one px amid the picture', (size) => mask(size, { x: 33, y: 21, width: 1, height: 1 })],
    ['a faint mask', (size) => mask(size, { x: 5, y: 5, width: 33, height: 22 }, 90)],
    ['a soft mask', softMask],
  ]
  const cases = sizes.flatMap((size) => masks.map(([name, make]) => ({ name, make, ...size })))

  test.each(cases)('of $name in $width x $height px leaves the rest as it was', async ({ make, width, height }) => {
    const photo = noise({ width, height })
    const hole = make(photo)
    for (const feather of [0, 16]) {
      const { pixels } = await inpaint(photo, hole, { feather })
      expect([pixels.width, pixels.height, pixels.channels]).toEqual([width, height, 3])
      expect(hashOutside(pixels, hole)).toBe(hashOutside(photo, hole))
      // A feather leaves little of one px, and a soft mask's dark end hardly shows.
      if (feather === 0) expect(changedShare(photo, pixels, hole)).toBeGreaterThan(0.9)
    }
  })

  test('keeps alpha and the colour under it outside of the mask', async () => {
    const photo = noise({ width: 70, height: 50 }, 4)
    const hole = mask(photo, { x: 20, y: 20, width: 20, height: 10 })
    const { pixels } = await inpaint(photo, hole, { feather: 3 })
    expect(pixels.channels).toBe(4)
    expect(hashOutside(pixels, hole)).toBe(hashOutside(photo, hole))
  })

  test('takes a coloured mask by its lightness', async () => {
    const photo = noise({ width: 60, height: 60 })
    const hole = mask(photo, { x: 10, y: 10, width: 20, height: 20 })
    const colour = { ...photo, data: Uint8Array.from(photo.data, (_, i) => hole.data[Math.floor(i / 3)] ?? 0) }
    expect(hash((await inpaint(photo, colour)).pixels)).toBe(hash((await inpaint(photo, hole)).pixels))
  })

  test('of everything draws everything', async () => {
    const photo = noise({ width: 90, height: 70 })
    const { pixels } = await inpaint(photo, mask(photo, whole(photo)), { feather: 16 })
    expect(changedShare(photo, pixels, mask(photo, whole(photo)))).toBeGreaterThan(0.9)
  })

  test('blends over the feather, from nothing at the edge to all inside', async () => {
    const photo = noise({ width: 128, height: 128 })
    const hole = mask(photo, { x: 32, y: 32, width: 64, height: 64 })
    const [hard, soft] = [await inpaint(photo, hole), await inpaint(photo, hole, { feather: 16 })]
    const at = ({ pixels }: typeof hard, rect: Rect): string => hash(cropPadded(pixels, rect))
    const core = { x: 48, y: 48, width: 32, height: 32 }
    const edge = { x: 32, y: 32, width: 64, height: 1 }
    expect(at(soft, core)).toBe(at(hard, core))
    expect(at(soft, edge)).not.toBe(at(hard, edge))
  })

  test('keeps the tokens of the cells that the mask does not touch', async () => {
    const photo = noise({ width: 128, height: 128 })
    const use: Use = { use: 'restyle', prompt: '', image: asPixels(photo), strength: 0 }
    const encoded = (await picture(engine, ask(use, { size: { width: 128, height: 128 } }))).grid
    const { grid, confidence } = await inpaint(photo, mask(photo, { x: 41, y: 0, width: 30, height: 50 }))
    expect([grid.width, grid.height]).toEqual([32, 32])
    let changed = 0
    for (const [cell, token] of grid.tokens.entries()) {
      const [x, y] = [cell % 32, Math.floor(cell / 32)]
      if (x >= 10 && x <= 17 && y <= 12) {
        changed += token === encoded.tokens[cell] ? 0 : 1
        continue
      }
      expect(token).toBe(encoded.tokens[cell])
      expect([confidence.probability[cell], confidence.entropy[cell]]).toEqual([1, 0])
    }
    expect(changed).toBeGreaterThan(8 * 13 * 0.5)
  })

  test('of a large place is worked on smaller, and leaves the rest as it was', async () => {
    const photo = noise({ width: 1400, height: 900 })
    const hole = mask(photo, { x: 20, y: 20, width: 1351, height: 853 })
    const { pixels, grid } = await inpaint(photo, hole, { feather: 16 })
    expect(Math.max(grid.width, grid.height)).toBeLessThanOrEqual(128)
    expect([pixels.width, pixels.height]).toEqual([1400, 900])
    expect(hashOutside(pixels, hole)).toBe(hashOutside(photo, hole))
    expect(changedShare(photo, pixels, hole)).toBeGreaterThan(0.9)
  })

  test('a black mask is empty, and one of another size does not fit', async () => {
    const photo = noise({ width: 64, height: 48 })
    const black = await failureOf(inpaint(photo, mask(photo, whole(photo), 0)))
    expect(black.code).toBe('mask-empty')
    const turned = await failureOf(inpaint(photo, noise({ width: 48, height: 64 }, 1)))
    expect(turned.code).toBe('mask-size-mismatch')
    expect(turned.message).toMatch(/48 x 64.*64 x 48/)
  })
})

describe('outpainting', () => {
  const none = { left: 0, right: 0, top: 0, bottom: 0, feather: 0, context: 32 }

  function outpaint(photo: Pixels, rest: Partial<Outpaint>) {
    const use = { use: 'outpaint' as const, prompt: 'a boat', image: asPixels(photo), ...none, ...rest }
    return picture(engine, ask(use, quick))
  }
  const oldPart = ({ pixels }: { pixels: Pixels }, photo: Size, x: number, y: number): Pixels =>
    cropPadded(pixels, { x, y, width: photo.width, height: photo.height })

  test.each([
    { width: 333, height: 217, left: 0, right: 37, top: 0, bottom: 0 },
    { width: 100, height: 37, left: 13, right: 0, top: 21, bottom: 0 },
    { width: 64, height: 64, left: 1, right: 1, top: 1, bottom: 1 },
    { width: 5, height: 3, left: 30, right: 41, top: 0, bottom: 17 },
  ])('$width x $height px by $left, $right, $top, $bottom keeps the old picture at its new place', async (sides) => {
    const { width, height, left, right, top, bottom } = sides
    const photo = noise({ width, height })
    const made = await outpaint(photo, { left, right, top, bottom })
    expect([made.pixels.width, made.pixels.height]).toEqual([left + width + right, top + height + bottom])
    expect(hash(oldPart(made, photo, left, top))).toBe(hash(photo))
  })

  test('blends into the old picture only by the feather, only on sides that grow', async () => {
    const photo = noise({ width: 120, height: 90 })
    const made = await outpaint(photo, { left: 20, bottom: 10, feather: 12 })
    const old = oldPart(made, photo, 20, 0)
    const kept = mask(photo, { x: 12, y: 0, width: 108, height: 78 })
    const seam = invertMask(kept)
    expect(hashOutside(old, seam)).toBe(hashOutside(photo, seam))
    expect(changedShare(photo, old, seam)).toBeGreaterThan(0.8)
  })

  test('a feather wider than the picture leaves its middle', async () => {
    const photo = noise({ width: 41, height: 31 })
    const made = await outpaint(photo, { left: 20, right: 20, feather: 500 })
    const middle = invertMask(mask(photo, { x: 20, y: 0, width: 1, height: 31 }))
    expect(hashOutside(oldPart(made, photo, 20, 0), middle)).toBe(hashOutside(photo, middle))
    const single = noise({ width: 1, height: 1 })
    expect(hash(oldPart(await outpaint(single, { top: 9, left: 9, feather: 5 }), single, 9, 9))).toBe(hash(single))
  })

  test('what is drawn is not the stretched edge', async () => {
    const photo = noise({ width: 64, height: 64 })
    const { pixels } = await outpaint(photo, { right: 32, feather: 8 })
    const stretched = cropPadded(photo, { x: 0, y: 0, width: 96, height: 64 })
    expect(changedShare(stretched, pixels, mask(pixels, { x: 64, y: 0, width: 32, height: 64 }))).toBeGreaterThan(0.9)
  })
})
