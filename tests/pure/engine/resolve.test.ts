/** Filling a request's gaps: whose default wins, what sizes become, and what a bad request is told. */
import { describe, expect, test } from 'vitest'
import type { Manifest } from '../../../src/engine/models/store.ts'
import { checkRequest, resolveRequest } from '../../../src/engine/resolve.ts'
import type { PictureInput } from '../../../src/shared/contract/picture.ts'
import { type GenerateRequest, resolvedRequestSchema, type Use } from '../../../src/shared/contract/request.ts'

const file = { file: 'x', bytes: 1, sha256: '' }
const manifest: Manifest = {
  format: 1,
  id: 'mini',
  name: 'Mini',
  folder: '/models/mini',
  imageSize: 128,
  condition: { normalise: true, scale: 16 },
  sampling: { steps: 10, guidance: 4, temperature: [1, 0.4], typicalMass: 0.9, renoise: 'start' },
  files: { denoiser: file, vq: file, clip: file },
}
const text: Use = { use: 'text', prompt: 'a boat' }
const resolve = (request: Omit<GenerateRequest, 'version'>, model = manifest) =>
  resolveRequest({ version: 1, ...request }, model, 16)

function picture(width: number, height: number): PictureInput {
  return { kind: 'pixels', pixels: { width, height, channels: 1, data: new Uint8Array(width * height) } }
}
const restyle = (width: number, height: number): Use => ({
  use: 'restyle',
  prompt: '',
  image: picture(width, height),
  strength: 0.5,
})

describe('a request', () => {
  test("without anything takes the model's defaults and leaves no gap", async () => {
    const resolved = await resolve({ use: text })
    expect(resolved).toEqual({
      version: 1,
      model: 'mini',
      use: text,
      negative: '',
      size: { width: 128, height: 128 },
      seed: 0,
      count: 1,
      sampling: {
        steps: 10,
        guidance: 4,
        temperature: [1, 0.4],
        typicalMass: 0.9,
        typicalMinTokens: 1,
        renoise: 'start',
        renoiseSteps: null,
        draw: 'inverse-cdf',
      },
    })
    expect(resolvedRequestSchema.parse(resolved)).toEqual(resolved)
  })

  test('keeps what it says, zeros and null too', async () => {
    const sampling = { guidance: 0, typicalMass: null, renoiseSteps: 0, temperature: [0, 0] } as const
    const resolved = await resolve({
      use: text,
      seed: 7,
      count: 3,
      negative: 'fog',
      sampling: { ...sampling, temperature: [0, 0] },
    })
    expect(resolved).toMatchObject({ seed: 7, count: 3, negative: 'fog', sampling })
    expect(resolved.sampling.steps).toBe(10)
  })

  test('takes the default for what it leaves undefined', async () => {
    expect((await resolve({ use: text, sampling: { steps: undefined, guidance: 2 } })).sampling).toMatchObject({
      steps: 10,
      guidance: 2,
    })
  })

  test('names the model that works on it, not the one that was asked for', async () => {
    expect((await resolve({ use: text, model: 'latest' })).model).toBe('mini')
  })

  test('resolved once is resolved for good', async () => {
    const once = await resolve({ use: restyle(40, 30), sampling: { steps: 5 } })
    const later = { ...manifest, imageSize: 512, sampling: { ...manifest.sampling, steps: 99, guidance: 1 } }
    expect(await resolve(once, later)).toEqual(once)
  })
})

describe('sizes', () => {
  test.each([
    [100, 129, 112, 144],
    [8, 16, 32, 32],
    [256, 4096, 256, 4096],
  ])('%i x %i px become %i x %i, whole cells of the grid', async (width, height, w, h) => {
    expect((await resolve({ use: text, size: { width, height } })).size).toEqual({ width: w, height: h })
  })

  test.each([
    [64, 64, 128, 128],
    [400, 300, 176, 128],
    [30, 60, 128, 256],
    [10, 1000, 128, 512],
  ])('a picture of %i x %i px is restyled at %i x %i', async (width, height, w, h) => {
    expect((await resolve({ use: restyle(width, height) })).size).toEqual({ width: w, height: h })
  })
})

describe('restyling', () => {
  test("takes at least 24 steps and puts back what was there, but for the request's own word", async () => {
    expect((await resolve({ use: restyle(8, 8) })).sampling).toMatchObject({ steps: 24, renoise: 'prev' })
    const slow = { ...manifest, sampling: { ...manifest.sampling, steps: 40 } }
    expect((await resolve({ use: restyle(8, 8) }, slow)).sampling.steps).toBe(40)
    const own = await resolve({ use: restyle(8, 8), sampling: { steps: 6, renoise: 'rand' } })
    expect(own.sampling).toMatchObject({ steps: 6, renoise: 'rand' })
  })
})

describe('a bad request', () => {
  test.each([
    [{ version: 1, use: { use: 'text' } }, /^use\.prompt: /],
    [{ version: 1, use: text, sampling: { steps: 0 } }, /^sampling\.steps: /],
    [{ version: 1, use: text, sampling: { temperature: [1, -1] } }, /^sampling\.temperature\.1: /],
    [{ version: 1, use: text, seed: -1 }, /^seed: /],
    [{ version: 1, use: text, count: 1.5 }, /^count: /],
    [{ version: 1, use: text, size: { width: 4, height: 64 } }, /^size\.width: /],
    [{ version: 2, use: text }, /^version: /],
    [{ version: 1, use: { use: 'dream' } }, /^use\.use: /],
    ['text', /^the request: /],
  ])('%j is refused by the name of the field', (value, message) => {
    const check = () => checkRequest(value)
    expect(check).toThrow(expect.objectContaining({ code: 'bad-request' }))
    expect(check).toThrow(message)
  })

  test('is told from a good one', () => {
    expect(checkRequest({ version: 1, use: text })).toEqual({ version: 1, use: text })
  })
})
