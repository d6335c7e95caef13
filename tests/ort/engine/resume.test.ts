/** A run that goes on from another's step, one that is stopped, one that is cancelled, and one that is only decoded again. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodePng } from '../../../src/engine/images/codec.ts'
import { embedRecipe, extractRecipe } from '../../../src/raster/png-recipe.ts'
import type { GenerateOptions, GeneratedPicture, JobEvent } from '../../../src/shared/contract/engine-api.ts'
import type { GenerateRequest, Use } from '../../../src/shared/contract/request.ts'
import { type PackedGrid, unpackTokens } from '../../../src/shared/contract/token-grid.ts'
import { ask, failureOf, openEngine, picture, pictureFile, run } from '../../kit/engine.ts'
import { asPixels, hash, mask, noise } from '../../kit/pictures.ts'

const engine = openEngine()
afterAll(() => engine.close())

const steps = 4
const prompt = 'a red boat'
const photo = noise({ width: 64, height: 64 })
const fill: Use = {
  use: 'inpaint',
  prompt,
  image: asPixels(photo),
  mask: asPixels(mask(photo, { x: 9, y: 9, width: 30, height: 22 })),
  feather: 2,
  context: 0,
}
const text: Use = { use: 'text', prompt }

interface State {
  readonly tokens: PackedGrid
  readonly fed: PackedGrid
}

/** The picture of a request and what each of its steps chose and was given. */
async function trace(request: GenerateRequest): Promise<{ made: GeneratedPicture; states: readonly State[] }> {
  const { events, pictures } = await run(engine, request, { trajectory: true })
  const states = events.flatMap((event) => (event.type === 'step' && event.state ? [event.state] : []))
  if (!pictures[0]) throw new Error('no picture')
  return { made: pictures[0], states }
}

const from = (states: readonly State[], step: number): GenerateRequest['resume'] => {
  const state = states[step - 1]
  if (!state) throw new Error('no such step')
  return { step, ...state }
}

describe('a trajectory', () => {
  test('has a state a step, the last of which is the picture, and is not told unless it is asked for', async () => {
    const { made, states } = await trace(ask(text, { sampling: { steps } }))
    expect(states).toHaveLength(steps)
    expect(states.at(-1)?.tokens).toEqual(made.recipe.tokens)
    expect(unpackTokens(states[3]?.tokens as PackedGrid).tokens).toEqual(made.grid.tokens)
    const { events } = await run(engine, ask(text))
    expect(events.some((event) => event.type === 'step' && 'state' in event)).toBe(false)
  })
})

describe('going on', () => {
  const cases: readonly [name: string, use: Use, renoise: 'start' | 'prev' | 'rand'][] = [
    ['a prompt', text, 'start'],
    ['a prompt', text, 'prev'],
    ['a prompt', text, 'rand'],
    ['a fill', fill, 'start'],
    ['a fill', fill, 'rand'],
    ['a restyled picture', { use: 'restyle', prompt, image: asPixels(photo), strength: 0.5 }, 'prev'],
  ]
  test.each(cases)(
    '%s by the same request gives the very tokens of the run that was not interrupted: %o, %s',
    async (_, use, renoise) => {
      const request = ask(use, { sampling: { steps: use.use === 'restyle' ? 8 : steps, renoise } })
      const { made, states } = await trace(request)
      expect(states).toHaveLength(steps)
      for (const step of [1, 3]) {
        const again = await picture(engine, { ...request, resume: from(states, step) })
        expect(again.recipe.tokensSha256).toBe(made.recipe.tokensSha256)
        expect(again.confidence).toEqual(made.confidence)
        expect(again.steps).toEqual({ taken: steps, of: steps })
      }
    },
  )

  test('with another prompt or seed gives another picture, which its file makes again', async () => {
    const request = ask(text, { sampling: { steps } })
    const { made, states } = await trace(request)
    const resume = from(states, 1)
    for (const other of [
      { ...request, use: { use: 'text' as const, prompt: 'snow' } },
      { ...request, seed: 8 },
    ]) {
      const { made: continued, png } = await pictureFile(engine, { ...other, resume })
      expect(continued.recipe.tokensSha256).not.toBe(made.recipe.tokensSha256)
      const again = await picture(engine, await engine.readRecipe({ png }))
      expect(again.recipe.tokensSha256).toBe(continued.recipe.tokensSha256)
    }
  })

  const grid = (width: number, height: number, code = 0): PackedGrid => ({
    width,
    height,
    codes: new Uint8Array(width * height * 2).fill(code),
  })
  test.each<[string, Partial<GenerateRequest>, RegExp]>([
    ['several pictures', { count: 2, resume: { step: 1, tokens: grid(16, 16) } }, /resume: one picture.*not 2/],
    ['a grid of another size', { resume: { step: 1, tokens: grid(8, 16) } }, /resume.tokens: 8 x 16 .*16 x 16/],
    ['a grid of no size', { resume: { step: 1, tokens: grid(3, 5) } }, /resume.tokens: a grid of 3 x 5/],
    ['codes that the model has not', { resume: { step: 1, tokens: grid(16, 16, 255) } }, /65535 is none/],
    [
      "mode 'prev' without what the step was given",
      { resume: { step: 1, tokens: grid(16, 16) }, sampling: { renoise: 'prev' } },
      /resume.fed/,
    ],
    [
      'a stop before it',
      { resume: { step: 3, tokens: grid(16, 16) }, sampling: { stopAfter: 2 } },
      /stopAfter: step 2/,
    ],
  ])('is refused for %s', async (_, rest, message) => {
    const request = ask(text, { ...rest, sampling: { steps, ...rest.sampling } })
    const failure = await failureOf(picture(engine, request))
    expect(failure.code).toBe('bad-request')
    expect(failure.message).toMatch(message)
  })
})

