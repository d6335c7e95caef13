/** From a picture to what made it, and to the picture again. */
import { describe, expect, test } from 'vitest'
import { setFrame } from '../../../src/document/index.ts'
import { encodePng } from '../../../src/files/png-write.ts'
import { insertChunks } from '../../../src/raster/png-chunks.ts'
import { embedRecipe } from '../../../src/raster/png-recipe.ts'
import { textChunk } from '../../../src/raster/png-text.ts'
import type { JobEvent } from '../../../src/shared/contract/engine-api.ts'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import type { Recipe } from '../../../src/shared/contract/recipe.ts'
import type { Use } from '../../../src/shared/contract/request.ts'
import { settled } from './fakes.ts'
import { generated, gridOf, plain, sampling, setUpGenerating, varied } from './generating-kit.ts'

const picture = plain(8, 8, 3)

async function pngOf(use: Use, tokens = gridOf(2, 2, 1), modelSha256 = ''): Promise<Uint8Array> {
  const recipe: Recipe = {
    format: 'paella-studio-recipe/1',
    app: 'test',
    request: {
      version: 1,
      model: 'mini',
      use,
      negative: 'text',
      size: { width: 96, height: 160 },
      seed: 4711,
      count: 1,
      sampling: { ...sampling, steps: 17, guidance: 6.5, temperature: [0.9, 0.2], typicalMass: 0.3, renoise: 'rand' },
    },
    modelSha256,
    tokensSha256: '',
    tokens,
  }
  return embedRecipe(new Uint8Array(await encodePng(picture)), recipe, 'words')
}

async function setUp() {
  const kit = await setUpGenerating()
  const recall = async (bytes: Uint8Array, what: 'prompt' | 'seed' | 'all' = 'all') => {
    await kit.generating.recall.recall({ kind: 'bytes', name: 'a.png', bytes }, what)
    return kit.state().generation.settings
  }
  return { ...kit, recall }
}

describe('what is taken over', () => {
  test('is everything, the frame too, and the seed is kept from then on', async () => {
    const { recall, document } = await setUp()
    setFrame(document.store, { x: 40, y: 80, width: 256, height: 256 })
    expect(await recall(await pngOf({ use: 'text', prompt: 'a fox' }))).toMatchObject({
      prompt: 'a fox',
      negative: 'text',
      seed: 4711,
      seedLocked: true,
      steps: 17,
      guidance: 6.5,
      temperature: [0.9, 0.2],
      typicalMass: 0.3,
      renoise: 'rand',
      count: 1,
      wanted: 'generate',
    })
    expect(document.store.canvas.frame).toEqual({ x: 40, y: 80, width: 96, height: 160 })
  })

  test('is the model, too, where its weights are there, by settings of the picture', async () => {
    const { recall, generation } = await setUp()
    const png = await pngOf({ use: 'text', prompt: 'a fox' }, gridOf(2, 2, 1), 'other weights')
    await recall(png, 'seed')
    expect(generation.model?.id).toBe('mini')
    expect(await recall(png)).toMatchObject({ steps: 17, guidance: 6.5 })
    expect(generation.model?.id).toBe('large')
    await recall(await pngOf({ use: 'text', prompt: 'a fox' }, gridOf(2, 2, 1), 'weights of nobody'))
    expect(generation.model?.id).toBe('large')
  })

  test('is the prompt alone, or the seed alone', async () => {
    const png = await pngOf({ use: 'text', prompt: 'a fox' })
    const one = await setUp()
    expect(await one.recall(png, 'prompt')).toMatchObject({ prompt: 'a fox', negative: 'text', seed: 1, steps: 8 })
    const other = await setUp()
    expect(await other.recall(png, 'seed')).toMatchObject({ prompt: '', seed: 4711, seedLocked: true, steps: 8 })
    expect(other.document.history.labels()).toEqual([])
  })

  test.each<[object, Use]>([
    [
      { wanted: 'interpolate', promptTo: 'a bear', frames: 5 },
      { use: 'interpolate', prompt: '', to: 'a bear', frames: 5, path: 'slerp', frame: 2 },
    ],
    [
      { wanted: 'gradient', promptTo: 'a bear', direction: 'vertical' },
      { use: 'gradient', prompt: '', to: 'a bear', direction: 'vertical' },
    ],
    [
      { wanted: 'restyle', strength: 0.7 },
      { use: 'restyle', prompt: '', image: { kind: 'file', bytes: Uint8Array.of(1) }, strength: 0.7 },
    ],
    [
      { wanted: 'regions' },
      { use: 'regions', prompt: '', regions: [{ x: 0, y: 0, width: 8, height: 8, prompt: 'sky' }] },
    ],
  ])('names the verb: %j', async (expected, use) => {
    const { recall } = await setUp()
    expect(await recall(await pngOf(use))).toMatchObject(expected)
  })

  test('is the picture that was varied, too', async () => {
    const { recall, api } = await setUp()
    api.decodePicture = () => varied(224, 224, 3)
    const use: Use = { use: 'vary', prompt: '', image: { kind: 'file', bytes: Uint8Array.of(9) }, promptWeight: 0.4 }
    expect(await recall(await pngOf(use))).toMatchObject({
      wanted: 'vary',
      promptWeight: 0.4,
      reference: { pixels: varied(224, 224, 3) },
    })
  })

  test('comes of other programs as far as they say it, within what is possible here', async () => {
    const { recall, document } = await setUp()
    const text = 'a fox\nNegative prompt: text\nSteps: 500, Sampler: Euler a, CFG scale: 7, Seed: 42, Size: 500x300'
    const png = insertChunks(new Uint8Array(await encodePng(picture)), [textChunk('parameters', text)])
    expect(await recall(png)).toMatchObject({ prompt: 'a fox', negative: 'text', seed: 42, steps: 200, guidance: 7 })
    expect(document.store.canvas.frame).toMatchObject({ width: 512, height: 320 })
  })

  test('comes of the gallery’s picture, or of a file on the disk', async () => {
    const { generating, api, state } = await setUp()
    const png = await pngOf({ use: 'text', prompt: 'a fox' })
    api.readPicture = ({ id }: { id: string }) => ({ png: id === 'one' ? png : null, picture: { path: '/a.png' } })
    api.readPictureFile = ({ source }: { source: { path: string } }) => ({ name: source.path, bytes: png })
    await generating.recall.recall('one', 'prompt')
    expect(state().generation.settings.prompt).toBe('a fox')
    generating.generation.set({ prompt: '' })
    await generating.recall.recall({ kind: 'path', path: '/b.png' }, 'prompt')
    expect(state().generation.settings.prompt).toBe('a fox')
  })

  test('is nothing of a picture that says nothing, and it is said', async () => {
    const { recall } = await setUp()
    await expect(recall(new Uint8Array(await encodePng(picture)))).rejects.toMatchObject({ code: 'no-recipe' })
    await expect(recall(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'no-recipe' })
  })
})

