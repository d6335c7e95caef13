/** What is made of tokens: two pictures mixed, regions by soft masks, px to tokens and back. */
import { afterAll, describe, expect, test } from 'vitest'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import type { Use } from '../../../src/shared/contract/request.ts'
import { type PackedGrid, packTokens, unpackTokens } from '../../../src/shared/contract/token-grid.ts'
import { ask, failureOf, openEngine, picture, run } from '../../kit/engine.ts'
import { asPixels, hash, mask, noise, softMask } from '../../kit/pictures.ts'

const engine = openEngine()
afterAll(() => engine.close())

const prompt = 'a red boat'
const side = { width: 64, height: 64 }
const filled = (token: number, width = 16, height = 16): PackedGrid =>
  packTokens({ width, height, tokens: new Int32Array(width * height).fill(token) })

describe('mixing', () => {
  const rightHalf = asPixels(mask(side, { x: 32, y: 0, width: 32, height: 64 }))
  const mix = (rest: Partial<Extract<Use, { use: 'mix' }>> = {}, sampling = {}) =>
    run(
      engine,
      ask({ use: 'mix', prompt, base: filled(3), other: filled(9), mask: rightHalf, seam: 0, ...rest }, { sampling }),
    )
  const columns = (tokens: Int32Array) =>
    Array.from({ length: 16 }, (_, x) => [...tokens].filter((_, i) => i % 16 === x))

  test('without a seam samples nothing: base where the mask is dark, the other where it is light', async () => {
    const { events, pictures } = await mix()
    expect(events.some(({ type }) => type === 'step')).toBe(false)
    for (const [x, column] of columns(pictures[0]?.grid.tokens ?? new Int32Array()).entries())
      expect(column).toEqual(Array.from({ length: 16 }, () => (x < 8 ? 3 : 9)))
    expect(pictures[0]?.unchanged).toBe(128)
    expect(pictures[0]?.pixels).toEqual(
      await engine.decodeTokens({ grid: packTokens(pictures[0]?.grid ?? unpackTokens(filled(0))) }),
    )
  })

  test.each([1, 3])('draws so many cells on either side of the border anew, and no others: %i', async (seam) => {
    const { pictures } = await mix({ seam }, { temperature: [3, 3], typicalMass: null })
    const { tokens } = pictures[0]?.grid ?? unpackTokens(filled(0))
    let drawn = 0
    for (const [x, column] of columns(tokens).entries()) {
      const old = x < 8 ? 3 : 9
      if (x >= 8 - seam && x < 8 + seam) drawn += column.filter((token) => token !== old).length
      else expect(column).toEqual(Array.from({ length: 16 }, () => old))
    }
    expect(drawn).toBeGreaterThan(seam * 2 * 16 * 0.9)
  })

  test('takes a mask of any size, and all of one picture where it is all dark or light', async () => {
    const large = asPixels(mask({ width: 300, height: 200 }, { x: 150, y: 0, width: 150, height: 200 }))
    const [small, scaled] = [await mix(), await mix({ mask: large })]
    expect(scaled.pictures[0]?.grid).toEqual(small.pictures[0]?.grid)
    const light = await mix({ mask: asPixels(mask(side, { x: 0, y: 0, ...side })), seam: 5 })
    expect(new Set(light.pictures[0]?.grid.tokens)).toEqual(new Set([9]))
  })

  test('refuses two sizes, and codes that the model has not', async () => {
    const sizes = await failureOf(mix({ other: filled(9, 16, 24) }))
    expect(sizes).toMatchObject({ code: 'bad-request', message: expect.stringMatching(/use.other: 16 x 24.*16 x 16/) })
    const codes = await failureOf(mix({ base: filled(60_000) }))
    expect(codes).toMatchObject({ code: 'bad-request', message: expect.stringMatching(/use.base: .*60000/) })
  })
})

