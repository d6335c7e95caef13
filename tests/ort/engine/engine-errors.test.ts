/** What the world does wrong ends in a code and a line that names the cause: requests, devices, models folders. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { GenerateRequest, Use } from '../../../src/shared/contract/request.ts'
import { ask, failureOf, modelsDir, modelsFolder, openEngine } from '../../kit/engine.ts'
import { asPixels, noise } from '../../kit/pictures.ts'

const engine = openEngine()
afterAll(() => engine.close())

describe('a request that cannot be met names the field', () => {
  const small = asPixels(noise({ width: 8, height: 8 }))
  const borders = { left: 0, right: 0, top: 0, bottom: 0, feather: 0, context: 0 }
  const frames: Use = { use: 'interpolate', prompt: 'a', to: 'b', frames: 3, path: 'lerp' }
  const shortOfBytes = { width: 8, height: 8, channels: 3 as const, data: new Uint8Array(5) }
  const cases: readonly [name: string, request: unknown, said: RegExp][] = [
    ['nothing at all', undefined, /the request/],
    ['no use', { version: 1 }, /^use: /],
    ['an unknown use', { version: 1, use: { use: 'paint' } }, /^use\.use: .*'inpaint'/],
    ['no prompt', { version: 1, use: { use: 'text' } }, /^use\.prompt: /],
    ['a size of 0', ask('a', { size: { width: 0, height: 64 } }), /^size\.width: /],
    ['no steps', ask('a', { sampling: { steps: 0 } }), /^sampling\.steps: /],
    ['guidance that is no number', ask('a', { sampling: { guidance: Number.NaN } }), /^sampling\.guidance: /],
    ['seeds past the last', ask('a', { seed: Number.MAX_SAFE_INTEGER - 100_000, count: 2 }), /^seed: .*2 pictures/],
    ['half a seed', ask('a', { seed: 0.5 }), /^seed: /],
    ['no regions', ask({ use: 'regions', prompt: 'a', regions: [] }), /^use\.regions: /],
    ['a frame past the last', ask({ ...frames, frame: 3 }), /^use\.frame: .*0 to 2/],
    ['outpainting to no side', ask({ use: 'outpaint', prompt: 'a', image: small, ...borders }), /left, right, top/],
    [
      'pixels that are too few',
      ask({ use: 'vary', prompt: '', promptWeight: 0, image: { kind: 'pixels', pixels: shortOfBytes } }),
      /^use\.image\.pixels: /,
    ],
    [
      'a carrier, which only recipes hold',
      ask({
        use: 'vary',
        prompt: '',
        promptWeight: 0,
        image: { kind: 'carrier', crop: { x: 0, y: 0, width: 1, height: 1 }, patch: null, sha256: '' },
      }),
      /readRecipe/,
    ],
  ]
  test.each(cases)('%s', async (_, request, said) => {
    const { code, message } = await failureOf(engine.generate({ request: request as GenerateRequest }))
    expect(code).toBe('bad-request')
    expect(message).toMatch(said)
    expect(message).not.toContain('\n')
  })

  test('outpainting beyond the largest picture', async () => {
    const image = asPixels(noise({ width: 16_384, height: 8 }, 1))
    const use: Use = { use: 'outpaint', prompt: 'a', image, ...borders, left: 1 }
    const { code, message } = await failureOf(engine.generate({ request: ask(use) }))
    expect(code).toBe('picture-too-large')
    expect(message).toContain('16385 x 8')
  })
})

test('an unknown device lists those there are', async () => {
  const { code, message } = await failureOf(openEngine({ device: 'abacus' }).generate({ request: ask('a') }))
  expect(code).toBe('device-unavailable')
  expect(message).toMatch(/abacus.*cpu/)
})

describe('models', () => {
  /** An engine on a folder that holds the shipped model, with some of its files replaced (undefined = left out). */
  async function brokenModels(replaced: Readonly<Record<string, Uint8Array | string | undefined>>) {
    const dir = await modelsFolder('paella-mini')
    for (const [file, bytes] of Object.entries(replaced)) {
      const path = join(dir, 'paella-mini', file)
      if (bytes === undefined) await rm(path)
      else await writeFile(path, bytes)
    }
    return openEngine({ modelsDir: dir })
  }

  test('an unknown model lists those there are', async () => {
    const { code, message } = await failureOf(engine.generate({ request: ask('a', { model: 'paella-maxi' }) }))
    expect(code).toBe('model-missing')
    expect(message).toMatch(/paella-maxi.*paella-mini/)
  })

  test('a folder that does not exist', async () => {
    const { code, message } = await failureOf(openEngine({ modelsDir: '/no/such/folder' }).load({}))
    expect(code).toBe('model-missing')
    expect(message).toContain('/no/such/folder')
  })

  test.each(['denoiser', 'vq', 'clip'])('missing weights of the %s', async (part) => {
    const { code, message } = await failureOf((await brokenModels({ [`${part}.safetensors`]: undefined })).load({}))
    expect(code).toBe('file-not-found')
    expect(message).toContain(`${part}.safetensors`)
  })

  test('weights cut short', async () => {
    const bytes = await readFile(join(modelsDir, 'paella-mini', 'vq.safetensors'))
    for (const length of [0, 5, 1000, bytes.length - 1]) {
      const broken = await brokenModels({ 'vq.safetensors': bytes.subarray(0, length) })
      const { code, message } = await failureOf(broken.generate({ request: ask('a') }))
      expect([length, code]).toEqual([length, 'model-broken'])
      expect(message).toContain('vq.safetensors')
    }
  })

  test('weights of another network', async () => {
    const bytes = await readFile(join(modelsDir, 'paella-mini', 'vq.safetensors'))
    const { code, message } = await failureOf((await brokenModels({ 'denoiser.safetensors': bytes })).load({}))
    expect(code).toBe('checkpoint-mismatch')
    expect(message).toContain('embedding.weight')
  })

  test.each(['{', '{}', '[]'])('a manifest of %s', async (text) => {
    const broken = await brokenModels({ 'model.json': text })
    const { code, message } = await failureOf(broken.load({}))
    expect(code).toBe('model-broken')
    expect(message).toContain('model.json')
    expect(await broken.describe()).toMatchObject({ models: [], broken: [{ error: { code, message } }] })
  })

  test('weights that are gone are told beside the models that work', async () => {
    const { models, broken } = await (await brokenModels({ 'vq.safetensors': undefined })).describe()
    expect([models.length, broken.map(({ error }) => error.code)]).toEqual([0, ['file-not-found']])
  })
})
