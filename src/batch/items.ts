/**
 * The items of a batch: which pictures are made, in which order, under which names. They follow from the specification, the
 * pictures in its folder, the model and the day on which it was begun, and from nothing else; a shard takes every n-th.
 */
import { hash } from 'node:crypto'
import { posix } from 'node:path'
import type { BatchSpec } from '../shared/contract/batch.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { PictureInput } from '../shared/contract/picture.ts'
import type { GenerateRequest, Use } from '../shared/contract/request.ts'
import type { Size } from '../shared/geometry/rect.ts'
import { type NameTemplate, nameTemplate } from './name-template.ts'
import type { SourcePicture } from './pictures.ts'
import type { BatchRow } from './read-rows.ts'
import { oneShard, type Shard } from './shard.ts'
import { endingOf, settingsText } from './spec.ts'
import { UniqueNames } from './unique-names.ts'
import { chooseWildcards } from './wildcards.ts'

/** Plain data, as it also lies in a queue for workers. */
export interface BatchItem {
  /** The same in every run of the batch. */
  readonly id: string
  /** From 0, of all items. */
  readonly index: number
  /** From 1. */
  readonly row: number
  readonly seed: number
  /** Wildcards chosen. */
  readonly prompt: string
  readonly negative: string
  /** What the row asks for, or the batch; null = the model's own, or the picture's. */
  readonly size: Size | null
  readonly steps?: number
  readonly guidance?: number
  /** Below the batch's folder, '/' between its parts. */
  readonly file: string
  /** Paths below the folders of pictures and masks. */
  readonly picture: { readonly path: string; readonly mask: string | null } | null
}

/** What items depend on besides the specification. */
export interface PlanContext {
  readonly model: { readonly id: string; readonly size: Size }
  /** YYYY-MM-DD */
  readonly date: string
  /** Of a folder; empty for a list of prompts. */
  readonly pictures: readonly SourcePicture[]
}

/** Names of all items are compared, in memory. */
export const mostItems = 2_000_000

/** Around a picture that is extended, px that the network sees. */
const outpaintContext = 64

/** @throws StudioError 'bad-request' where there are more than can be planned */
export function countItems(spec: BatchSpec, pictures: readonly SourcePicture[], shard: Shard = oneShard): number {
  const all = spec.source.kind === 'prompts' ? countOfRows(spec, spec.source.rows) : pictures.length * spec.seeds
  if (all > mostItems)
    throw new StudioError('bad-request', `${all} pictures are more than one batch takes (${mostItems}): split it.`)
  return Math.max(0, Math.ceil((all - (shard.index - 1)) / shard.of))
}

function countOfRows(spec: BatchSpec, rows: readonly BatchRow[]): number {
  return rows.reduce((sum, { count }) => sum + (count ?? spec.seeds), 0)
}

/** In order; one after the other, so that a million take no more memory than their names. */
export function* planItems(spec: BatchSpec, context: PlanContext, shard: Shard = oneShard): Generator<BatchItem> {
  const name = nameTemplate(spec.name, needsOf(spec))
  const ending = endingOf(spec)
  const names = new UniqueNames()
  const settings = hash('sha256', settingsText(spec) + context.model.id)
  let index = 0
  for (const { draft, columns } of drafts(spec, context)) {
    const file = `${names.take(nameOf(name, spec, context, { draft, columns }, index))}${ending}`
    if (index % shard.of === shard.index - 1) yield identified(settings, { ...draft, index, file })
    index += 1
  }
}

/** An item before it has a name, and what its name may want besides. */
interface Draft {
  readonly draft: Omit<BatchItem, 'id' | 'index' | 'file'>
  readonly columns: Readonly<Record<string, string>>
}

function* drafts(spec: BatchSpec, { pictures }: PlanContext): Generator<Draft> {
  if (spec.source.kind === 'prompts') {
    for (const [index, row] of spec.source.rows.entries()) yield* draftsOfRow(spec, row, index + 1)
    return
  }
  const { prompt, use } = spec.source.operation
  const size = keepsSize(use) ? null : spec.size
  for (const [index, { path, mask }] of pictures.entries()) {
    for (let i = 0; i < spec.seeds; i++) {
      const seed = spec.seed + i
      const draft = { row: index + 1, seed, ...texts(prompt, spec.negative, seed), size, picture: { path, mask } }
      yield { draft, columns: {} }
    }
  }
}

