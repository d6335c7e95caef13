/** What has to be known before the items are: pictures of the folder, the model, and what an earlier run of the batch has settled. */
import { mkdir, realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { BatchSpec } from '../shared/contract/batch.ts'
import type { EngineInfo } from '../shared/contract/engine-api.ts'
import { StudioError } from '../shared/contract/errors.ts'
import { writeFailure } from '../files/write-failure.ts'
import { type BatchFolder, type BatchHeader, findBatch, openBatch } from './batch-folder.ts'
import type { PlanContext } from './items.ts'
import type { BatchEngine } from './patient-engine.ts'
import { sourcePictures } from './pictures.ts'
import { batchId } from './spec.ts'

export interface Prepared {
  readonly header: BatchHeader
  readonly context: PlanContext
}

/** Changes nothing on the disk. @throws StudioError 'model-missing', 'file-not-found', 'bad-request', 'engine-lost' */
export async function prepareBatch(
  spec: BatchSpec,
  engine: Pick<BatchEngine, 'describe'>,
  today: Date = new Date(),
): Promise<Prepared & { readonly earlier: BatchFolder | undefined }> {
  await refuseOwnFolder(spec)
  const [pictures, info] = await Promise.all([sourcePictures(spec), engine.describe()])
  if (spec.source.kind === 'pictures' && pictures.length === 0)
    throw new StudioError('file-not-found', `There are no pictures in ${spec.source.folder}: name another folder.`)
  const id = batchId(spec)
  const earlier = await findBatch(spec.out, id)
  const header: BatchHeader = {
    version: 1,
    id,
    date: earlier?.header.date ?? dayOf(today),
    model: modelOf(spec, info, earlier),
    spec,
  }
  return { header, context: { model: header.model, date: header.date, pictures }, earlier }
}

/** Makes the folders, and begins the batch or finds it begun. @throws also 'write-failed' */
export async function beginBatch(spec: BatchSpec, engine: Pick<BatchEngine, 'describe'>) {
  const { header, context } = await prepareBatch(spec, engine)
  await mkdir(spec.out, { recursive: true }).catch((error: unknown) => {
    throw writeFailure(spec.out, error)
  })
  const folder = await openBatch(spec.out, header)
  return { folder, context: { ...context, date: folder.header.date, model: folder.header.model } }
}

/** The one that it was begun with, as the first of a folder of models may be another today. */
function modelOf(
  spec: BatchSpec,
  { models, broken }: EngineInfo,
  earlier: BatchFolder | undefined,
): BatchHeader['model'] {
  const wanted = spec.model ?? earlier?.header.model.id
  const found = wanted === undefined ? models[0] : models.find(({ id }) => id === wanted)
  if (found) return { id: found.id, sha256: found.sha256, size: found.defaults.size }
  const [suspect] = broken
  const there = models.map(({ id }) => id).join(', ')
  if (there === '' && suspect) throw new StudioError(suspect.error.code, suspect.error.message)
  throw new StudioError(
    'model-missing',
    there === ''
      ? 'There is no model: give the folder that holds them.'
      : `There is no model '${wanted}'. Choose one of: ${there}.`,
  )
}

async function refuseOwnFolder({ source, out }: BatchSpec): Promise<void> {
  if (source.kind === 'prompts') return
  const [from, to] = await Promise.all([source.folder, out].map((path) => realpath(path).catch(() => resolve(path))))
  if (from === to)
    throw new StudioError(
      'bad-request',
      `${out} is the folder that the pictures are in: choose another one for the results.`,
    )
}

/** By the clock on the wall. */
function dayOf(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
