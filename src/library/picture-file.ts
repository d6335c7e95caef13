/**
 * A picture of the gallery as a file: a PNG with its recipe, and with a mark that tells which picture of which job it is, so that
 * the index can be built anew and nothing is made twice.
 */
import { join } from 'node:path'
import { atomicSave } from '../files/atomic-save.ts'
import { makeFolderForGood, type Storage } from '../files/storage.ts'
import { writeFailure } from '../files/write-failure.ts'
import { insertChunks } from '../raster/png-chunks.ts'
import { extractRecipe } from '../raster/png-recipe.ts'
import { readText, textChunk } from '../raster/png-text.ts'
import type { PictureId } from '../shared/contract/gallery-api.ts'
import type { JobId } from '../shared/contract/queue-api.ts'
import type { Recipe } from '../shared/contract/recipe.ts'

/** Which picture a file is. */
export interface PictureMark {
  readonly id: PictureId
  readonly job: JobId
  /** Of the job's pictures, from 0 on. */
  readonly place: number
}

export interface PictureFacts {
  readonly width: number
  readonly height: number
  readonly recipe: Recipe
  /** Undefined for a file of ours that was not made by the queue. */
  readonly mark: PictureMark | undefined
}

const keyword = 'paella-picture'
const markPattern = /^(?<id>[0-9a-f-]{36}) (?<job>[0-9a-f-]{36}) (?<place>\d{1,6})$/
/** Characters of the prompt that the name begins with. */
const nameLength = 48

export function withMark(png: Uint8Array, { id, job, place }: PictureMark): Uint8Array {
  return insertChunks(png, [textChunk(keyword, `${id} ${job} ${place}`)])
}

/** @throws StudioError 'not-a-picture', 'no-recipe' for what is no picture of ours */
export function readFacts(png: Uint8Array): PictureFacts | undefined {
  const recipe = extractRecipe(png)
  if (recipe === undefined) return undefined
  const found = markPattern.exec(readText(png, keyword) ?? '')?.groups
  const { id, job, place } = found ?? {}
  // IHDR is the first chunk of any PNG: 8 bytes of signature, 8 of length and type, then width and height.
  const header = new DataView(png.buffer, png.byteOffset + 16, 8)
  return {
    width: header.getUint32(0),
    height: header.getUint32(4),
    recipe,
    mark: id !== undefined && job !== undefined ? { id, job, place: Number(place) } : undefined,
  }
}

/**
 * Writes it whole into the day's folder and returns the path.
 *
 * @throws StudioError 'write-failed'
 */
export async function savePicture(storage: Storage, folder: string, png: Uint8Array, recipe: Recipe): Promise<string> {
  const day = join(folder, dayOf(new Date()))
  const { use, seed } = recipe.request
  const path = join(day, `${fileName(use.prompt) || use.use}-${seed}.png`)
  try {
    await makeFolderForGood(storage, day)
  } catch (error) {
    throw writeFailure(path, error)
  }
  return (await atomicSave(storage, path, [png], { ifTaken: 'number', estimate: png.length })).path
}

/** As a clock on the wall says it: YYYY-MM-DD. */
function dayOf(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
}

/** Letters and numbers of any language, at most 120 bytes of them. */
function fileName(prompt: string): string {
  const words = prompt.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  let name = Array.from(words.join('-')).slice(0, nameLength).join('')
  while (Buffer.byteLength(name) > 120) name = Array.from(name).slice(0, -1).join('')
  return name.replace(/-$/, '')
}
