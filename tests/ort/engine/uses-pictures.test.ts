/** What steers a picture: places for regions and gradients, the picture itself for restyling and variations. */
import { afterAll, describe, expect, test } from 'vitest'
import type { GeneratedPicture } from '../../../src/shared/contract/engine-api.ts'
import type { Use } from '../../../src/shared/contract/request.ts'
import { ask, openEngine, picture, run } from '../../kit/engine.ts'
import { asPixels, noise } from '../../kit/pictures.ts'

const engine = openEngine()
afterAll(() => engine.close())

const boat = 'a red boat'
const hill = 'a green hill'
const tokens = ({ recipe }: GeneratedPicture): string => recipe.tokensSha256
const made = async (use: Use | string): Promise<string> => tokens(await picture(engine, ask(use)))

describe('places', () => {
  const regions = (...areas: readonly [x: number, width: number, prompt: string][]): Use => ({
    use: 'regions',
    prompt: boat,
    regions: areas.map(([x, width, prompt]) => ({ x, y: 0, width, height: 64, prompt })),
  })

  test('regions and gradients of one prompt are the picture of that prompt', async () => {
    const plain = await made(boat)
    expect(await made(regions([0, 32, boat]))).toBe(plain)
    expect(await made({ use: 'gradient', prompt: boat, to: boat, direction: 'vertical' })).toBe(plain)
  })

  test('a region over everything rules alone, and later regions lie on top', async () => {
    expect(await made(regions([0, 64, hill]))).toBe(await made(hill))
    expect(await made(regions([0, 64, boat], [0, 64, hill]))).toBe(await made(hill))
    expect(await made(regions([0, 32, hill]))).not.toBe(await made(hill))
    expect(await made(regions([0, 32, hill]))).not.toBe(await made(boat))
  })

  test('a gradient has a direction', async () => {
    const [across, down] = (['horizontal', 'vertical'] as const).map(
      (direction): Use => ({ use: 'gradient', prompt: boat, to: hill, direction }),
    )
    expect(across && (await made(across))).not.toBe(down && (await made(down)))
  })
})

describe('restyling', () => {
  const photo = asPixels(noise({ width: 64, height: 64 }))
  const restyle = (strength: number, prompt = boat): Use => ({ use: 'restyle', prompt, image: photo, strength })

  test('takes the share of the steps that its strength says', async () => {
    for (const [strength, steps] of [
      [0, 0],
      [0.5, 4],
      [1, 8],
    ] as const) {
      const { events } = await run(engine, ask(restyle(strength), { sampling: { steps: 8 } }))
      expect(events.filter(({ type }) => type === 'step').length).toBe(steps)
    }
  })

  test('by nothing ignores the prompt; by more it follows it', async () => {
    expect(await made(restyle(0, hill))).toBe(await made(restyle(0, boat)))
    expect(await made(restyle(0.5, hill))).not.toBe(await made(restyle(0.5, boat)))
  })

  test("without a size takes the picture's shape at the model's scale", async () => {
    const use: Use = { use: 'restyle', prompt: boat, image: asPixels(noise({ width: 90, height: 60 })), strength: 0 }
    const { pixels } = await picture(engine, { version: 1, use })
    expect([pixels.width, pixels.height]).toEqual([192, 128])
  })
})

describe('variations', () => {
  const vary = (seed: number, promptWeight: number, prompt = boat): Use => ({
    use: 'vary',
    prompt,
    image: asPixels(noise({ width: 80, height: 64 }, 3, seed)),
    promptWeight,
  })

  test('follow the picture alone at weight 0, the prompt alone at weight 1', async () => {
    expect(await made(vary(1, 0))).toBe(await made(vary(1, 0, hill)))
    expect(await made(vary(1, 0))).not.toBe(await made(boat))
    expect(await made(vary(1, 1))).toBe(await made(boat))
    expect(await made(vary(1, 0.5))).not.toBe(await made(vary(1, 0)))
  })

  test('of another picture differ', async () => {
    const flat = asPixels({ width: 8, height: 8, channels: 3, data: new Uint8Array(192).fill(200) })
    expect(await made({ use: 'vary', prompt: '', image: flat, promptWeight: 0 })).not.toBe(await made(vary(1, 0)))
  })
})
