/** What the store knows of a part: the weights of one network, beside which this lies as JSON. */
import { z } from 'zod'
import { networkIds } from './networks.ts'
import { precisions } from './precision.ts'

export const partIdPattern = /^[a-z0-9][a-z0-9.-]{0,79}$/

export const partSchema = z.object({
  format: z.literal(1),
  /** Also the base name of its two files. */
  id: z.string().regex(partIdPattern),
  network: z.enum(networkIds),
  /** Of a denoiser: the id of the model that it makes, once its other parts are there. */
  model: z.string().regex(partIdPattern).optional(),
  /** Base name of the file it came from, without its ending. */
  name: z.string().max(200),
  sizes: z.record(z.string(), z.unknown()),
  precision: z.enum(precisions),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Root of the mean square of what the precision cost, as a share of the weights'; and the tensor that lost most. */
  error: z.object({
    relative: z.number(),
    worst: z.object({ key: z.string(), relative: z.number() }).optional(),
  }),
  source: z.object({ name: z.string(), bytes: z.int(), sha256: z.string(), format: z.string() }),
  /** Tensors of the source that no network needs, and objects beside them. */
  passedOver: z.int(),
  ignored: z.array(z.string()),
  warnings: z.array(z.string()),
  importer: z.string(),
  /** ms since 1970. */
  imported: z.number(),
})

export type PartRecord = z.infer<typeof partSchema>
export type { NetworkId } from './networks.ts'
