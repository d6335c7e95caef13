/** Every use gives a picture of the asked size whose file holds all it takes to make the very same picture again. */
import { afterAll, describe, expect, test } from 'vitest'
import { decodePicture, encodePng } from '../../../src/engine/images/codec.ts'
import { cropPadded } from '../../../src/raster/frame.ts'
import { embedRecipe, extractRecipe } from '../../../src/raster/png-recipe.ts'
import type { PictureInput, Pixels } from '../../../src/shared/contract/picture.ts'
import type { Recipe } from '../../../src/shared/contract/recipe.ts'
import type { GenerateRequest, Use } from '../../../src/shared/contract/request.ts'
import type { Size } from '../../../src/shared/geometry/rect.ts'
import { ask, failureOf, openEngine, picture, pictureFile, run } from '../../kit/engine.ts'
import { asFile, asPixels, hash, mask, noise, toSharp } from '../../kit/pictures.ts'

const engine = openEngine()
afterAll(() => engine.close())

const prompt = 'a red boat'
const photoSize = { width: 150, height: 90 }
const hole = { x: 60, y: 0, width: 40, height: 50 }

function inpaint(image: PictureInput, size: Size = photoSize, rect = hole): Use {
  return { use: 'inpaint', prompt, image, mask: asPixels(mask(size, rect)), feather: 6, context: 16 }
}

function outpaint(image: PictureInput, feather: number): Use {
  return { use: 'outpaint', prompt, image, left: 21, right: 0, top: 5, bottom: 0, feather, context: 32 }
}

/** Stored lying on its side: upright it is `photoSize`. */
const sideways = await toSharp(noise({ width: 90, height: 150 }))
  .withMetadata({ orientation: 6 })
  .jpeg()
  .toBuffer()
const photo = asPixels(noise(photoSize))
const clear = asPixels(noise(photoSize, 4))
const grey = asPixels(noise(photoSize, 1))
const small = { width: 40, height: 30 }
const asked = { width: 64, height: 48 }
const extended = { width: 171, height: 95 }

/** As many as a request can have, each with a mask: the most pictures that a file has to carry. */
const manyRegions = Array.from({ length: 64 }, (_, i) => ({
  x: 0,
  y: 0,
  width: 64,
  height: 48,
  prompt: `hill ${i % 4}`,
  mask: asPixels(noise({ width: 32, height: 24 }, 1, i + 1)),
}))
const grid = (code: number) => ({ width: 16, height: 16, codes: new Uint8Array(512).fill(code) })

const cases: readonly [name: string, use: Use, size: Size][] = [
  ['text', { use: 'text', prompt }, asked],
  ['interpolate', { use: 'interpolate', prompt, to: 'a hill', frames: 3, path: 'slerp', frame: 1 }, asked],
  ['gradient', { use: 'gradient', prompt, to: 'a hill', direction: 'horizontal' }, asked],
  ['regions', { use: 'regions', prompt, regions: [{ x: 0, y: 0, width: 32, height: 64, prompt: 'a hill' }] }, asked],
  ['regions with masks', { use: 'regions', prompt, regions: manyRegions }, asked],
  ['mix', { use: 'mix', prompt, base: grid(1), other: grid(2), mask: grey, seam: 2 }, { width: 64, height: 64 }],
  [
    'mix without a seam',
    { use: 'mix', prompt, base: grid(1), other: grid(2), mask: grey, seam: 0 },
    { width: 64, height: 64 },
  ],
  ['inpaint', inpaint(photo), photoSize],
  ['inpaint of a picture with alpha', inpaint(clear), photoSize],
  ['inpaint of a grey picture', inpaint(grey), photoSize],
  ['inpaint of a sideways JPEG', inpaint(asFile(sideways)), photoSize],
  ['inpaint of a small picture', inpaint(asPixels(noise(small)), small, { x: 9, y: 9, width: 9, height: 9 }), small],
  ['inpaint of all', inpaint(asPixels(noise(small)), small, { x: 0, y: 0, ...small }), small],
  ['outpaint', outpaint(photo, 0), extended],
  ['outpaint with a feather', outpaint(photo, 12), extended],
  ['outpaint of a picture with alpha', outpaint(clear, 12), extended],
  ['restyle', { use: 'restyle', prompt, image: photo, strength: 0.6 }, asked],
  ['restyle of a sideways JPEG', { use: 'restyle', prompt, image: asFile(sideways), strength: 1 }, asked],
  ['restyle by nothing', { use: 'restyle', prompt, image: photo, strength: 0 }, asked],
  ['vary', { use: 'vary', prompt: '', image: clear, promptWeight: 0 }, asked],
  ['vary with a prompt', { use: 'vary', prompt, image: grey, promptWeight: 0.5 }, asked],
]

