/** Recipes as the text that documents keep: grids come back byte by byte, pictures do not. */
import { describe, expect, test } from 'vitest'
import { fromBase64, toBase64 } from '../../../src/shared/base/base64.ts'
import { type Recipe, recipeSchema } from '../../../src/shared/contract/recipe.ts'
import { recipeFromText, recipeToText } from '../../../src/shared/contract/recipe-text.ts'
import type { Use } from '../../../src/shared/contract/request.ts'
import { packTokens, unpackTokens } from '../../../src/shared/contract/token-grid.ts'
import { fakePicture } from '../../kit/fake-engine.ts'

describe('base64', () => {
  test('is that of node, for every length and byte, there and back', () => {
    for (let length = 0; length < 300; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255)
      const text = toBase64(bytes)
      expect(text).toBe(Buffer.from(bytes).toString('base64'))
      expect(fromBase64(text)).toEqual(bytes)
    }
  })

  test.each(['A', 'AAA', 'AA=A', '====', 'AA-_', 'A===', 'AAA=AAAA', 'äAAA'])('is not %s', (text) => {
    expect(fromBase64(text)).toBeUndefined()
  })
})

const grid = packTokens({ width: 16, height: 8, tokens: Int32Array.from({ length: 128 }, (_, i) => i * 511) })

function recipeOf(use: Use): Recipe {
  const { recipe } = fakePicture('an apple')
  const request = {
    ...recipe.request,
    use,
    size: { width: 64, height: 32 },
    resume: { step: 1, tokens: grid, fed: grid },
  }
  return { ...recipe, request, tokens: grid }
}

describe('a recipe as text', () => {
  test('comes back whole where no picture went into it, with its tokens and those that it went on from', () => {
    const recipe = recipeOf({ use: 'text', prompt: 'an "apple"\n' })
    expect(recipeSchema.parse(recipeFromText(recipeToText(recipe)))).toEqual(recipe)
    const buffers = { ...recipe, tokens: { ...grid, codes: Buffer.from(grid.codes) } }
    expect(recipeToText(buffers)).toBe(recipeToText(recipe))
  })

  test('leaves out the bytes of pictures, and is then no recipe any more', () => {
    const image = { kind: 'file' as const, bytes: Uint8Array.of(1, 2, 3) }
    const text = recipeToText(recipeOf({ use: 'restyle', prompt: 'a pear', image, strength: 0.5 }))
    expect(recipeFromText(text)).toMatchObject({
      tokens: grid,
      request: { use: { prompt: 'a pear', image: { bytes: null } } },
    })
    expect(recipeSchema.safeParse(recipeFromText(text)).success).toBe(false)
  })

  test('that is none is none', () => {
    expect(recipeFromText('{"tokens":')).toBeUndefined()
    expect(recipeFromText('{"tokens":{"codes":"!"}}')).toEqual({ tokens: { codes: null } })
  })
})

test('tokens are packed in two bytes each, and those that two bytes do not hold are refused', () => {
  const tokens = Int32Array.of(0, 1, 255, 256, 8191, 65_535)
  const packed = packTokens({ width: 3, height: 2, tokens })
  expect([...packed.codes]).toEqual([0, 0, 1, 0, 255, 0, 0, 1, 255, 31, 255, 255])
  expect(unpackTokens(packed)).toEqual({ width: 3, height: 2, tokens })
  for (const token of [-1, 65_536])
    expect(() => packTokens({ width: 1, height: 1, tokens: Int32Array.of(token) })).toThrow(/is no token/)
})
