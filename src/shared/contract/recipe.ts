/**
 * What a picture remembers of how it was made: the resolved request of that one picture, and what is needed to check that a
 * repetition is the same. Bytes inside it (pictures) travel in chunks of their own beside the JSON (raster/png-recipe.ts).
 */
import { z } from 'zod'
import { resolvedRequestSchema } from './request.ts'
import { packedGridSchema } from './token-grid.ts'

export const recipeSchema = z.object({
  format: z.literal('paella-studio-recipe/1'),
  app: z.string(),
  request: resolvedRequestSchema,
  modelSha256: z.string(),
  /** SHA-256 of the token grid (int32, little endian), to check a repetition against. */
  tokensSha256: z.string(),
  /** The tokens themselves, so that the picture can be decoded again without sampling. The first pictures lack them. */
  tokens: packedGridSchema.optional(),
})

export type Recipe = z.infer<typeof recipeSchema>
