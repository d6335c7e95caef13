/** The same request gives the same tokens and pixels: twice, in a new engine, alone or as one of many. */
import { afterAll, expect, test } from 'vitest'
import type { GeneratedPicture } from '../../../src/shared/contract/engine-api.ts'
import type { Use } from '../../../src/shared/contract/request.ts'
import { ask, openEngine, picture, run } from '../../kit/engine.ts'
import { hash } from '../../kit/pictures.ts'

const engine = openEngine()
afterAll(() => engine.close())

const facts = ({ seed, grid, pixels, recipe, confidence }: GeneratedPicture) => ({
  seed,
  grid,
  pixels: hash(pixels),
  tokens: recipe.tokensSha256,
  confidence,
})

const boat = ask('a red boat on a lake', { sampling: { steps: 4 } })

test('a request gives the same picture again, whatever was made in between', async () => {
  const first = facts(await picture(engine, boat))
  await run(engine, ask('a cat', { size: { width: 96, height: 48 }, seed: 1 }))
  await run(engine, ask('a dog', { negative: 'fur', sampling: { typicalMass: 0.2, draw: 'gumbel-max' } }))
  expect(facts(await picture(engine, boat))).toEqual(first)
})

test('a new engine gives the same picture', async () => {
  const other = openEngine()
  const there = facts(await picture(other, boat)).tokens
  await other.close()
  expect(there).toBe(facts(await picture(engine, boat)).tokens)
})

test('another seed and another prompt give other tokens', async () => {
  const tokens = new Set<string>()
  for (const request of [boat, { ...boat, seed: 8 }, ask('a green hill', { sampling: { steps: 4 } })])
    tokens.add((await picture(engine, request)).recipe.tokensSha256)
  expect(tokens.size).toBe(3)
})

test('picture i of a request is the picture of seed + i', async () => {
  const { pictures } = await run(engine, { ...boat, count: 3 })
  expect(pictures.map(({ index, seed }) => [index, seed])).toEqual([
    [0, 7],
    [1, 8],
    [2, 9],
  ])
  for (const made of pictures) {
    expect(facts(await picture(engine, { ...boat, seed: made.seed }))).toEqual(facts(made))
  }
})

test.each(['lerp', 'slerp'] as const)('one frame of a %s interpolation is the frame of the whole', async (path) => {
  const use = { use: 'interpolate', prompt: 'a red boat', to: 'a green hill', frames: 3, path } as const satisfies Use
  const { pictures } = await run(engine, ask(use))
  expect(pictures.length).toBe(3)
  for (const [frame, made] of pictures.entries()) {
    expect(facts(await picture(engine, ask({ ...use, frame })))).toEqual(facts(made))
  }
  expect(new Set(pictures.map(({ recipe }) => recipe.tokensSha256)).size).toBe(3)
})

test('the ends of an interpolation are the pictures of its two prompts', async () => {
  const use: Use = { use: 'interpolate', prompt: 'a red boat', to: 'a green hill', frames: 2, path: 'lerp' }
  const ends = (await run(engine, ask(use))).pictures.map(({ grid }) => grid)
  expect(ends).toEqual([
    (await picture(engine, ask('a red boat'))).grid,
    (await picture(engine, ask('a green hill'))).grid,
  ])
})