function* draftsOfRow(spec: BatchSpec, row: BatchRow, number: number): Generator<Draft> {
  const first = row.seed ?? spec.seed
  const size = sizeOf(spec, row)
  for (let i = 0; i < (row.count ?? spec.seeds); i++) {
    const seed = first + i
    const draft = {
      row: number,
      seed,
      ...texts(row.prompt, row.negative ?? spec.negative, seed),
      size,
      ...(row.steps === undefined ? {} : { steps: row.steps }),
      ...(row.guidance === undefined ? {} : { guidance: row.guidance }),
      picture: null,
    }
    yield { draft, columns: row.columns ?? {} }
  }
}

/** A row that names one side alone has the other from the batch; without that it is square. */
function sizeOf(spec: BatchSpec, { width, height }: BatchRow): Size | null {
  if (width === undefined && height === undefined) return spec.size
  const side = width ?? height ?? 0
  return { width: width ?? spec.size?.width ?? side, height: height ?? spec.size?.height ?? side }
}

function texts(prompt: string, negative: string, seed: number) {
  return { prompt: chooseWildcards(prompt, seed), negative: chooseWildcards(negative, seed) }
}

const keepsSize = (use: string): boolean => use === 'inpaint' || use === 'outpaint'

function needsOf({ source }: BatchSpec) {
  if (source.kind === 'pictures')
    return { hasSize: !keepsSize(source.operation.use), hasPicture: true, columns: new Set<string>() }
  const columns = new Set<string>()
  for (const row of source.rows) for (const column in row.columns) columns.add(column)
  return { hasSize: true, hasPicture: false, columns }
}

function nameOf(
  name: NameTemplate,
  spec: BatchSpec,
  context: PlanContext,
  { draft, columns }: Draft,
  index: number,
): string {
  const { picture, prompt, seed, row } = draft
  return name({
    prompt,
    seed,
    row,
    index: index + 1,
    date: context.date,
    model: context.model.id,
    use: useOf(spec),
    size: draft.size ?? context.model.size,
    picture: picture === null ? null : pictureName(picture.path),
    columns,
  })
}

function pictureName(path: string) {
  const folder = posix.dirname(path)
  return { name: posix.basename(path, posix.extname(path)), folder: folder === '.' ? '' : folder }
}

/** The file's name is part of it: two rows that say the same are two pictures. */
function identified(settings: string, item: Omit<BatchItem, 'id'>): BatchItem {
  const { prompt, negative, seed, size, steps, guidance, picture, file } = item
  const own = JSON.stringify([prompt, negative, seed, size, steps, guidance, picture?.path, file])
  return { id: hash('sha256', settings + own).slice(0, 24), ...item }
}

export function useOf({ source }: Pick<BatchSpec, 'source'>): Use['use'] {
  return source.kind === 'prompts' ? 'text' : source.operation.use
}

/** The request of an item; `inputs` are the bytes of its picture and mask. */
export function requestOf(
  spec: BatchSpec,
  item: BatchItem,
  model: string,
  inputs: { readonly image?: PictureInput; readonly mask?: PictureInput },
): GenerateRequest {
  const { steps, guidance } = item
  const own = { ...(steps === undefined ? {} : { steps }), ...(guidance === undefined ? {} : { guidance }) }
  return {
    version: 1,
    model,
    use: makeUse(spec, item.prompt, inputs),
    seed: item.seed,
    count: 1,
    sampling: { ...spec.sampling, ...own },
    ...(item.negative === '' ? {} : { negative: item.negative }),
    ...(item.size === null ? {} : { size: item.size }),
  }
}

function makeUse(
  { source }: BatchSpec,
  prompt: string,
  { image, mask }: { readonly image?: PictureInput; readonly mask?: PictureInput },
): Use {
  if (source.kind === 'prompts') return { use: 'text', prompt }
  const { operation } = source
  if (image === undefined) throw new Error('an item of a folder has a picture')
  switch (operation.use) {
    case 'restyle':
    case 'vary':
      return { ...operation, prompt, image }
    case 'outpaint':
      return { ...operation, prompt, image, context: outpaintContext }
    case 'inpaint':
      if (mask === undefined)
        throw new StudioError('file-not-found', 'There is no mask of the same name for this picture.')
      return { ...operation, prompt, image, mask }
  }
}
