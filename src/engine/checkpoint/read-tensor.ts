/** The numbers of a stored tensor, for the few that are wanted in memory; weights are read by onnxruntime itself. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '../../shared/contract/errors.ts'
import { byteLength } from '../tensor/dtype.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { turnRows } from './quantize.ts'
import type { StoredTensor } from './stored-tensor.ts'
import { toFloat32 } from './widen.ts'

/**
 * Floats come as float32, integers as int32, bytes and booleans as they are. A scale that belongs to an int8 weight is not
 * applied.
 * @param folder where the tensor's file lies
 * @throws StudioError 'file-not-found', 'file-unreadable' where the file has been cut, or 'model-broken' where an integer
 *   does not fit into 32 bits
 */
export async function readTensor(folder: string, stored: StoredTensor): Promise<Tensor> {
  const bytes = await readBytes(folder, stored)
  const { dtype, shape } = stored
  switch (dtype) {
    case 'uint8':
    case 'bool':
      return { dtype, shape, data: bytes }
    case 'int8':
      return { dtype: 'int32', shape, data: Int32Array.from(inOrder(new Int8Array(bytes.buffer), stored)) }
    case 'int32':
      return { dtype, shape, data: new Int32Array(bytes.buffer) }
    case 'int64':
      return { dtype: 'int32', shape, data: narrowed(new BigInt64Array(bytes.buffer)) }
    default:
      return { dtype: 'float32', shape, data: toFloat32(bytes, dtype) }
  }
}

/** A copy that owns its buffer, so that typed arrays may lie on it. */
async function readBytes(folder: string, { dtype, shape, place }: StoredTensor): Promise<Uint8Array<ArrayBuffer>> {
  if ('data' in place) return new Uint8Array(place.data)
  const path = join(folder, place.file)
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new StudioError('file-not-found', `Cannot open ${path}. Check the path and the permissions.`, { cause })
  })
  try {
    const bytes = new Uint8Array(byteLength(dtype, shape))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, place.offset)
    if (bytesRead === bytes.length) return bytes
    throw new StudioError('file-unreadable', `${path} ended too early while it was read. Fetch or copy the file again.`)
  } finally {
    await file.close()
  }
}

function inOrder(values: Int8Array, { reversed, shape: [rows = 1] }: StoredTensor): Int8Array {
  if (!reversed) return values
  const turned = new Int8Array(values.length)
  turnRows(values, rows, turned)
  return turned
}

function narrowed(values: BigInt64Array): Int32Array {
  return Int32Array.from(values, (value) => {
    const number = Number(value)
    if (number === (number | 0)) return number
    throw new StudioError('model-broken', `The integer ${value} does not fit into 32 bits. Fetch the file again.`)
  })
}