describe('a run that is stopped', () => {
  test('after a step is the picture as it stood then, says so, and is made again by its file', async () => {
    const request = ask(fill, { sampling: { steps } })
    const { states } = await trace(request)
    const { made, png } = await pictureFile(engine, { ...request, sampling: { ...request.sampling, stopAfter: 2 } })
    expect(made.steps).toEqual({ taken: 2, of: steps })
    expect(made.recipe.tokens).toEqual(states[1]?.tokens)
    expect(made.recipe.request.sampling.stopAfter).toBe(2)
    const again = await picture(engine, await engine.readRecipe({ png }))
    expect(again.recipe).toEqual(made.recipe)
  })

  /** Cancels as soon as step `at` of picture `index` is told. */
  async function cancelAt(at: number, index: number, options: GenerateOptions) {
    const controller = new AbortController()
    const events: JobEvent[] = []
    const onEvent = (event: JobEvent): void => {
      events.push(event)
      if (event.type === 'step' && event.step === at && event.picture === index) controller.abort()
    }
    const request = ask(text, { count: 2, sampling: { steps } })
    const failure = await failureOf(engine.generate({ request, options }, { signal: controller.signal, onEvent }))
    expect(failure.code).toBe('cancelled')
    return { events, pictures: events.flatMap((event) => (event.type === 'picture' ? [event.picture] : [])) }
  }

  test('by a cancel that keeps it is the picture of the last whole step, which its file makes again', async () => {
    const { pictures, events } = await cancelAt(2, 1, { keepPartial: true, png: true })
    expect(pictures.map(({ steps, index, seed }) => ({ ...steps, index, seed }))).toEqual([
      { taken: 4, of: 4, index: 0, seed: 7 },
      { taken: 2, of: 4, index: 1, seed: 8 },
    ])
    expect(events.at(-1)?.type).toBe('picture')
    const partial = pictures[1]
    expect(partial?.recipe.request.sampling.stopAfter).toBe(2)
    const again = await picture(engine, await engine.readRecipe({ png: partial?.png ?? new Uint8Array() }))
    expect(hash(again.pixels)).toBe(partial && hash(partial.pixels))
  })

  test('by a cancel that comes with the last step is whole', async () => {
    const { pictures } = await cancelAt(4, 0, { keepPartial: true })
    expect(pictures).toHaveLength(1)
    expect(pictures[0]?.steps).toEqual({ taken: 4, of: 4 })
    expect(pictures[0]?.recipe.request.sampling.stopAfter).toBeUndefined()
  })

  test('by a cancel that does not keep it is not told', async () => {
    expect((await cancelAt(2, 0, {})).pictures).toEqual([])
  })
})

describe('a replay', () => {
  /** What is not sampled tells no step. */
  async function replay(png: Uint8Array) {
    const { events, pictures } = await run(engine, await engine.readRecipe({ png, replay: true }), { png: true })
    return { sampled: events.filter(({ type }) => type === 'step').length, made: pictures[0] }
  }
  let file: { made: GeneratedPicture; png: Uint8Array }
  beforeAll(async () => {
    file = await pictureFile(engine, ask(fill, { sampling: { steps } }))
  })

  test('gives the very pixels and takes no step, also of a replay, of a stopped run and of a restyled picture', async () => {
    const restyled: Use = { use: 'restyle', prompt, image: asPixels(photo), strength: 0.4 }
    const all = [
      file,
      await pictureFile(engine, ask(text, { sampling: { steps, stopAfter: 1 } })),
      await pictureFile(engine, ask(restyled)),
      await pictureFile(engine, ask({ ...restyled, strength: 0 })),
    ]
    for (const { made, png } of all) {
      const first = await replay(png)
      const second = await replay(first.made?.png ?? new Uint8Array())
      for (const { sampled, made: again } of [first, second]) {
        expect(sampled).toBe(0)
        expect(again && hash(again.pixels)).toBe(hash(made.pixels))
        expect(again?.recipe.tokensSha256).toBe(made.recipe.tokensSha256)
        expect(again?.steps).toEqual(made.steps)
      }
    }
  })

  test('shows the tokens of the file and no others, as it samples none', async () => {
    const { tokens, ...recipe } = file.made.recipe
    const other = { ...tokens, codes: new Uint8Array(tokens?.codes.length ?? 0) } as PackedGrid
    const bare = await encodePng(file.made.pixels)
    const { made } = await replay(embedRecipe(bare, { ...recipe, tokens: other }, ''))
    expect(new Set(made?.grid.tokens)).toEqual(new Set([0]))
    const older = embedRecipe(bare, recipe, '')
    expect(extractRecipe(older)?.tokens).toBeUndefined()
    expect((await failureOf(engine.readRecipe({ png: older, replay: true }))).code).toBe('not-repeatable')
    await expect(engine.readRecipe({ png: older })).resolves.toMatchObject({ seed: 7 })
  })
})