describe('regions with masks', () => {
  const region = { x: 0, y: 0, ...side }
  const regions = (...masks: (Pixels | undefined)[]): Use => ({
    use: 'regions',
    prompt,
    regions: masks.map((pixels, i) => ({
      ...region,
      prompt: `a hill ${i}`,
      ...(pixels ? { mask: asPixels(pixels) } : {}),
    })),
  })
  const tokens = async (use: Use): Promise<string> => (await picture(engine, ask(use))).recipe.tokensSha256
  const left = { x: 0, y: 0, width: 32, height: 64 }

  test('of whole cells are the rectangles that they show', async () => {
    const rectangle: Use = { use: 'regions', prompt, regions: [{ ...left, prompt: 'a hill 0' }] }
    expect(await tokens(regions(mask(side, left)))).toBe(await tokens(rectangle))
    expect(await tokens(regions(mask({ width: 128, height: 32 }, { x: 0, y: 0, width: 64, height: 32 })))).toBe(
      await tokens(rectangle),
    )
  })

  test('have no effect at black, rule alone at white, and mix prompts in between as a gradient does', async () => {
    const black = await run(engine, ask(regions(mask(side, left, 0))))
    expect(black.warnings).toEqual([expect.stringMatching(/^Region 1 has no effect/)])
    const [own, white, soft, half] = [
      await tokens({ use: 'regions', prompt, regions: [{ x: 0, y: 0, width: 1, height: 1, prompt: 'a hill 0' }] }),
      await tokens(regions(mask(side, region))),
      await tokens(regions(softMask(side))),
      await tokens(regions(mask(side, region, 128))),
    ]
    expect(black.pictures[0]?.recipe.tokensSha256).toBe(own)
    expect(white).toBe(await tokens(regions(undefined)))
    expect(new Set([own, white, soft, half]).size).toBe(4)
  })

  test('are painted over each other: a later one hides an earlier one by its weight', async () => {
    const white = mask(side, region)
    const hidden = await run(engine, ask(regions(white, white)))
    expect(hidden.warnings).toEqual([expect.stringMatching(/^Region 1 has no effect/)])
    const through = await run(engine, ask(regions(white, mask(side, region, 128))))
    expect(through.warnings).toEqual([])
    expect(through.pictures[0]?.recipe.tokensSha256).not.toBe(hidden.pictures[0]?.recipe.tokensSha256)
  })
})

describe('tokens', () => {
  test('of a picture are those that a restyling by nothing starts from, and decode to its picture', async () => {
    const photo = noise({ width: 90, height: 70 })
    const size = { width: 64, height: 48 }
    const made = await picture(engine, ask({ use: 'restyle', prompt, image: asPixels(photo), strength: 0 }, { size }))
    const grid = await engine.encodeTokens({ pixels: photo, size })
    expect(unpackTokens(grid)).toEqual(made.grid)
    expect(hash(await engine.decodeTokens({ grid }))).toBe(hash(made.pixels))
    expect(made.unchanged).toBe(16 * 12)
    expect(made.area).toEqual({ x: 0, y: 0, ...size })
  })

  test('are refused for a size that is no whole grid, for a grid of no size, and for a model that is not there', async () => {
    const pixels = noise(side)
    const uneven = await failureOf(engine.encodeTokens({ pixels, size: { width: 60, height: 64 } }))
    expect(uneven).toMatchObject({ code: 'bad-request', message: expect.stringMatching(/^size: 60 x 64 .*64 x 64/) })
    expect((await failureOf(engine.decodeTokens({ grid: filled(0, 3, 5) }))).message).toMatch(/^grid: a grid of 3 x 5/)
    expect((await failureOf(engine.encodeTokens({ model: 'none', pixels, size: side }))).code).toBe('model-missing')
  })

  test('of a picture from noise were never there before; those of a restyled one are counted', async () => {
    expect((await picture(engine, ask(prompt))).unchanged).toBeNull()
    const restyle: Use = { use: 'restyle', prompt, image: asPixels(noise(side)), strength: 1 }
    expect((await picture(engine, ask(restyle))).unchanged).toBeLessThan(64)
  })
})
