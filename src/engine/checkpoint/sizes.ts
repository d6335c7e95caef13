/** Sizes of a network read off its checkpoint's shapes, so that no configuration file has to agree with the weights. */
import { StudioError } from '../../shared/contract/errors.ts'
import type { TensorSource } from './stored-tensor.ts'

export interface CheckpointSizes {
  /** Side `axis` of the tensor `key`. @throws StudioError 'checkpoint-mismatch' where there is none */
  size(key: string, axis: number): number
  /** How many keys match. */
  count(pattern: RegExp): number
}

/** @param network its name, for the person who chose the wrong file */
export function checkpointSizes(source: TensorSource, network: string): CheckpointSizes {
  return {
    size(key, axis) {
      const size = source.get(key)?.shape[axis]
      if (size !== undefined) return size
      throw new StudioError(
        'checkpoint-mismatch',
        `This is no checkpoint of ${network}: it has no ${key}. Choose the file of that network.`,
      )
    },
    count: (pattern) => [...source.keys()].filter((key) => pattern.test(key)).length,
  }
}
