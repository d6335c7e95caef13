/**
 * A golden: a folder with golden.json (what it is and how it was configured), weights.safetensors (or another file that
 * golden.json names) and io.safetensors, the inputs and outputs of the authors' PyTorch code.
 */
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { StudioError } from '../../shared/contract/errors.ts'
import { readTensor } from '../checkpoint/read-tensor.ts'
import { readSafetensors } from '../checkpoint/safetensors.ts'
import type { TensorSource } from '../checkpoint/stored-tensor.ts'
import { int32, type Tensor } from '../tensor/tensor.ts'

const headSchema = z.looseObject({
  name: z.string().optional(),
  config: z.record(z.string(), z.unknown()),
  weights: z.string().optional(),
})
export type GoldenHead = z.infer<typeof headSchema>

export interface Golden {
  readonly folder: string
  /** Execution provider that it is checked on. */
  readonly device: string
  readonly name: string
  /** All of golden.json. */
  readonly head: GoldenHead
  readonly io: TensorSource
  readonly weights: TensorSource
  readonly weightsFolder: string
  /** Floats of `io`. @throws StudioError 'golden-broken' where they are missing, of another type or of another rank */
  floats(key: string, rank: number): Promise<Tensor>
  /** Integers or bytes of `io` as int32; throws as `floats` does. */
  ints(key: string, rank: number): Promise<Tensor>
}

/** @throws StudioError 'golden-broken', or 'file-not-found' where one of its files is missing */
export async function readGolden(folder: string, device: string): Promise<Golden> {
  const head = await readHead(folder)
  const weightsPath = resolve(folder, head.weights ?? 'weights.safetensors')
  const io = await readTensors(join(folder, 'io.safetensors'))
  const weights = await readTensors(weightsPath)
  const read = async (key: string, rank: number): Promise<Tensor> => {
    const stored = io.get(key)
    if (stored?.shape.length !== rank)
      throw goldenBroken(folder, `io.safetensors has no ${key} of ${rank} ${rank === 1 ? 'axis' : 'axes'}`)
    return readTensor(folder, stored)
  }
  return {
    folder,
    device,
    name: head.name ?? basename(resolve(folder)),
    head,
    io,
    weights,
    weightsFolder: dirname(weightsPath),
    async floats(key, rank) {
      const tensor = await read(key, rank)
      if (tensor.dtype === 'float32') return tensor
      throw goldenBroken(folder, `${key} should hold floats, not ${tensor.dtype}`)
    },
    async ints(key, rank) {
      const { data, shape } = await read(key, rank)
      if (data instanceof Int32Array) return int32(data, shape)
      if (data instanceof Uint8Array) return int32(Int32Array.from(data), shape)
      throw goldenBroken(folder, `${key} should hold integers, not floats`)
    },
  }
}

export function goldenBroken(folder: string, why: string, cause?: unknown): StudioError {
  return new StudioError('golden-broken', `The golden ${folder} cannot be used: ${why}. Copy or make it again.`, {
    cause,
  })
}

/** What is wrong with golden.json, as its checker sees it. */
export function parseHead<T>(golden: Golden, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(golden.head)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw goldenBroken(golden.folder, `golden.json, ${issue?.path.join('.')}: ${issue?.message}`)
}

async function readHead(folder: string): Promise<GoldenHead> {
  const path = join(folder, 'golden.json')
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new StudioError('file-not-found', `There is no ${path}: name the folder of a golden.`, { cause })
  })
  try {
    return headSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw goldenBroken(folder, 'golden.json is not JSON with a config', cause)
  }
}

async function readTensors(path: string): Promise<TensorSource> {
  return readSafetensors(path).catch((error: unknown) => {
    if (!(error instanceof StudioError) || error.code !== 'model-broken') throw error
    throw goldenBroken(dirname(path), `${basename(path)} is damaged`, error)
  })
}
