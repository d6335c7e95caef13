/**
 * Models of both published releases, imported and composed as the real ones are (tiny, of random weights): every use makes its picture,
 * the same each time, and by its recipe again.
 */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { createEngine } from '../../../src/engine/engine.ts'
import type { EngineApi } from '../../../src/shared/contract/engine-api.ts'
import type { GenerateRequest, Use } from '../../../src/shared/contract/request.ts'
import { ask as askFor, failureOf, openEngine, picture, pictureFile, run } from '../../kit/engine.ts'
import { asPixels, hash, mask, noise } from '../../kit/pictures.ts'
import { writeTinyStore } from '../../kit/published-models.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

let modelsDir: string
let engine: ReturnType<typeof createEngine>
beforeAll(async () => {
  modelsDir = writeTinyStore(await temporaryFolder())
  engine = openEngine({ modelsDir })
})
afterAll(() => engine.close())

const image = asPixels(noise({ width: 128, height: 96 }, 3))
const hole = asPixels(mask({ width: 128, height: 96 }, { x: 40, y: 30, width: 20, height: 20 }))
const uses: readonly Use[] = [
  { use: 'text', prompt: 'a red boat' },
  { use: 'interpolate', prompt: 'a red boat', to: 'a green hill', frames: 3, path: 'slerp' },
  { use: 'gradient', prompt: 'a red boat', to: 'a green hill', direction: 'vertical' },
  {
    use: 'regions',
    prompt: 'the sea',
    regions: [
      { x: 0, y: 0, width: 64, height: 32, prompt: 'a stormy sky' },
      { x: 0, y: 32, width: 64, height: 64, prompt: 'a beach' },
    ],
  },
  { use: 'inpaint', prompt: 'a red boat', image, mask: hole, feather: 4, context: 16 },
  { use: 'outpaint', prompt: 'a beach', image, left: 16, right: 0, top: 0, bottom: 16, feather: 4, context: 32 },
  { use: 'restyle', prompt: 'an oil painting', image, strength: 0.7 },
  { use: 'vary', prompt: '', image, promptWeight: 0 },
  { use: 'vary', prompt: 'a drawing', image, promptWeight: 0.3 },
]

const tokensOf = async (request: GenerateRequest, on: EngineApi = engine): Promise<readonly string[]> =>
  (await run(on, request)).pictures.map(({ recipe }) => recipe.tokensSha256)

