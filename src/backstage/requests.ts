/**
 * The door: what a page asks for, checked before anything is done. Texts and lists are bounded, numbers are whole and finite, paths
 * are absolute and end in what belongs there, so that a page that went wrong can neither fill memory nor write over other files.
 */
import { extname, isAbsolute } from 'node:path'
import { z } from 'zod'
import { limits } from '../document/limits.ts'
import { tileSide } from '../document/records.ts'
import { batchSpecSchema } from '../shared/contract/batch.ts'
import { StudioError } from '../shared/contract/errors.ts'
import { type GenerateRequest, resolvedRequestSchema } from '../shared/contract/request.ts'

const largestFile = 2 ** 30
/** Of one call: some hundred MB. */
const mostTiles = 4096
/** Pictures or jobs of one call. */
const mostIds = 100_000
/** Thumbnails of one call: some ten KB each. */
const mostThumbnails = 500
/** A step of the history, a recipe, settings: characters. */
const longest = {
  step: 2 ** 28,
  recipe: limits.recipe,
  settings: 2 ** 20,
  label: 1000,
  name: 1000,
  path: 4096,
  search: 1000,
} as const

const key = z.string().max(100)
const tileId = z.string().regex(/^[0-9a-f]{64}$/, 'is no name of a tile')
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'is not bytes')
const path = z
  .string()
  .max(longest.path)
  .refine((text) => isAbsolute(text) && !text.includes('\0'), 'is no whole path')
const tile = bytes.refine(
  ({ length }) => length === tileSide * tileSide || length === tileSide * tileSide * 4,
  `is no tile of ${tileSide} x ${tileSide} px`,
)
const source = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('path'), path }),
  z.strictObject({
    kind: z.literal('bytes'),
    name: z.string().max(longest.name),
    bytes: bytes.refine(({ length }) => length <= largestFile, 'is larger than 1 GB'),
  }),
])
const quality = z.int().min(1).max(100)
const format = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('png') }),
  z.strictObject({ type: z.literal('jpeg'), quality }),
  z.strictObject({ type: z.literal('webp'), quality: quality.optional() }),
  z.strictObject({ type: z.literal('avif'), quality }),
])
const px = z.int().min(0).max(limits.canvasSide)
const area = z.strictObject({ x: px, y: px, width: px.min(1), height: px.min(1) })
const stepId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'is no name of a step')
const byId = z.record(z.string(), z.record(z.string(), z.unknown()))
/** The form of a diff alone: whether it fits shows when it is replayed. */
export const diffSchema = z.strictObject({ added: byId, updated: byId, removed: byId })

const id = z.uuid()
const ids = z.array(id).max(mostIds)
const uses = z.enum(resolvedRequestSchema.shape.use.options.map(({ shape }) => shape.use.value))

/** Files of these endings, and no others, are written. */
const endings = {
  document: ['.ora'],
  png: ['.png'],
  jpeg: ['.jpg', '.jpeg'],
  webp: ['.webp'],
  gif: ['.gif'],
  avif: ['.avif'],
} as const
const isNamed = (path: string, kind: keyof typeof endings): boolean =>
  endings[kind].some((ending) => ending === extname(path).toLowerCase())

export const requests = {
  saveSettings: z.strictObject({ settings: z.unknown() }),
  newDocument: z.strictObject({ name: z.string().max(longest.name), snapshot: z.unknown() }),
  openFile: z.strictObject({ source }),
  lost: z.strictObject({ id: z.uuid() }),
  document: z.strictObject({ key }),
  putTiles: z.strictObject({ key, tiles: z.array(tile).max(mostTiles) }),
  getTiles: z.strictObject({ key, ids: z.array(tileId).max(mostTiles) }),
  append: z.strictObject({
    key,
    label: z.string().max(longest.label),
    diff: diffSchema,
  }),
  sweep: z.strictObject({ key, keep: z.array(tileId).max(2 ** 22) }),
  step: z.strictObject({ key, id: stepId }),
  writeStep: z.strictObject({ key, id: stepId, json: z.string().max(longest.step) }),
  importPicture: z.strictObject({ key, source }),
  readPictureFile: z.strictObject({ source }),
  writeAnimation: z.strictObject({
    path: path.refine((text) => isNamed(text, 'webp') || isNamed(text, 'gif'), 'ends neither in .webp nor in .gif'),
    bytes: bytes.refine(({ length }) => length <= largestFile, 'is larger than 1 GB'),
  }),
  save: z.strictObject({
    key,
    path: path.refine((text) => isNamed(text, 'document'), 'does not end in .ora'),
  }),
  exportPicture: z
    .strictObject({
      key,
      format,
      path: path.nullable(),
      area: area.nullable(),
      recipe: z.string().max(longest.recipe).nullable(),
    })
    .refine(({ path, format }) => path === null || isNamed(path, format.type), 'its name does not fit its format'),

  /** The request itself is checked by the queue, whose message names the field. */
  enqueue: z.strictObject({
    request: z.custom<GenerateRequest>((value) => typeof value === 'object' && value !== null, 'is no request'),
    title: z.string().max(longest.name),
    where: z.enum(['next', 'last']),
    options: z
      .strictObject({ previews: z.boolean().default(false), trajectory: z.boolean().default(false) })
      .optional(),
  }),
  byId: z.strictObject({ id }),
  byIds: z.strictObject({ ids }),
  cancelJob: z.strictObject({ id, keep: z.boolean() }),
  pause: z.strictObject({ paused: z.boolean() }),
  moveJob: z.strictObject({ id, before: id.nullable() }),

  listPictures: z.strictObject({
    filter: z.strictObject({ search: z.string().max(longest.search), starred: z.boolean(), use: uses.nullable() }),
    offset: z.int().min(0),
    limit: z.int().min(1).max(500),
  }),
  thumbnails: z.strictObject({ ids: ids.max(mostThumbnails) }),
  starPictures: z.strictObject({ ids, starred: z.boolean() }),
  copyPictures: z.strictObject({ ids, folder: path }),

  readRows: z.strictObject({ source }),
  batch: z.strictObject({ spec: batchSpecSchema.refine(({ out }) => isAbsolute(out), 'its folder is no whole path') }),
} as const

/** @throws StudioError 'bad-request' saying what is wrong */
export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const what = issue === undefined ? 'it' : `${issue.path.join('.') || 'it'}: ${issue.message}`
  throw new StudioError('bad-request', `The window asked for something that is not possible (${what}). Try again.`, {
    detail: parsed.error.message.slice(0, 2000),
  })
}

export const longestSettings = longest.settings
