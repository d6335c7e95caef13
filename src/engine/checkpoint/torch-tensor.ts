/** The numbers of a window on a storage, in the order of its shape, whatever its strides are. */
import { elementCount } from '../tensor/dtype.ts'
import { type SourceTensor, sourceBytes } from './source-tensor.ts'
import type { TorchTensor } from './torch-objects.ts'

/** Reads elements of the storage by place, as bytes. */
export type ReadStorage = (from: number, count: number) => Buffer

/** @param read of its storage; asked for no more than the elements that the tensor spans */
export function sourceTensor({ storage, offset, shape, strides }: TorchTensor, read: ReadStorage): SourceTensor {
  const { dtype } = storage
  if (isContiguous(shape, strides)) return { dtype, shape, read: (from, to) => read(offset + from, to - from) }
  const size = sourceBytes[dtype]
  let gathered: Buffer | undefined
  return {
    dtype,
    shape,
    read(from, to) {
      gathered ??= gather(shape, strides, size, (count) => read(offset, count))
      const piece = Buffer.from(gathered.subarray(from * size, to * size))
      if (to * size === gathered.length) gathered = undefined
      return piece
    },
  }
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const side = shape[axis] ?? 1
    // The stride of a side of 1 is never walked.
    if (side !== 1 && strides[axis] !== step) return elementCount(shape) === 0
    step *= side
  }
  return true
}

function gather(
  shape: readonly number[],
  strides: readonly number[],
  size: number,
  read: (count: number) => Buffer,
): Buffer {
  const span = shape.reduce((sum, side, axis) => sum + (side - 1) * (strides[axis] ?? 0), 1)
  const from = read(span)
  const to = Buffer.allocUnsafe(elementCount(shape) * size)
  const inner = shape.at(-1) ?? 1
  const step = strides.at(-1) ?? 1
  const index = shape.slice(0, -1).map(() => 0)
  for (let at = 0; at < to.length; ) {
    let place = index.reduce((sum, i, axis) => sum + i * (strides[axis] ?? 0), 0)
    for (let i = 0; i < inner; i++, place += step, at += size) from.copy(to, at, place * size, (place + 1) * size)
    for (let axis = index.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1
      index[axis] = next === shape[axis] ? 0 : next
      if (next !== shape[axis]) break
    }
  }
  return to
}