describe('a picture that is made again', () => {
  async function replayed(again: ReturnType<typeof generated>) {
    const kit = await setUp()
    const { api, calls, generating } = kit
    api.readRecipe = () => ({ version: 1, use: { use: 'text', prompt: 'a fox' } })
    api.decodePicture = () => picture
    api.generate = (_: unknown, { onEvent }: { onEvent: (event: JobEvent) => void }) =>
      onEvent({ type: 'picture', picture: again })
    await generating.recall.replay({ kind: 'bytes', name: 'a.png', bytes: await pngOf({ use: 'text', prompt: '' }) })
    await settled()
    return { calls, notices: kit.state().notices.map(({ kind, text }) => [kind, text]) }
  }

  test('goes straight to the engine, and is the same', async () => {
    const { calls, notices } = await replayed(generated(0, picture))
    expect(calls.find(({ method }) => method === 'readRecipe')?.argument).toMatchObject({ replay: true })
    expect(calls.map(({ method }) => method)).not.toContain('enqueue')
    expect(notices.at(-1)).toEqual(['info', expect.stringMatching(/is the same/)])
  })

  test('tells how many px and tokens differ', async () => {
    const other = { ...picture, data: new Uint8Array(picture.data) }
    other.data[0] = 8
    other.data[1] = 8
    other.data[30] = 9
    expect((await replayed(generated(0, other))).notices.at(-1)).toEqual([
      'warning',
      expect.stringMatching(/same tokens, 2 of 64 px/),
    ])
    expect((await replayed(generated(1, picture))).notices.at(-1)).toEqual([
      'warning',
      expect.stringMatching(/4 tokens and 0 of 64 px/),
    ])
  })

  test('needs its tokens: the engine says so where they lack', async () => {
    const { generating, api } = await setUp()
    api.readRecipe = () => {
      throw new StudioError('not-repeatable', 'The file has no tokens.')
    }
    const bytes = await pngOf({ use: 'text', prompt: '' })
    await expect(generating.recall.replay({ kind: 'bytes', name: 'a.png', bytes })).rejects.toMatchObject({
      code: 'not-repeatable',
    })
  })
})

test('a picture to vary is decoded by the engine, and chooses the verb', async () => {
  const { generating, api, state } = await setUp()
  api.decodePicture = () => varied(20, 10, 3)
  await generating.recall.setReference({ kind: 'bytes', name: 'cat.jpg', bytes: Uint8Array.of(1) })
  expect(state().generation).toMatchObject({
    verb: 'vary',
    blocked: null,
    settings: { reference: { name: 'cat.jpg', pixels: varied(20, 10, 3) } },
  })
  await generating.recall.setReference(null)
  expect(state().generation).toMatchObject({ blocked: expect.any(String), settings: { reference: null } })
})
