/** What a layer remembers of how it was made, as far as the window shows it. Pictures are not part of a layer's recipe, and files
 * may hold anything: what cannot be read is left out. */
import { z } from 'zod'
import type { GenerationSettings } from '../studio/studio-state.ts'

const factsSchema = z.object({
  modelSha256: z.string().optional(),
  request: z.object({
    model: z.string().optional(),
    use: z.object({
      use: z.enum(['text', 'interpolate', 'gradient', 'regions', 'inpaint', 'outpaint', 'restyle', 'vary']),
      prompt: z.string(),
    }),
    negative: z.string().optional(),
    seed: z.int().optional(),
    sampling: z.object({ steps: z.int().optional(), guidance: z.number().optional() }).optional(),
  }),
})

export type RecipeFacts = z.infer<typeof factsSchema>['request']

/** Null where there is nothing to be read. */
export function recipeFacts(json: string): RecipeFacts | null {
  try {
    return factsSchema.parse(JSON.parse(json)).request
  } catch {
    return null
  }
}

/** To make another one like it: its seed is kept, so that it comes out the same until something is changed. */
export function settingsOf({ use, negative, seed, sampling }: RecipeFacts): Partial<GenerationSettings> {
  return {
    prompt: use.prompt,
    ...(negative === undefined ? {} : { negative }),
    ...(seed === undefined ? {} : { seed, seedLocked: true }),
    ...(sampling?.steps === undefined ? {} : { steps: sampling.steps }),
    ...(sampling?.guidance === undefined ? {} : { guidance: sampling.guidance }),
  }
}
