/** Pictures as plain data: what crosses rooms and processes in place of canvases, buffers or file handles. */
import { z } from 'zod'
import { pictureLimits } from './picture-limits.ts'

export * from './picture-limits.ts'

/** Pixels, row by row, `channels` bytes each; 1 = grey (masks), 3 = RGB, 4 = RGBA with straight alpha. sRGB. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  readonly data: Uint8Array
}

/** What a picture can be written as. Quality 1..100; where there is none, nothing is lost. */
export type PictureFormat =
  | { readonly type: 'png' }
  | { readonly type: 'jpeg'; readonly quality: number }
  | { readonly type: 'webp'; readonly quality?: number | undefined }
  | { readonly type: 'avif'; readonly quality: number }

const rectSchema = z.object({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) })

const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'bytes were expected')

const pixelsSchema = z
  .object({
    width: z.int().min(1).max(pictureLimits.side),
    height: z.int().min(1).max(pictureLimits.side),
    channels: z.union([z.literal(1), z.literal(3), z.literal(4)]),
    data: bytesSchema,
  })
  .refine(
    (p) => p.data.length === p.width * p.height * p.channels,
    'pixel data must hold width x height x channels bytes',
  )

/**
 * A picture that somebody hands in: the bytes of an image file (decoded by the engine), or pixels.
 *
 * The third kind stands only in recipes, so that a filled photo need not carry its original twice: the original is the part
 * `crop` of the very picture that carries the recipe, with the few pixels that were changed put back from `patch`.
 */
export const pictureInputSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), bytes: bytesSchema, name: z.string().optional() }),
  z.object({ kind: z.literal('pixels'), pixels: pixelsSchema }),
  z.object({
    kind: z.literal('carrier'),
    crop: rectSchema,
    patch: z.object({ x: z.int().min(0), y: z.int().min(0), bytes: bytesSchema }).nullable(),
    sha256: z.string(),
  }),
])

export type PictureInput = z.infer<typeof pictureInputSchema>
