/**
 * A recipe as text that a document can keep. Token grids are in it as base64; pictures are left out (null stands for their bytes), so
 * a recipe that had some tells how a picture was made and cannot repeat it.
 */
import { fromBase64, toBase64 } from '../base/base64.ts'
import type { Recipe } from './recipe.ts'

/** The field of a PackedGrid that holds its bytes; no other field of a recipe has this name. */
const grid = 'codes'

export function recipeToText(recipe: Recipe): string {
  // `this[key]` and not the value: JSON.stringify hands over what toJSON of a node Buffer has made of it.
  return JSON.stringify(recipe, function (this: Record<string, unknown>, key, value: unknown) {
    const original = this[key]
    if (!(original instanceof Uint8Array)) return value
    return key === grid ? toBase64(original) : null
  })
}

/** What the text says, to be checked by recipeSchema; undefined for what is no JSON. */
export function recipeFromText(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) =>
      key === grid && typeof value === 'string' ? (fromBase64(value) ?? null) : value,
    )
  } catch {
    return undefined
  }
}
