/** Fills of a picture whose tokens are known: round after round nothing but what was masked changes, neither px nor token. */
import { afterAll, describe, expect, test } from 'vitest'
import { seededDraws } from '../../../src/engine/sampler/draws.ts'
import type { GeneratedPicture } from '../../../src/shared/contract/engine-api.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import type { GenerateRequest, Use } from '../../../src/shared/contract/request.ts'
import { packTokens } from '../../../src/shared/contract/token-grid.ts'
import type { Rect } from '../../../src/shared/geometry/rect.ts'
import { ask, failureOf, openEngine, picture, pictureFile } from '../../kit/engine.ts'
import { asPixels, hash, hashOutside, mask, noise, whole } from '../../kit/pictures.ts'

const engine = openEngine()
afterAll(() => engine.close())

type Inpaint = Extract<Use, { use: 'inpaint' }>

const prompt = 'a red boat'
const quick = { sampling: { steps: 1, guidance: -1 } }

function fillOf(image: Pixels, hole: Pixels, rest: Partial<Inpaint>): Inpaint {
  return { use: 'inpaint', prompt, image: asPixels(image), mask: asPixels(hole), feather: 0, context: 0, ...rest }
}

/** As whoever fills a picture again says what it came from. */
const knownOf = ({ grid, area }: GeneratedPicture): Inpaint['known'] => ({ area, grid: packTokens(grid) })

/** Cells of 4 px that a rectangle touches. */
const touches =
  (hole: Rect, columns: number) =>
  (cell: number): boolean => {
    const [x, y] = [(cell % columns) * 4, Math.floor(cell / columns) * 4]
    return x + 4 > hole.x && x < hole.x + hole.width && y + 4 > hole.y && y < hole.y + hole.height
  }

describe('a fill of known tokens', () => {
  test('a hundred times over leaves every px and every token that no mask touched as it was', async () => {
    let made = await picture(engine, ask(prompt, { sampling: { steps: 4 } }))
    const first = made
    const everTouched = new Uint8Array(64 * 64)
    const everDrawn = new Set<number>()
    for (let round = 0; round < 100; round++) {
      // Never in the bottom right quarter; at odd places, so that cells are cut by the mask's edge.
      const hole = { x: (round * 7) % 41, y: (round * 5) % 23, width: 3 + (round % 15), height: 2 + (round % 9) }
      const painted = mask(made.pixels, hole)
      const known = knownOf(made)
      if (!known) throw new Error('no tokens')
      const request = ask(fillOf(made.pixels, painted, { known }), { ...quick, seed: round })
      const next = await picture(engine, request)
      expect(hashOutside(next.pixels, painted)).toBe(hashOutside(made.pixels, painted))
      const drawn = touches(hole, 16)
      let same = 0
      for (const [cell, token] of next.grid.tokens.entries()) {
        if (token === made.grid.tokens[cell]) same += 1
        else expect(drawn(cell), `round ${round}, cell ${cell}`).toBe(true)
      }
      expect(next.unchanged).toBe(same)
      expect(next.area).toEqual({ x: 0, y: 0, width: 64, height: 64 })
      for (const [px, value] of painted.data.entries()) if (value > 0) everTouched[px] = 255
      for (let cell = 0; cell < 256; cell++) if (drawn(cell)) everDrawn.add(cell)
      made = next
    }
    const touched = { ...whole(made.pixels), channels: 1 as const, data: everTouched }
    expect(hashOutside(made.pixels, touched)).toBe(hashOutside(first.pixels, touched))
    expect(hash(made.pixels)).not.toBe(hash(first.pixels))
    const strangers = made.grid.tokens.filter(
      (token, cell) => token !== first.grid.tokens[cell] && !everDrawn.has(cell),
    )
    expect(strangers).toHaveLength(0)
    expect(256 - everDrawn.size).toBeGreaterThan(40)
  })

  test('is of those tokens, even where the px would be read as others', async () => {
    const photo = noise({ width: 64, height: 64 })
    const grid = packTokens({ width: 16, height: 16, tokens: new Int32Array(256).fill(5) })
    const hole = mask(photo, { x: 0, y: 0, width: 8, height: 8 })
    const known = { area: whole(photo), grid }
    const made = await picture(engine, ask(fillOf(photo, hole, { known }), quick))
    expect([...made.grid.tokens].filter((_, cell) => !touches({ x: 0, y: 0, width: 8, height: 8 }, 16)(cell))).toEqual(
      Array.from({ length: 252 }, () => 5),
    )
    expect(made.unchanged).toBeGreaterThanOrEqual(252)
  })

  test('works in the frame that they cover, which may reach beyond the picture and be of another scale', async () => {
    const photo = noise({ width: 100, height: 60 })
    const grid = packTokens({ width: 16, height: 16, tokens: new Int32Array(256) })
    const hole = mask(photo, { x: 50, y: 30, width: 9, height: 9 })
    const area = { x: 20, y: 10, width: 96, height: 96 }
    const { made, png } = await pictureFile(engine, ask(fillOf(photo, hole, { known: { area, grid } }), quick))
    expect([made.area, made.grid.width, made.grid.height]).toEqual([area, 16, 16])
    expect(hashOutside(made.pixels, hole)).toBe(hashOutside(photo, hole))
    const again = await picture(engine, await engine.readRecipe({ png }))
    expect(hash(again.pixels)).toBe(hash(made.pixels))
  })

  test('that the mask leaves is a fill as any other', async () => {
    const photo = noise({ width: 150, height: 90 })
    const hole = mask(photo, { x: 50, y: 30, width: 30, height: 9 })
    const grid = packTokens({ width: 16, height: 16, tokens: new Int32Array(256) })
    const known = { area: { x: 0, y: 0, width: 64, height: 64 }, grid }
    const made = await picture(engine, ask(fillOf(photo, hole, { known }), quick))
    const plain = await picture(engine, ask(fillOf(photo, hole, {}), quick))
    expect(made.recipe).toEqual(plain.recipe)
    expect(made.area).toEqual({ x: 1, y: 0, width: 128, height: 128 })
  })

  test('is refused where they are none of this model', async () => {
    const photo = noise({ width: 64, height: 64 })
    const hole = mask(photo, whole(photo))
    const grid = packTokens({ width: 16, height: 16, tokens: new Int32Array(256).fill(60_000) })
    const failure = await failureOf(
      picture(engine, ask(fillOf(photo, hole, { known: { area: whole(photo), grid } }), quick)),
    )
    expect(failure).toMatchObject({ code: 'bad-request', message: expect.stringMatching(/^use.known.grid: .*60000/) })
  })
})

