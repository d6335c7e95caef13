/** What a layer remembers of how it was made, as far as the window shows it. Pictures are not part of a layer's recipe, and files
 * may hold anything: what cannot be read is left out. */
import { z } from 'zod'
import { samplingSchema } from '../../../shared/contract/request.ts'
import type { GenerationSettings } from '../studio/studio-state.ts'

const shownSampling = { steps: true, guidance: true, temperature: true, typicalMass: true, renoise: true } as const

const factsSchema = z.object({
  modelSha256: z.string().optional(),
  request: z.object({
    model: z.string().optional(),
    use: z.object({
      use: z.enum(['text', 'interpolate', 'gradient', 'regions', 'inpaint', 'outpaint', 'restyle', 'vary', 'mix']),
      prompt: z.string(),
      /** Of a run from one prompt to another. */
      to: z.string().optional(),
    }),
    negative: z.string().optional(),
    seed: z.int().optional(),
    sampling: samplingSchema.pick(shownSampling).partial().optional(),
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
  const { steps, guidance, temperature, typicalMass, renoise } = sampling ?? {}
  return {
    prompt: use.prompt,
    ...(negative === undefined ? {} : { negative }),
    ...(seed === undefined ? {} : { seed, seedLocked: true }),
    ...(use.to === undefined ? {} : { promptTo: use.to }),
    ...(steps === undefined ? {} : { steps }),
    ...(guidance === undefined ? {} : { guidance }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(typicalMass === undefined ? {} : { typicalMass }),
    ...(renoise === undefined ? {} : { renoise }),
  }
}
