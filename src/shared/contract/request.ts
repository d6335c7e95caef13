/**
 * The one complete, serialisable value that says what picture to make. It is the body that crosses processes, the line of
 * a job file, the fixture of a test, and (pictures taken out, see recipe.ts) what every PNG carries.
 *
 * Optional fields are filled from the model's own defaults when the engine resolves a request; a resolved request has no
 * gaps, so that it means the same on any machine and under any later default.
 */
import { z } from 'zod'
import { pictureInputSchema } from './picture.ts'
import { packedGridSchema } from './token-grid.ts'

const prompt = z.string().max(10_000)
const pixelsAcross = z.int().min(8).max(4096)
const border = z.int().min(0).max(4096)
const fraction = z.number().min(0).max(1)
const area = z.object({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) })

/** How tokens are drawn: the numbers of paella.md, section 2. */
export const samplingSchema = z.object({
  /** Network evaluations, 1..200. */
  steps: z.int().min(1).max(200),
  /** logits = lerp(unconditional, conditional, guidance); 1 uses the prompt alone, below 0 runs the prompt alone (one pass). */
  guidance: z.number().min(-1).max(50),
  /** Temperature of the first and the last step; 0 takes the likeliest token. */
  temperature: z.tuple([z.number().min(0).max(10), z.number().min(0).max(10)]),
  /** Mass of the typical filter; null switches it off. */
  typicalMass: fraction.nullable(),
  typicalMinTokens: z.int().min(1).max(8192),
  /** What a re-noised cell becomes: its cell of the start, what it was before the step, or a fresh random token. */
  renoise: z.enum(['start', 'prev', 'rand']),
  /** Steps after which noise is put back; null = all but the last. */
  renoiseSteps: z.int().min(0).max(200).nullable(),
  /** The picture as it stood after so many of the steps: what a run that was stopped had reached. None, or null: all of them. */
  stopAfter: z.int().min(1).max(200).nullish(),
  /** Inverse CDF takes one uniform a token, Gumbel-max one a token and code (slower, as the notebook does). */
  draw: z.enum(['inverse-cdf', 'gumbel-max']),
})

const useSchema = z.discriminatedUnion('use', [
  z.object({ use: z.literal('text'), prompt }),
  /** `frames` pictures between two prompts, all from the same random draws. */
  z.object({
    use: z.literal('interpolate'),
    prompt,
    to: prompt,
    frames: z.int().min(2).max(1000),
    path: z.enum(['lerp', 'slerp']),
    /** Only this one of the frames, 0..frames - 1: how a single frame is made again. */
    frame: z.int().min(0).max(999).optional(),
  }),
  /** A gradient from one prompt to another across the picture. */
  z.object({ use: z.literal('gradient'), prompt, to: prompt, direction: z.enum(['horizontal', 'vertical']) }),
  /**
   * Rectangles in pixels of the picture, each with a prompt; `prompt` rules the rest; later regions lie on top. A region with a
   * mask (of the picture's size, or scaled to it) has each cell by the mask's mean there, 0 = not at all, 255 = alone; soft masks mix prompts.
   */
  z.object({
    use: z.literal('regions'),
    prompt,
    regions: z
      .array(
        z.object({
          x: z.int().min(0),
          y: z.int().min(0),
          width: z.int().min(1),
          height: z.int().min(1),
          prompt,
          mask: pictureInputSchema.optional(),
        }),
      )
      .min(1)
      .max(64),
  }),
  /**
   * Regenerate where `mask` is light (0 = keep, 255 = replace). `feather`: px over which the edge blends, inside the mask.
   * `context`: px of the picture around the mask that the network sees.
   * `chance`: a cell is drawn anew with the probability that the mask's mean has there, by the seed: 20 % grey re-rolls 20 %.
   * `known`: the tokens that the picture was decoded from, and the px of it that they cover. Where the whole mask lies inside,
   * the frame is that area and no cell outside of the mask has another token afterwards.
   */
  z.object({
    use: z.literal('inpaint'),
    prompt,
    image: pictureInputSchema,
    mask: pictureInputSchema,
    feather: z.int().min(0).max(512),
    context: z.int().min(0).max(4096),
    chance: z.boolean().optional(),
    known: z.object({ area, grid: packedGridSchema }).optional(),
  }),
  /** Extend a picture by so many px on each side. `feather`: px of the old picture that blend into the new part. */
  z.object({
    use: z.literal('outpaint'),
    prompt,
    image: pictureInputSchema,
    left: border,
    right: border,
    top: border,
    bottom: border,
    feather: z.int().min(0).max(512),
    context: z.int().min(0).max(4096),
  }),
  /** Structural morphing: noise the picture's tokens to 1 - strength of the way and sample on from there. */
  z.object({ use: z.literal('restyle'), prompt, image: pictureInputSchema, strength: fraction }),
  /** CLIP's image features as the condition, mixed with a prompt's by `promptWeight` (0 = picture alone). */
  z.object({ use: z.literal('vary'), prompt, image: pictureInputSchema, promptWeight: fraction }),
  /**
   * Two pictures of one grid put together: `other` where the mask is light, `base` elsewhere; cells within `seam` of the border
   * between them are drawn anew (0 = none are). The mask has the picture's size, or is scaled to it.
   */
  z.object({
    use: z.literal('mix'),
    prompt,
    base: packedGridSchema,
    other: packedGridSchema,
    mask: pictureInputSchema,
    seam: z.int().min(0).max(64),
  }),
])

const sharedFields = {
  /** A model's id, as `describe()` lists it. */
  model: z.string().min(1).max(200),
  negative: prompt,
  /** Size in px; rounded up to the token grid. Ignored by inpaint, outpaint and mix, which keep the picture's own. */
  size: z.object({ width: pixelsAcross, height: pixelsAcross }),
  /**
   * Goes on from where another run stood: `tokens` is what step `step` chose, `fed` what that step was given (needed by renoise
   * 'prev' alone). At the last step nothing is sampled any more: the very picture again, on any machine. Only for a request that
   * makes one picture.
   */
  resume: z
    .object({ step: z.int().min(1).max(200), tokens: packedGridSchema, fed: packedGridSchema.optional() })
    .optional(),
  /** Picture i of a request is drawn from seed + i. */
  seed: z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER - 100_000),
  count: z.int().min(1).max(10_000),
}

/** What a caller sends. */
export const generateRequestSchema = z.object({
  version: z.literal(1),
  model: sharedFields.model.optional(),
  use: useSchema,
  negative: sharedFields.negative.optional(),
  size: sharedFields.size.optional(),
  seed: sharedFields.seed.optional(),
  count: sharedFields.count.optional(),
  sampling: samplingSchema.partial().optional(),
  resume: sharedFields.resume,
})

/** What the engine works on, and what a picture remembers. */
export const resolvedRequestSchema = z.object({
  version: z.literal(1),
  ...sharedFields,
  use: useSchema,
  sampling: samplingSchema,
})

export type Sampling = z.infer<typeof samplingSchema>
export type Use = z.infer<typeof useSchema>
export type GenerateRequest = z.infer<typeof generateRequestSchema>
export type ResolvedRequest = z.infer<typeof resolvedRequestSchema>
