/** One mutated file through everything that reads it: what is in it, which network, every number. */
import type { ByteSource } from '../../src/engine/checkpoint/byte-source.ts'
import { readCheckpoint } from '../../src/engine/checkpoint/open-checkpoint.ts'
import { recognise } from '../../src/engine/import/recognise.ts'
import { elementCount } from '../../src/engine/tensor/dtype.ts'
import { StudioError } from '../../src/shared/contract/errors.ts'
import type { Mutated } from './mutate.ts'

/** @returns the error's code, or 'taken'. @throws what is no StudioError: a mistake of ours */
export function attempt({ name, bytes }: Mutated): string {
  const file: ByteSource = {
    name,
    size: bytes.length,
    read(offset, length) {
      // What openFile does where the system gives less: a reader that asks for more than there is made a mistake.
      if (offset < 0 || length < 0 || offset + length > bytes.length)
        throw new Error(`read ${length} bytes at ${offset}`)
      return Buffer.from(bytes.subarray(offset, offset + length))
    },
  }
  try {
    const { tensors } = readCheckpoint(file)
    for (const tensor of tensors.values()) tensor.read(0, elementCount(tensor.shape))
    recognise(name, tensors)
    return 'taken'
  } catch (error) {
    if (error instanceof StudioError) return error.code
    throw error
  }
}