describe('made, and made again from its file', () => {
  test.each(cases)('%s', async (_, use, size) => {
    const request = ask(use, { size: asked, negative: 'fog' })
    const { made, png } = await pictureFile(engine, request)
    expect({ width: made.pixels.width, height: made.pixels.height }).toEqual(size)
    expect(extractRecipe(png)).toEqual(made.recipe)
    expect(hash(await decodePicture(asFile(png), 'the picture'))).toBe(hash(made.pixels))

    const again = await pictureFile(engine, await engine.readRecipe({ png }))
    expect(again.made.recipe.tokensSha256).toBe(made.recipe.tokensSha256)
    expect(hash(again.made.pixels)).toBe(hash(made.pixels))
    expect(again.png).toEqual(png)
  })

  test('the third of many pictures, each from its own noise', async () => {
    const request = ask({ use: 'restyle', prompt, image: photo, strength: 0.6 }, { count: 3 })
    const { pictures } = await run(engine, request, { png: true })
    const third = pictures[2]
    const again = await picture(engine, await engine.readRecipe({ png: third?.png ?? new Uint8Array() }))
    expect(again.recipe.tokensSha256).toBe(third?.recipe.tokensSha256)
    expect(new Set(pictures.map(({ recipe }) => recipe.tokensSha256)).size).toBe(3)
  })

  test("a bare request, under the model's defaults of today", async () => {
    const bare: GenerateRequest = { version: 1, use: { use: 'text', prompt } }
    const { made, png } = await pictureFile(engine, bare)
    const request = await engine.readRecipe({ png })
    expect(request).toEqual(made.recipe.request)
    expect(Object.keys(request.sampling ?? {}).length).toBe(8)
    expect((await picture(engine, request)).recipe.tokensSha256).toBe(made.recipe.tokensSha256)
  })
})

describe('a file that cannot be repeated says so', () => {
  /** The file with other pixels, its recipe kept, as a careless program might leave it. */
  async function edited(edit: (pixels: Pixels) => Pixels, recipe: (recipe: Recipe) => Recipe = (same) => same) {
    const made = await picture(engine, ask(inpaint(photo), { sampling: { steps: 1 } }))
    return embedRecipe(await encodePng(edit(made.pixels)), recipe(made.recipe), '')
  }
  const same = (pixels: Pixels): Pixels => pixels

  test('as it was written it can', async () => {
    await expect(engine.readRecipe({ png: await edited(same) })).resolves.toMatchObject({ seed: 7 })
  })

  test.each([
    [
      'one px outside of the mask was changed',
      (pixels: Pixels): Pixels => ({ ...pixels, data: pixels.data.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) }),
    ],
    ['it was cropped', (pixels: Pixels): Pixels => cropPadded(pixels, { x: 0, y: 0, width: 100, height: 90 })],
    ['it was given alpha', ({ width, height }: Pixels): Pixels => noise({ width, height }, 4)],
  ])('%s', async (_, edit) => {
    expect((await failureOf(engine.readRecipe({ png: await edited(edit) }))).code).toBe('not-repeatable')
  })

  test.each([
    { x: 0, y: 0, width: 1e9, height: 1e9 },
    { x: -1e9, y: 0, width: 10, height: 10 },
  ])('its recipe asks for px that are not there: $width x $height at $x', async (crop) => {
    const png = await edited(same, (recipe) => {
      const { use } = recipe.request
      if (!('image' in use) || use.image.kind !== 'carrier') throw new Error('no carrier')
      return { ...recipe, request: { ...recipe.request, use: { ...use, image: { ...use.image, crop } } } }
    })
    expect((await failureOf(engine.readRecipe({ png }))).code).toBe('not-repeatable')
  })

  test('a PNG of another program', async () => {
    expect((await failureOf(engine.readRecipe({ png: await encodePng(noise(small)) }))).code).toBe('no-recipe')
  })

  test('a JPEG', async () => {
    expect((await failureOf(engine.readRecipe({ png: sideways }))).code).toBe('not-a-picture')
  })
})
