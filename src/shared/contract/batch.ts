/**
 * A batch: many pictures into a folder, from a list of prompts or a folder of pictures. The specification is the same value for the
 * command line, the window and a queue of workers; from it and nothing else follow the items, their requests and their file names.
 */
import { z } from 'zod'
import { generateRequestSchema, samplingSchema } from './request.ts'

const path = z.string().min(1).max(4096)
const prompt = z.string().max(10_000)
const quality = z.int().min(1).max(100)

export const batchSpecSchema = z.object({
  version: z.literal(1),
  /** What is made: pictures of prompts, or one operation on each picture of a folder. */
  source: z.discriminatedUnion('kind', [
    /**
     * `rows`: what the lines of a txt, CSV or JSONL file say. Wildcards {a|b} and {2$$a|b|c} in prompts are chosen by the
     * item's seed. A row may set its own negative, seed, count, size, steps, guidance; what it leaves out is the batch's.
     */
    z.object({
      kind: z.literal('prompts'),
      rows: z
        .array(
          z.object({
            prompt,
            negative: prompt.optional(),
            seed: generateRequestSchema.shape.seed,
            count: z.int().min(1).max(10_000).optional(),
            width: z.int().min(8).max(4096).optional(),
            height: z.int().min(8).max(4096).optional(),
            steps: z.int().min(1).max(200).optional(),
            guidance: z.number().min(-1).max(50).optional(),
            /** Further columns, for the file name's template. */
            columns: z.record(z.string(), z.string()).optional(),
          }),
        )
        .min(1)
        .max(1_000_000),
    }),
    /**
     * Each picture under `folder`, `recursive` with its subfolders, whose tree is mirrored in the output. `masks`: a folder with
     * a mask of the same relative name (any picture ending) for 'inpaint'.
     */
    z.object({
      kind: z.literal('pictures'),
      folder: path,
      recursive: z.boolean(),
      masks: path.nullable(),
      operation: z.discriminatedUnion('use', [
        z.object({ use: z.literal('restyle'), prompt, strength: z.number().min(0).max(1) }),
        z.object({ use: z.literal('vary'), prompt, promptWeight: z.number().min(0).max(1) }),
        z.object({
          use: z.literal('inpaint'),
          prompt,
          feather: z.int().min(0).max(512),
          context: z.int().min(0).max(4096),
        }),
        z.object({
          use: z.literal('outpaint'),
          prompt,
          left: z.int().min(0).max(4096),
          right: z.int().min(0).max(4096),
          top: z.int().min(0).max(4096),
          bottom: z.int().min(0).max(4096),
          feather: z.int().min(0).max(512),
        }),
      ]),
    }),
  ]),
  model: z.string().max(200).nullable(),
  negative: prompt,
  /** Null: the model's own. */
  size: z.object({ width: z.int().min(8).max(4096), height: z.int().min(8).max(4096) }).nullable(),
  /** Every row or picture is made with each of these seeds: seed, seed + 1 ... */
  seed: z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER - 200_000),
  seeds: z.int().min(1).max(10_000),
  sampling: samplingSchema.partial(),
  out: path,
  /** File name without its ending, below `out`; '/' makes folders: '{prompt}-{seed}', '{folder}/{name}-{seed}', '{index:5}'. */
  name: z.string().min(1).max(500),
  format: z.discriminatedUnion('type', [
    z.object({ type: z.literal('png') }),
    z.object({ type: z.literal('jpeg'), quality }),
    z.object({ type: z.literal('webp'), quality: quality.optional() }),
    z.object({ type: z.literal('avif'), quality }),
  ]),
  /** Of files that are there and that no earlier run of this batch wrote. */
  existing: z.enum(['skip', 'suffix', 'replace']),
  /** Written into PNG files; without it they tell nobody how they were made (the manifest still does). */
  withRecipe: z.boolean(),
})

export type BatchSpec = z.infer<typeof batchSpecSchema>

/** What would be made, before anything is. */
export interface BatchPlan {
  readonly items: number
  /** File names of the first 20 items. */
  readonly names: readonly string[]
  /** The prompts they would have, wildcards chosen. */
  readonly prompts: readonly string[]
  /** Finished by an earlier run of the same batch in this folder. */
  readonly finished: number
  /** What stands in the way, or deserves a thought, in words. */
  readonly warnings: readonly string[]
}

export interface BatchProgress {
  readonly items: number
  readonly done: number
  readonly skipped: number
  readonly failed: number
  /** Of this run; null until the first picture. */
  readonly picturesAnHour: number | null
  /** In ms since 1970; null until the first picture. */
  readonly finishesAt: number | null
  /** Where the last file lies, and the last error. */
  readonly last: string | null
  readonly lastError: string | null
}
