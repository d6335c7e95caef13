/**
 * The safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes. Only the header is read here;
 * onnxruntime reads the weights from the file itself, by offset. Every number in the header is checked against the file's
 * size before anybody trusts it.
 */
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { StudioError } from '../../shared/contract/errors.ts'
import { byteLength, type DType, dtypeFromSafetensors, dtypes } from '../tensor/dtype.ts'
import { shown } from './byte-source.ts'
import { HeaderFault } from './header-json.ts'
import { type HeaderEntry, headerLength, parseHeader } from './safetensors-header.ts'
import { scaleKey, type StoredTensor, type TensorSource } from './stored-tensor.ts'

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
    const text = Buffer.alloc(headerLength(size, () => lead))
    await file.read(text, 0, text.length, 8)
    return placed(parseHeader(text, size), basename(path))
  } catch (error) {
    throw error instanceof HeaderFault ? broken(error.message) : error
  } finally {
    await file.close()
  }
}

function placed(entries: ReadonlyMap<string, HeaderEntry>, file: string): TensorSource {
  const tensors = new Map<string, StoredTensor>()
  for (const [key, { dtype: name, shape, offset, bytes }] of entries) {
    const dtype = dtypeFromSafetensors(name)
    if (!dtype) throw new HeaderFault(`${shown(key)} has the type ${name}, which is not supported`)
    tensors.set(key, { dtype, shape, place: { file, offset, bytes } })
  }
  for (const [key, tensor] of tensors) {
    const scale = tensors.get(scaleKey(key))
    if (tensor.dtype !== 'int8' || !scale || !isOfLastAxis(scale.shape, tensor.shape)) continue
    tensors.set(key, { ...tensor, shape: tensor.shape.toReversed(), reversed: true })
    tensors.set(scaleKey(key), { ...scale, shape: scale.shape.toReversed(), reversed: true })
  }
  return tensors
}

const isOfLastAxis = (scale: readonly number[], shape: readonly number[]): boolean =>
  shape.at(-1) !== 1 &&
  scale.length === shape.length &&
  scale.every((side, axis) => side === (axis === shape.length - 1 ? shape[axis] : 1))

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
