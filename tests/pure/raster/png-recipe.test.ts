/** Recipes inside PNG files: exact round trips with their bytes, and clear errors for damaged ones. */
import { describe, expect, it } from 'vitest'
import { parametersText } from '../../../src/raster/parameters-text.ts'
import { readChunks } from '../../../src/raster/png-chunks.ts'
import { embedRecipe, extractRecipe } from '../../../src/raster/png-recipe.ts'
import { readText } from '../../../src/raster/png-text.ts'
import type { Recipe } from '../../../src/shared/contract/recipe.ts'
import type { Use } from '../../../src/shared/contract/request.ts'
import { randomPixels } from './random.ts'
import { pngChunk, tinyPng } from './tiny-png.ts'

const recipeFor = (use: Use, negative = ''): Recipe => ({
  format: 'paella-studio-recipe/1',
  app: '0.1.0',
  request: {
    version: 1,
    model: 'paella-mini',
    use,
    negative,
    size: { width: 128, height: 96 },
    seed: 7,
    count: 1,
    sampling: {
      steps: 10,
      guidance: 4,
      temperature: [1, 0.2],
      typicalMass: 0.2,
      typicalMinTokens: 1,
      renoise: 'start',
      renoiseSteps: null,
      draw: 'inverse-cdf',
    },
  },
  modelSha256: '0123456789abcdef'.repeat(4),
  tokensSha256: 'f'.repeat(64),
})

const inpaint = (file: Uint8Array<ArrayBuffer>): Recipe =>
  recipeFor({
    use: 'inpaint',
    prompt: 'a "飯" \ud83e\udd58\0 \ud83e',
    image: { kind: 'file', bytes: file },
    mask: { kind: 'pixels', pixels: randomPixels(2, 5, 4, 1) },
    feather: 3,
    context: 8,
  })

const text = (prompt: string) => recipeFor({ use: 'text', prompt })

const noRecipe = expect.objectContaining({ code: 'no-recipe' })

const withJson = (json: string, ...attachments: Uint8Array[]) =>
  tinyPng(pngChunk('paRE', Buffer.from(json)), ...attachments.map((bytes) => pngChunk('paAT', bytes)))

describe('embedRecipe and extractRecipe', () => {
  it('give back a recipe and the bytes nested in it exactly', () => {
    const recipe = inpaint(randomPixels(1, 16, 16, 1).data)
    expect(extractRecipe(embedRecipe(tinyPng(), recipe, ''))).toStrictEqual(recipe)
  })

  it('take the bytes of a node Buffer for what they are', () => {
    const bytes = Buffer.from([1, 2, 3])
    expect(extractRecipe(embedRecipe(tinyPng(), inpaint(bytes), ''))).toStrictEqual(inpaint(new Uint8Array(bytes)))
  })

  it('copy the bytes, so that none keeps or shares the file', () => {
    const file = Buffer.from(embedRecipe(tinyPng(), inpaint(Uint8Array.from([1, 2, 3])), ''))
    const recipe = extractRecipe(file)
    file.fill(0)
    expect(recipe).toStrictEqual(inpaint(Uint8Array.from([1, 2, 3])))
  })

  it('leave the chunks of the picture as they were and add theirs with the text', () => {
    const made = embedRecipe(tinyPng(), inpaint(new Uint8Array(9)), 'Steps: 10')
    const types = readChunks(made).map(({ type }) => type)
    expect(types).toEqual(['IHDR', 'tEXt', 'paRE', 'paAT', 'paAT', 'IDAT', 'IDAT', 'IEND'])
    expect(readText(made, 'parameters')).toBe('Steps: 10')
  })

  it('find nothing in a PNG without a recipe, and say so of a file that is no PNG', () => {
    expect(extractRecipe(tinyPng())).toBeUndefined()
    expect(() => extractRecipe(new Uint8Array(3))).toThrow(expect.objectContaining({ code: 'not-a-picture' }))
  })

  it('refuse prompts beyond what a reader accepts', () => {
    const regions = Array.from({ length: 64 }, () => ({ x: 0, y: 0, width: 8, height: 8, prompt: '飯'.repeat(10_000) }))
    const recipe = recipeFor({ use: 'regions', prompt: '', regions })
    expect(() => embedRecipe(tinyPng(), recipe, '')).toThrow(expect.objectContaining({ code: 'bad-request' }))
  })
})

