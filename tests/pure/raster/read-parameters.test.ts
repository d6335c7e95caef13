/** Settings out of the texts that picture programs write: what is there is found, what is not is left out, nothing throws. */
import { describe, expect, test } from 'vitest'
import { parametersText } from '../../../src/raster/parameters-text.ts'
import { insertChunks } from '../../../src/raster/png-chunks.ts'
import { readText, textChunk } from '../../../src/raster/png-text.ts'
import { readParametersText } from '../../../src/raster/read-parameters.ts'
import type { Recipe } from '../../../src/shared/contract/recipe.ts'
import { tinyPng } from './tiny-png.ts'

describe('the text of a web UI', () => {
  test('gives prompt, negative prompt and settings', () => {
    const text = `a lighthouse at dusk, (oil painting:1.2), <lora:sea:0.8>
Negative prompt: people, boats
Steps: 28, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 3141592653, Size: 512x768, Model hash: 0a1b2c3d4e, Model: seaside_v3, Clip skip: 2, Version: v1.6.0`
    expect(readParametersText(text)).toEqual({
      prompt: 'a lighthouse at dusk, (oil painting:1.2), <lora:sea:0.8>',
      negative: 'people, boats',
      steps: 28,
      guidance: 6.5,
      seed: 3141592653,
      size: { width: 512, height: 768 },
      model: 'seaside_v3',
    })
  })

  test('keeps prompts of several lines, and lines that only look like settings', () => {
    const text = 'a sign that reads\nSteps: mind them\n\nin the fog\nNegative prompt: red\nblue\nSteps: 20, Seed: 1'
    expect(readParametersText(text)).toEqual({
      prompt: 'a sign that reads\nSteps: mind them\n\nin the fog',
      negative: 'red\nblue',
      steps: 20,
      seed: 1,
    })
  })

  test('takes no key out of a quoted value', () => {
    const text = `a cat\nSteps: 9, Template: "Seed: 5, Size: 8x8, \\"CFG scale: 1", Seed: 77, Lora hashes: "a: b, c: d", CFG scale: 7`
    expect(readParametersText(text)).toEqual({ prompt: 'a cat', negative: '', steps: 9, seed: 77, guidance: 7 })
  })

  test('may lack a prompt, or be of Windows', () => {
    expect(readParametersText('Negative prompt: fog\r\nSteps: 4, Size: 64 x 32\r\n')).toEqual({
      prompt: '',
      negative: 'fog',
      steps: 4,
      size: { width: 64, height: 32 },
    })
    expect(readParametersText('Steps: 4')).toEqual({ prompt: '', negative: '', steps: 4 })
  })

  test('may break its settings over lines', () => {
    expect(readParametersText('a cat\nSteps: 4,\nSeed: 5\nCFG scale: 3')).toMatchObject({
      steps: 4,
      seed: 5,
      guidance: 3,
    })
  })

  test.each([
    ['Steps: 4, Seed: -1', { steps: 4 }],
    ['Steps: 4, Seed: 18446744073709551615', { steps: 4 }],
    ['Steps: 4, CFG scale: seven, Size: 512', { steps: 4 }],
    ['Steps: 4, Seed:, Size: x', { steps: 4 }],
    ['Steps: 4, CFG scale: 1e9', { steps: 4 }],
    ['Steps: 4, Model: "half', { steps: 4, model: '"half' }],
    ['Steps: 4,,,: :, Seed: 5', { steps: 4, seed: 5 }],
  ])('leaves out what it cannot understand: %s', (text, settings) => {
    expect(readParametersText(text)).toEqual({ prompt: '', negative: '', ...settings })
  })

  test('of another form is a prompt', () => {
    for (const text of ['just words', '{"nodes": [1, 2]}', 'steps: many\nseed: one'])
      expect(readParametersText(text)).toEqual({ prompt: text, negative: '' })
    expect(readParametersText('')).toEqual({ prompt: '', negative: '' })
  })

  test('is read in time that grows with its length, whatever is in it', () => {
    for (const piece of ['a:', '"', '\\"', 'Steps: 1, ', ' ', '\n', 'a b/c-']) {
      const text = `Steps: 1, ${piece.repeat(200_000)}`
      expect(readParametersText(text)).toMatchObject({ negative: '' })
    }
  })
})

test('our own text comes back', () => {
  const recipe: Recipe = {
    format: 'paella-studio-recipe/1',
    app: 'test',
    request: {
      version: 1,
      model: 'paella-mini',
      use: {
        use: 'interpolate',
        prompt: 'a fjord,\nat "dawn"',
        to: 'Steps: 1, Seed: 9',
        frames: 3,
        path: 'lerp',
        frame: 1,
      },
      negative: 'people',
      size: { width: 128, height: 96 },
      seed: 7,
      count: 1,
      sampling: {
        steps: 10,
        guidance: -1,
        temperature: [1, 0.2],
        typicalMass: 0.2,
        typicalMinTokens: 1,
        renoise: 'start',
        renoiseSteps: null,
        draw: 'inverse-cdf',
      },
    },
    modelSha256: '0123456789abcdef',
    tokensSha256: '',
  }
  const settings = { steps: 10, guidance: -1, seed: 7, size: { width: 128, height: 96 }, model: 'paella-mini' }
  const wanted = { prompt: 'a fjord,\nat "dawn"', negative: 'people', ...settings }
  const text = parametersText(recipe)
  expect(readParametersText(text)).toEqual(wanted)
  const png = insertChunks(tinyPng(), [textChunk('parameters', text)])
  expect(readParametersText(readText(png, 'parameters') ?? '')).toEqual(wanted)
})