describe('a fill by chance', () => {
  const size = { width: 128, height: 128 }
  const cells = 32 * 32

  async function reroll(value: number, rest: Partial<GenerateRequest> = {}) {
    const before = await picture(engine, ask(prompt, { size }))
    const known = knownOf(before)
    if (!known) throw new Error('no tokens')
    const painted = mask(size, whole(size), value)
    const request = ask(fillOf(before.pixels, painted, { known, chance: true }), rest)
    const { made, png } = await pictureFile(engine, request)
    return {
      before,
      made,
      png,
      drawn: made.confidence.entropy.map((entropy) => (entropy === 0 ? 0 : 1)),
    }
  }

  test('of 20 % grey draws about 20 % of the cells anew, exactly those that the seed says', async () => {
    for (const seed of [7, 11]) {
      const { before, made } = await reroll(51, {
        seed,
        sampling: { steps: 2, typicalMass: null, temperature: [3, 3] },
      })
      const coins = seededDraws(seed).take('chance', 0, cells)
      const said = [...coins.keys()].filter((cell) => (coins[cell] ?? 1) < 0.2)
      expect(said.length / cells).toBeGreaterThan(0.17)
      expect(said.length / cells).toBeLessThan(0.23)
      // At this temperature hardly a cell keeps its token by chance, and those that are kept are certain.
      const uncertain = [...made.confidence.probability.keys()].filter((cell) => made.confidence.entropy[cell] !== 0)
      expect(uncertain).toEqual(said)
      const changed = [...made.grid.tokens.keys()].filter((cell) => made.grid.tokens[cell] !== before.grid.tokens[cell])
      expect(changed.every((cell) => said.includes(cell))).toBe(true)
      expect(changed.length).toBeGreaterThan(said.length * 0.9)
      expect(made.unchanged).toBe(cells - changed.length)
    }
  })

  test('shows what it drew whole, and leaves px that are no part of a drawn cell or beside one', async () => {
    const { before, made } = await reroll(20, { sampling: { steps: 1, temperature: [3, 3] } })
    const decoded = await engine.decodeTokens({ grid: packTokens(made.grid) })
    const coins = seededDraws(7).take('chance', 0, cells)
    const drawn = (x: number, y: number): boolean =>
      x >= 0 && y >= 0 && x < 32 && y < 32 && (coins[y * 32 + x] ?? 1) < 20 / 255
    const pxOf = ({ data }: Pixels, x: number, y: number): string =>
      String(data.slice((y * 128 + x) * 3, (y * 128 + x) * 3 + 3))
    let [far, inside] = [0, 0]
    for (let y = 0; y < 128; y++) {
      for (let x = 0; x < 128; x++) {
        const [column, row] = [Math.floor(x / 4), Math.floor(y / 4)]
        const near = [-1, 0, 1].some((dy) => [-1, 0, 1].some((dx) => drawn(column + dx, row + dy)))
        if (!near) {
          far += 1
          expect(pxOf(made.pixels, x, y)).toBe(pxOf(before.pixels, x, y))
        }
        const middle = [1, 2].includes(x % 4) && [1, 2].includes(y % 4)
        if (drawn(column, row) && middle) {
          inside += 1
          expect(pxOf(made.pixels, x, y)).toBe(pxOf(decoded, x, y))
        }
      }
    }
    expect(far).toBeGreaterThan(1000)
    expect(inside).toBeGreaterThan(100)
  })

  test('never touches px outside of the mask, and is made again by its file', async () => {
    const photo = noise({ width: 150, height: 90 })
    const hole = mask(photo, { x: 33, y: 21, width: 50, height: 41 }, 128)
    const { made, png } = await pictureFile(engine, ask(fillOf(photo, hole, { chance: true, feather: 3 }), quick))
    expect(hashOutside(made.pixels, hole)).toBe(hashOutside(photo, hole))
    expect(hash(made.pixels)).not.toBe(hash(photo))
    expect(hash((await picture(engine, await engine.readRecipe({ png }))).pixels)).toBe(hash(made.pixels))
  })

  test('draws all at white, and other cells for another seed', async () => {
    const all = await reroll(255, { sampling: { steps: 1 } })
    expect(all.made.confidence.entropy.every((entropy) => entropy > 0)).toBe(true)
    const [a, b] = [await reroll(128, { seed: 1 }), await reroll(128, { seed: 2 })]
    expect(String(a.drawn)).not.toBe(String(b.drawn))
  })
})
