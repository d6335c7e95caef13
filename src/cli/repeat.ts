/**
 * Makes a picture again from its own file, and checks that it is the same one: the file's recipe holds the SHA-256 of the
 * tokens that were drawn.
 */
import { assert } from '../shared/base/assert.ts'
import type { Recipe } from '../shared/contract/recipe.ts'
import { StudioError } from '../shared/contract/errors.ts'
import { readInput } from './input-files.ts'
import type { JobPlan } from './job.ts'

export function repeatPlan(path: string): JobPlan {
  let original: Recipe | undefined
  return {
    async request(engine) {
      const { bytes } = await readInput(path)
      const request = await (await engine()).readRecipe({ png: bytes }).catch((error: unknown) => {
        throw error instanceof StudioError ? withPath(path, error) : error
      })
      // Loaded here: the recipe's validator is of no use to the other commands, and slow to start.
      const { extractRecipe } = await import('../raster/png-recipe.ts')
      original = extractRecipe(bytes)
      return request
    },
    repeats: true,
    afterSaving(picture, reporter) {
      assert(original !== undefined, 'a picture came before its request was read')
      reporter.repeated(path, picture.recipe.tokensSha256 === original.tokensSha256)
    },
  }
}

/** The engine is given bytes and cannot say which file they are from. */
function withPath(path: string, error: StudioError): StudioError {
  return new StudioError(error.code, `${path}: ${error.message}`, { cause: error, detail: error.detail })
}
