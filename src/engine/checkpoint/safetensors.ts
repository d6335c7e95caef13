/**
 * The safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes. Only the header is read here;
 * onnxruntime reads the weights from the file itself, by offset. Every number in the header is checked against the file's
 * size before anybody trusts it.
 */
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { StudioError } from '../../shared/contract/errors.ts'
import { byteLength, type DType, dtypeFromSafetensors, dtypes } from '../tensor/dtype.ts'
import type { StoredTensor, TensorSource } from './stored-tensor.ts'

const headerLimit = 64 * 1024 * 1024
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)).max(8),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
})

/**
 * The tensors of a file, as places in it (`place.file` is the file's base name: sessions are made in its folder).
 * @throws StudioError 'file-not-found' or 'model-broken'
 */
export async function readSafetensors(path: string): Promise<TensorSource> {
  const broken = (why: string): StudioError =>
    new StudioError('model-broken', `${path} is not a usable safetensors file: ${why}. Fetch or copy the file again.`)
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new StudioError('file-not-found', `Cannot open the weights ${path}. Check the path and the permissions.`, {
      cause,
    })
  })
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw broken('it is not a file')
    const { size } = stat
    const lead = Buffer.alloc(8)
    await file.read(lead, 0, 8, 0)
    const length = Number(lead.readBigUInt64LE())
    if (size < 8 || length > headerLimit || 8 + length > size) throw broken('its header does not fit into the file')
    const text = Buffer.alloc(length)
    await file.read(text, 0, length, 8)
    return parseHeader(text.toString('utf8'), basename(path), 8 + length, size, broken)
  } finally {
    await file.close()
  }
}

function parseHeader(
  text: string,
  file: string,
  start: number,
  size: number,
  broken: (why: string) => StudioError,
): TensorSource {
  const header = parseJson(text)
  if (!header) throw broken('its header is not a JSON object')
  const tensors = new Map<string, StoredTensor>()
  const spans: { readonly key: string; readonly from: number; readonly to: number }[] = []
  for (const [key, value] of Object.entries(header) as [string, unknown][]) {
    if (key === '__metadata__') continue
    const entry = entrySchema.safeParse(value)
    if (!entry.success) throw broken(`the entry ${key} is malformed`)
    const { shape } = entry.data
    const [from, to] = entry.data.data_offsets
    const dtype = dtypeFromSafetensors(entry.data.dtype)
    if (!dtype) throw broken(`${key} has the type ${entry.data.dtype}, which is not supported`)
    const bytes = byteLength(dtype, shape)
    if (to - from !== bytes || start + to > size)
      throw broken(`the bytes of ${key} do not match its shape or lie outside the file`)
    tensors.set(key, { dtype, shape, place: { file, offset: start + from, bytes } })
    spans.push({ key, from, to })
  }
  spans.sort((a, b) => a.from - b.from || a.to - b.to)
  for (const [index, { key, from }] of spans.entries()) {
    const before = spans[index - 1]
    if (before && before.to > from) throw broken(`the bytes of ${before.key} and ${key} overlap`)
  }
  return tensors
}

/** Every key counts, `__proto__` too, which zod's records would drop. */
function parseJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

export interface TensorToWrite {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: Uint8Array
}

/** The bytes before the tensors. Written in the given order; the data of each must follow in the same order. */
export function safetensorsHeader(tensors: ReadonlyMap<string, Pick<TensorToWrite, 'dtype' | 'shape'>>): Uint8Array {
  const header: Record<string, unknown> = {}
  let offset = 0
  for (const [key, { dtype, shape }] of tensors) {
    const bytes = byteLength(dtype, shape)
    header[key] = { dtype: dtypes[dtype].safetensors, shape, data_offsets: [offset, offset + bytes] }
    offset += bytes
  }
  const json = JSON.stringify(header)
  // Padded with spaces so that the tensors start on a multiple of 64: onnxruntime then maps them without a copy.
  const padded = Buffer.from(json.padEnd(Math.ceil((json.length + 8) / 64) * 64 - 8))
  const lead = Buffer.alloc(8)
  lead.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([lead, padded])
}