describe.each([
  { model: 'tiny-2022', pixelsPerToken: 8, multiple: 16, steps: 12, guidance: 5 },
  { model: 'tiny-2023', pixelsPerToken: 4, multiple: 16, steps: 12, guidance: 8 },
])('$model', ({ model, pixelsPerToken, multiple, steps, guidance }) => {
  const ask = (use: Use | string, rest: Partial<GenerateRequest> = {}) => askFor(use, { model, ...rest })

  test('is listed with its sizes and the settings of its authors', async () => {
    const listed = (await engine.describe()).models.find(({ id }) => id === model)
    expect(listed).toMatchObject({
      pixelsPerToken,
      sizeMultiple: multiple,
      defaults: { sampling: { steps, guidance } },
    })
    expect((await engine.describe()).broken).toEqual([])
  })

  test.each(uses)('$use: a picture, the same twice', async (use) => {
    const request = ask(use, { negative: 'fog', sampling: { steps: 3 } })
    const first = await tokensOf(request)
    expect(first.length).toBe(use.use === 'interpolate' ? 3 : 1)
    expect(await tokensOf(request)).toEqual(first)
  })

  test.each(uses.filter(({ use }) => use !== 'interpolate'))('$use: again from its file', async (use) => {
    const { made, png } = await pictureFile(engine, ask(use))
    const again = await engine.readRecipe({ png })
    expect(await tokensOf(again)).toEqual([made.recipe.tokensSha256])
    const replayed = await picture(engine, await engine.readRecipe({ png, replay: true }))
    expect(hash(replayed.pixels)).toBe(hash(made.pixels))
  })

  test('what is said steers: prompt, negative prompt, guidance and seed each change the picture', async () => {
    const first = ask('a red boat')
    const made = await Promise.all(
      [
        first,
        ask('a green hill'),
        ask('a red boat', { negative: 'fog' }),
        ask('a red boat', { sampling: { steps: 2, guidance: -1 } }),
        ask('a red boat', { seed: 8 }),
      ].map((request) => tokensOf(request)),
    )
    expect(new Set(made.flat()).size).toBe(5)
  })

  test('the ends of an interpolation are the pictures of its prompts', async () => {
    const use: Use = { use: 'interpolate', prompt: 'a red boat', to: 'a green hill', frames: 2, path: 'lerp' }
    expect(await tokensOf(ask(use))).toEqual([
      ...(await tokensOf(ask('a red boat'))),
      ...(await tokensOf(ask('a green hill'))),
    ])
  })

  test('one prompt in every region is that prompt alone', async () => {
    const regions = [{ x: 0, y: 0, width: 32, height: 64, prompt: 'a red boat' }]
    expect(await tokensOf(ask({ use: 'regions', prompt: 'a red boat', regions }))).toEqual(
      await tokensOf(ask('a red boat')),
    )
  })

  test('pixels outside of a mask and cells outside of it stay', async () => {
    const { unchanged, grid, area } = await picture(engine, ask({ ...uses[4], use: 'inpaint' } as Use))
    const masked = Math.ceil(20 / pixelsPerToken + 1) ** 2
    expect(area.width * area.height).toBe(grid.width * grid.height * pixelsPerToken ** 2)
    expect(unchanged).toBeGreaterThanOrEqual(grid.width * grid.height - masked)
  })

  test('a run goes on from any step of another, to the same end', async () => {
    const request = ask('a red boat', { sampling: { steps: 4 } })
    const { events, pictures } = await run(engine, request, { trajectory: true })
    const state = events.flatMap((event) => (event.type === 'step' && event.step === 2 ? [event.state] : []))[0]
    const resumed = { ...request, resume: { step: 2, tokens: state?.tokens, fed: state?.fed } } as GenerateRequest
    expect(await tokensOf(resumed)).toEqual(pictures.map(({ recipe }) => recipe.tokensSha256))
  })

  test('a picture becomes its tokens and they become a picture', async () => {
    const { width, height } = image.kind === 'pixels' ? image.pixels : { width: 0, height: 0 }
    const pixels = noise({ width, height }, 3)
    const grid = await engine.encodeTokens({ model, pixels, size: { width, height } })
    expect([grid.width, grid.height]).toEqual([width / pixelsPerToken, height / pixelsPerToken])
    expect(await engine.decodeTokens({ model, grid })).toMatchObject({ width, height, channels: 3 })
  })
})

describe.each(['float16', 'int8'] as const)('imported as %s', (precision) => {
  test('both make pictures', async () => {
    const other = openEngine({ modelsDir: writeTinyStore(await temporaryFolder(), { precision }) })
    for (const model of ['tiny-2022', 'tiny-2023'])
      expect((await tokensOf(askFor('a red boat', { model }), other)).length).toBe(1)
    await other.close()
  })
})

describe('what is not there', () => {
  test('without the prior the release of 2023 goes by words alone, to another picture', async () => {
    const other = openEngine({ modelsDir: writeTinyStore(await temporaryFolder(), { without: ['prior'] }) })
    const request = askFor('a red boat', { model: 'tiny-2023' })
    const [alone] = await tokensOf(request, other)
    await other.close()
    expect(alone).toMatch(/^\w{64}$/)
    expect([alone]).not.toEqual(await tokensOf(request))
  })

  test.each(['tiny-2022', 'tiny-2023'])(
    'without a vision tower %s says that it cannot look at pictures',
    async (model) => {
      const other = openEngine({ modelsDir: writeTinyStore(await temporaryFolder(), { textOnly: true }) })
      const use: Use = { use: 'vary', prompt: '', image, promptWeight: 0 }
      const { code, message } = await failureOf(other.generate({ request: askFor(use, { model }) }))
      await other.close()
      expect([code, message]).toEqual(['model-missing', expect.stringContaining('no vision tower')])
    },
  )

  test('weights that are deleted under a listed model are told by their file', async () => {
    const dir = writeTinyStore(await temporaryFolder())
    const parts = join(dir, 'parts')
    const name = readdirSync(parts).find((file) => file.startsWith('byt5') && file.endsWith('.safetensors')) ?? ''
    rmSync(join(parts, name))
    const other = openEngine({ modelsDir: dir })
    const { code, message } = await failureOf(other.generate({ request: askFor('a', { model: 'tiny-2023' }) }))
    expect([code, message]).toEqual(['file-not-found', expect.stringContaining(name)])
    expect((await tokensOf(askFor('a', { model: 'tiny-2022' }), other)).length).toBe(1)
    await other.close()
  })
})
