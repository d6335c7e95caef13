/**
 * Recipes of pictures as text that a document can keep, and back into a PNG. The pictures that went into one are left out (null
 * stands for their bytes), so a recipe that had some tells how the picture was made and cannot repeat it.
 */
import { isPng, readChunks } from '../raster/png-chunks.ts'
import { embedRecipe, extractRecipe } from '../raster/png-recipe.ts'
import { textChunk } from '../raster/png-text.ts'
import { parametersText } from '../raster/parameters-text.ts'
import { encodePng, type ExtraChunk } from '../files/png-write.ts'
import { StudioError } from '../shared/contract/errors.ts'
import { recipeSchema } from '../shared/contract/recipe.ts'
import { recipeFromText, recipeToText } from '../shared/contract/recipe-text.ts'

/** The recipe that a file carries; null where it carries none, or one that is damaged. */
export function recipeIn(file: Uint8Array, longest: number): string | null {
  if (!isPng(file)) return null
  try {
    const recipe = extractRecipe(file)
    if (recipe === undefined) return null
    const json = recipeToText(recipe)
    return json.length <= longest ? json : null
  } catch (error) {
    if (error instanceof StudioError) return null
    throw error
  }
}

/** What a PNG gets for it. Nothing for a text that is no recipe. */
export async function recipeChunks(json: string): Promise<readonly ExtraChunk[]> {
  const value = recipeFromText(json)
  const whole = recipeSchema.safeParse(value)
  if (whole.success) {
    // What embedRecipe adds to the smallest of all pictures is what it adds to any.
    const pixel = await encodePng({ width: 1, height: 1, channels: 1, data: new Uint8Array(1) })
    const chunks = readChunks(embedRecipe(new Uint8Array(pixel), whole.data, parametersText(whole.data)))
    return chunks.filter(({ type }) => !['IHDR', 'IDAT', 'IEND'].includes(type))
  }
  const told = recipeSchema.safeParse(withEmptyPictures(value))
  return told.success ? [textChunk('parameters', parametersText(told.data))] : []
}

/** Only the words of it are used, so an empty file may stand for every picture that went in. */
function withEmptyPictures(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withEmptyPictures)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if ('kind' in value && pictureKinds.includes(value.kind)) return { kind: 'file', bytes: new Uint8Array() }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withEmptyPictures(inner)]))
}

const pictureKinds: readonly unknown[] = ['file', 'pixels', 'carrier']
