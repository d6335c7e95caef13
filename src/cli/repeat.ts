/**
 * Makes a picture again from its own file, and counts what is not the same: of the tokens, where it was sampled again; of the px,
 * where the file's own tokens were decoded.
 */
import { differingPx } from '../raster/difference.ts'
import { assert } from '../shared/base/assert.ts'
import type { GeneratedPicture } from '../shared/contract/engine-api.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import type { Recipe } from '../shared/contract/recipe.ts'
import { unpackTokens } from '../shared/contract/token-grid.ts'
import { readInput } from './input-files.ts'
import type { JobPlan } from './job.ts'
import type { Difference } from './reporter.ts'

export function repeatPlan(path: string, replay: boolean): JobPlan {
  let original: { readonly recipe: Recipe; readonly pixels: Pixels | undefined } | undefined
  return {
    async request(opening) {
      const { bytes } = await readInput(path)
      const engine = await opening()
      const request = await engine.readRecipe({ png: bytes, replay }).catch((error: unknown) => {
        throw error instanceof StudioError ? withPath(path, error) : error
      })
      // Loaded here: the recipe's validator is of no use to the other commands, and slow to start.
      const { extractRecipe } = await import('../raster/png-recipe.ts')
      const recipe = extractRecipe(bytes)
      assert(recipe !== undefined, 'a request was read from a file without a recipe')
      original = { recipe, pixels: replay ? await engine.decodePicture({ bytes, name: path }) : undefined }
      return request
    },
    repeats: true,
    afterSaving(picture, reporter) {
      assert(original !== undefined, 'a picture came before its request was read')
      const { recipe, pixels } = original
      const { width, height } = picture.pixels
      if (pixels) reporter.replayed(path, { differing: differingPx(picture.pixels, pixels), of: width * height })
      else reporter.repeated(path, differenceOfTokens(picture, recipe))
    },
  }
}

/** The first files tell only whether all tokens are the same. */
function differenceOfTokens({ grid, recipe }: GeneratedPicture, original: Recipe): Difference {
  const of = grid.tokens.length
  if (recipe.tokensSha256 === original.tokensSha256) return { differing: 0, of }
  if (!original.tokens) return { differing: undefined, of }
  const theirs = unpackTokens(original.tokens)
  const alike = theirs.width === grid.width && theirs.height === grid.height
  return { differing: alike ? grid.tokens.filter((token, cell) => token !== theirs.tokens[cell]).length : of, of }
}

/** The engine is given bytes and cannot say which file they are from. */
function withPath(path: string, error: StudioError): StudioError {
  return new StudioError(error.code, `${path}: ${error.message}`, { cause: error, detail: error.detail })
}
