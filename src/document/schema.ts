/**
 * What one record must look like, whether it comes from a file or from an edit: its fields, their ranges and limits. What
 * records must be to each other is in invariants.ts. Costs under 0.5 us a tile.
 */
import { z } from 'zod'
import { limits } from './limits.ts'
import { isOrderKey } from './order.ts'
import { blendModes, type DocumentRecord, type Surface } from './records.ts'

/** Begins with a letter or digit and is no name that every object has, so that ids are safe as keys. */
const id = z
  .string()
  .max(limits.id)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/)
  .refine((text) => !(text in {}), 'is a name that every object has')
const layerId = id.refine((text) => text !== 'canvas', "is the canvas's")

const tiles = z.custom<Surface['tiles']>(isTiles, 'are not at most 65,536 tiles named by SHA-256')
const colour = z.strictObject({ channels: z.literal(4), tiles })
const coverage = z.strictObject({ channels: z.literal(1), tiles })

const common = {
  id: layerId,
  parent: layerId.nullable(),
  order: z.string().max(limits.order).refine(isOrderKey, 'is no order key'),
  name: z.string().max(limits.name),
  visible: z.boolean(),
  locked: z.boolean(),
  opacity: z.number().min(0).max(1),
  blendMode: z.enum(blendModes),
  mask: z.strictObject({ surface: coverage, enabled: z.boolean() }).nullable(),
}

const area = z.strictObject({
  x: z.int().min(-limits.frameSide).max(limits.frameSide),
  y: z.int().min(-limits.frameSide).max(limits.frameSide),
  width: z.int().min(1).max(limits.frameSide),
  height: z.int().min(1).max(limits.frameSide),
})
const base64 = z
  .string()
  .max(limits.codes)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/, 'is not base64')
const cells = z.int().min(1).max(limits.gridSide)
const candidate = z.strictObject({
  surface: colour,
  recipe: z.string().max(limits.recipe),
  grid: z.strictObject({ width: cells, height: cells, codes: base64 }),
  confidence: base64,
  pictureId: z.string().max(limits.id).nullable(),
})
const generated = z
  .strictObject({
    rect: area,
    area,
    candidates: z.record(z.string().regex(/^(0|[1-9]\d?)$/), candidate),
    chosen: z.string(),
    intact: z.boolean(),
  })
  .refine(({ candidates, chosen }) => Object.hasOwn(candidates, chosen), 'has not the candidate that it shows')

const side = (most: number) => z.int().min(1).max(most)
const corner = z.int().min(-limits.frameSide).max(limits.frameSide)

export const recordSchema: z.ZodType<DocumentRecord> = z.discriminatedUnion('kind', [
  z.strictObject({
    id: z.literal('canvas'),
    kind: z.literal('canvas'),
    width: side(limits.canvasSide),
    height: side(limits.canvasSide),
    frame: z.strictObject({ x: corner, y: corner, width: side(limits.frameSide), height: side(limits.frameSide) }),
    selection: coverage.nullable(),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('raster'),
    surface: colour,
    recipe: z.string().max(limits.recipe).nullable(),
    generated: generated.nullable(),
  }),
  z.strictObject({ ...common, kind: z.literal('group'), isolated: z.boolean() }),
  z.strictObject({ ...common, kind: z.literal('mask'), surface: coverage, prompt: z.string().max(limits.prompt) }),
])

/** What is wrong with a record, in one line; undefined where nothing is. */
export function recordFault(record: unknown): string | undefined {
  const issue = recordSchema.safeParse(record).error?.issues[0]
  return issue && `${issue.path.join('.') || 'the record'}: ${issue.message}`
}

/** By hand: a surface has thousands of tiles, and zod's own records pass over a key '__proto__'. */
function isTiles(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const entries = Object.entries(value)
  return entries.length <= limits.tiles && entries.every(([key, id]) => isTileKey(key) && isTileId(id))
}

function isTileKey(key: string): boolean {
  const [, column, row] = /^(0|-?[1-9]\d{0,4}),(0|-?[1-9]\d{0,4})$/.exec(key) ?? []
  return Math.abs(Number(column)) <= limits.tileIndex && Math.abs(Number(row)) <= limits.tileIndex
}

const isTileId = (id: unknown): boolean => typeof id === 'string' && /^[0-9a-f]{64}$/.test(id)
