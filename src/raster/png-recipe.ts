/**
 * The recipe inside a PNG: `paRE` holds its JSON, and each Uint8Array of the recipe travels beside it in a `paAT` chunk, in
 * order, with {"$bytes": n} in its place. The cases of the letters say: may be ignored, private, not to be copied by a
 * program that changed the pixels. A `parameters` text, as many programs write and read it, tells the same to people.
 */
import { assert } from '../shared/base/assert.ts'
import { StudioError } from '../shared/contract/errors.ts'
import { type Recipe, recipeSchema } from '../shared/contract/recipe.ts'
import { insertChunks, isIntact, readChunks } from './png-chunks.ts'
import { textChunk } from './png-text.ts'
import { decodeUtf8, encodeUtf8 } from './text-bytes.ts'

const recipeType = 'paRE'
const attachmentType = 'paAT'

/**
 * What a reader accepts; a file may come from anybody. The most that a recipe has are 64 regions with a mask each, the tokens, and
 * the two grids that it goes on from.
 */
const limits = { attachments: 72, json: 1 << 20 }

/**
 * The file with the recipe and the text added.
 *
 * @param png a file without a recipe.
 * @param parameters as `parametersText` makes it.
 * @throws StudioError 'bad-request' where the recipe's texts are larger than a reader accepts, 'not-a-picture' where the file
 *   is no PNG.
 */
export function embedRecipe(png: Uint8Array, recipe: Recipe, parameters: string): Uint8Array {
  assert(!readChunks(png).some(({ type }) => type === recipeType), 'the PNG carries a recipe already')
  const { json, attachments } = takeApart(recipe)
  assert(attachments.length <= limits.attachments, 'a recipe has too many pictures')
  const data = encodeUtf8(json)
  if (data.length > limits.json) {
    throw new StudioError('bad-request', 'The prompts are too long to be kept in a picture (1 MiB); shorten them.')
  }
  return insertChunks(png, [
    textChunk('parameters', parameters),
    { type: recipeType, data },
    ...attachments.map((bytes) => ({ type: attachmentType, data: bytes })),
  ])
}

/**
 * The recipe that a file carries, its bytes copied out of the file; undefined where it carries none.
 *
 * @throws StudioError 'no-recipe' where it is damaged or of another format, 'not-a-picture' where the file is no PNG.
 */
export function extractRecipe(png: Uint8Array): Recipe | undefined {
  const chunks = readChunks(png)
  const stored = chunks.find(({ type }) => type === recipeType)
  if (stored === undefined) return undefined
  const attachments = chunks.filter(({ type }) => type === attachmentType)
  if (stored.data.length > limits.json || attachments.length > limits.attachments) throw damaged('too large')
  if (![stored, ...attachments].every(isIntact)) throw damaged('checksum mismatch')
  const json = decodeUtf8(stored.data)
  if (json === undefined) throw damaged('not UTF-8')
  const value = putTogether(
    json,
    attachments.map(({ data }) => new Uint8Array(data)),
  )
  refuseOtherFormat(value)
  const parsed = recipeSchema.safeParse(value)
  if (!parsed.success) throw damaged(parsed.error.message)
  return parsed.data
}

function takeApart(recipe: Recipe): { json: string; attachments: Uint8Array[] } {
  const attachments: Uint8Array[] = []
  // `this[key]` and not the value: JSON.stringify hands over what toJSON of a node Buffer has made of it.
  const json = JSON.stringify(recipe, function (this: Record<string, unknown>, key, value: unknown) {
    const original = this[key]
    return original instanceof Uint8Array ? { $bytes: attachments.push(original) - 1 } : value
  })
  return { json, attachments }
}

function putTogether(json: string, attachments: readonly Uint8Array[]): unknown {
  try {
    return JSON.parse(json, (_key, value: unknown) => {
      if (typeof value !== 'object' || value === null || !('$bytes' in value)) return value
      const bytes = typeof value.$bytes === 'number' ? attachments[value.$bytes] : undefined
      if (bytes === undefined) throw damaged('a picture is missing')
      return bytes
    })
  } catch (thrown) {
    throw thrown instanceof StudioError ? thrown : damaged('not JSON')
  }
}

/** Says what is the matter with a recipe of a later version, which would else look damaged. */
function refuseOtherFormat(value: unknown): void {
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined
  if (typeof format !== 'string' || format === recipeSchema.shape.format.value) return
  throw new StudioError(
    'no-recipe',
    'The picture was made by a newer Paella Studio, whose recipes this one cannot read; update Paella Studio.',
    { detail: `format ${JSON.stringify(format.slice(0, 100))}` },
  )
}

function damaged(detail: string): StudioError {
  return new StudioError(
    'no-recipe',
    'The recipe inside the picture is damaged; open another copy of the file, or write the request anew.',
    { detail },
  )
}
