/**
 * A batch as it is put together in the window: every field of both sources at once, so that going from one to the other loses
 * nothing; and the specification that follows from it.
 */
import { z } from 'zod'
import type { BatchSpec } from '../../../shared/contract/batch.ts'

export type PromptRows = Extract<BatchSpec['source'], { kind: 'prompts' }>['rows']

/** Longer lists of prompts are not remembered from one start to the next: they are files. */
const longestRemembered = 20_000

const px = z.int().min(0).max(4096)
const fraction = z.number().min(0).max(1)
const path = z.string().max(4096)

export const usualNames = { prompts: '{prompt}-{seed}', pictures: '{folder}/{name}-{seed}' } as const

/** Each field that cannot be read is as if it had not been chosen. */
export const batchDraftSchema = z.object({
  kind: z.enum(['prompts', 'pictures']).catch('prompts'),
  /** One prompt a line. */
  text: z.string().max(longestRemembered).catch(''),
  folder: path.catch(''),
  recursive: z.boolean().catch(true),
  masks: path.catch(''),
  use: z.enum(['restyle', 'vary', 'inpaint', 'outpaint']).catch('restyle'),
  prompt: z.string().max(10_000).catch(''),
  strength: fraction.catch(0.5),
  promptWeight: fraction.catch(0.5),
  feather: z.int().min(0).max(512).catch(16),
  context: px.catch(64),
  border: z.object({ left: px, right: px, top: px, bottom: px }).catch({ left: 64, right: 64, top: 64, bottom: 64 }),
  negative: z.string().max(10_000).catch(''),
  /** Null: the model's own. */
  size: z
    .object({ width: z.int().min(8).max(4096), height: z.int().min(8).max(4096) })
    .nullable()
    .catch(null),
  seed: z.int().min(0).max(4_294_967_295).catch(0),
  seeds: z.int().min(1).max(10_000).catch(1),
  steps: z.int().min(1).max(200).nullable().catch(null),
  guidance: z.number().min(-1).max(50).nullable().catch(null),
  out: path.catch(''),
  name: z.string().max(500).catch(usualNames.prompts),
  type: z.enum(['png', 'jpeg', 'webp', 'avif']).catch('png'),
  quality: z.int().min(1).max(100).catch(90),
  /** Of WebP. */
  lossless: z.boolean().catch(false),
  existing: z.enum(['skip', 'suffix', 'replace']).catch('skip'),
  withRecipe: z.boolean().catch(true),
})

export type BatchDraft = z.infer<typeof batchDraftSchema>

export const firstDraft: BatchDraft = batchDraftSchema.parse({})

/** With the names that are usual there, unless somebody chose others. */
export function withKind(draft: BatchDraft, kind: BatchDraft['kind']): Pick<BatchDraft, 'kind' | 'name'> {
  return { kind, name: draft.name === usualNames[draft.kind] ? usualNames[kind] : draft.name }
}

/** As it is remembered. */
export const remembered = (draft: BatchDraft): BatchDraft =>
  draft.text.length > longestRemembered ? { ...draft, text: '' } : draft

/** What is still missing before anything can be planned; null where nothing is. */
export function missingOf(draft: BatchDraft, rows: number): 'prompts' | 'folder' | 'masks' | 'out' | 'name' | null {
  if (draft.kind === 'prompts' && rows === 0) return 'prompts'
  if (draft.kind === 'pictures' && draft.folder.trim() === '') return 'folder'
  if (draft.kind === 'pictures' && draft.use === 'inpaint' && draft.masks.trim() === '') return 'masks'
  if (draft.out.trim() === '') return 'out'
  return draft.name.trim() === '' ? 'name' : null
}

/** @param rows of the prompts; unused for a folder of pictures */
export function specOf(draft: BatchDraft, rows: PromptRows, model: string | null): BatchSpec {
  return {
    version: 1,
    source: draft.kind === 'prompts' ? { kind: 'prompts', rows } : picturesOf(draft),
    model,
    negative: draft.negative,
    size: draft.kind === 'prompts' ? draft.size : null,
    seed: draft.seed,
    seeds: draft.seeds,
    sampling: {
      ...(draft.steps === null ? {} : { steps: draft.steps }),
      ...(draft.guidance === null ? {} : { guidance: draft.guidance }),
    },
    out: draft.out.trim(),
    name: draft.name.trim(),
    format: formatOf(draft),
    existing: draft.existing,
    withRecipe: draft.withRecipe,
  }
}

function picturesOf(draft: BatchDraft): BatchSpec['source'] {
  const { recursive, use, prompt, strength, promptWeight, feather, context, border } = draft
  const operations = {
    restyle: { use: 'restyle', prompt, strength },
    vary: { use: 'vary', prompt, promptWeight },
    inpaint: { use: 'inpaint', prompt, feather, context },
    outpaint: { use: 'outpaint', prompt, ...border, feather },
  } as const
  const masks = use === 'inpaint' ? draft.masks.trim() : null
  return { kind: 'pictures', folder: draft.folder.trim(), recursive, masks, operation: operations[use] }
}

function formatOf({ type, quality, lossless }: BatchDraft): BatchSpec['format'] {
  if (type === 'png') return { type }
  return type === 'webp' && lossless ? { type } : { type, quality }
}