describe('a damaged recipe', () => {
  it('is told by the checksum of the JSON and of every attachment', () => {
    const made = embedRecipe(tinyPng(), inpaint(Uint8Array.from([1, 2, 3])), '')
    for (const chunk of readChunks(made).filter(({ type }) => type.startsWith('pa'))) {
      const file = Uint8Array.from(made)
      file[chunk.offset + 8] = file[chunk.offset + 8]! ^ 1
      expect(() => extractRecipe(file), chunk.type).toThrow(noRecipe)
    }
  })

  it.each([
    ['no JSON', '{"format":'],
    ['no object', 'null'],
    ['nested too deeply', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['no recipe', JSON.stringify({ ...text('a'), request: { version: 1 } })],
    ['without a format', JSON.stringify({ ...text('a'), format: undefined })],
    ['larger than 1 MiB', JSON.stringify(text('a')) + ' '.repeat(1 << 20)],
  ])('is refused: %s', (_, json) => {
    expect(() => extractRecipe(withJson(json))).toThrow(noRecipe)
  })

  it('is refused where it is not UTF-8', () => {
    const file = tinyPng(pngChunk('paRE', Buffer.from(JSON.stringify(text('ä')), 'latin1')))
    expect(() => extractRecipe(file)).toThrow(noRecipe)
  })

  it.each(['2', '-1', '0.5', '"0"', '"length"', 'null'])('is refused where it names attachment %s of two', (named) => {
    const json = JSON.stringify({ ...inpaint(new Uint8Array(1)) }, (_key, value) =>
      value instanceof Uint8Array ? { $bytes: 'here' } : value,
    )
    const whole = (n: string) => withJson(json.replaceAll('"here"', n), new Uint8Array(20), new Uint8Array(20))
    expect(extractRecipe(whole('1'))).toStrictEqual(expect.objectContaining({ modelSha256: expect.any(String) }))
    expect(() => extractRecipe(whole(named))).toThrow(noRecipe)
  })

  it('is refused with more attachments than a recipe can have', () => {
    const json = JSON.stringify(text('a'))
    const few = Array.from({ length: 72 }, () => new Uint8Array(1))
    expect(extractRecipe(withJson(json, ...few))).toStrictEqual(text('a'))
    expect(() => extractRecipe(withJson(json, ...few, new Uint8Array(1)))).toThrow(noRecipe)
  })

  it('is told from one of a newer program', () => {
    const json = JSON.stringify({ format: 'paella-studio-recipe/2', anything: true })
    expect(() => extractRecipe(withJson(json))).toThrow(
      expect.objectContaining({ code: 'no-recipe', message: expect.stringContaining('newer') }),
    )
  })
})

describe('parametersText', () => {
  it('writes the lines that other programs read', () => {
    expect(parametersText(recipeFor({ use: 'text', prompt: 'a fjord,\nat dawn' }, 'people'))).toBe(
      'a fjord,\nat dawn\nNegative prompt: people\n' +
        'Steps: 10, Sampler: Paella, CFG scale: 4, Seed: 7, Size: 128x96, Model: paella-mini, Model hash: 0123456789, ' +
        'Temperature: 1 to 0.2, Typical mass: 0.2, Use: text',
    )
  })

  it('leaves out an empty negative prompt, and a size that is not the picture’s', () => {
    const written = parametersText(inpaint(new Uint8Array()))
    expect(written).not.toContain('Negative prompt')
    expect(written).not.toContain('Size:')
  })

  it('quotes values that would break the line', () => {
    const path = { frames: 2, path: 'lerp' as const }
    const written = parametersText(recipeFor({ use: 'interpolate', prompt: 'a', to: 'b, "c": d\ne', ...path }))
    expect(written.split('\n')).toHaveLength(2)
    expect(written).toContain(String.raw`To: "b, \"c\": d\ne"`)
  })
})
