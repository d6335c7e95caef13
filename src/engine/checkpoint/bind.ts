/** Strict meeting of graphs and checkpoint: every weight there, none over, every shape as the network wants it. */
import { StudioError } from '../../shared/contract/errors.ts'
import type { Graph } from '../onnx/graph.ts'
import { formatShape, sameShape } from '../tensor/shape.ts'
import { scaleKey, type StoredWeight, type TensorSource } from './stored-tensor.ts'

/**
 * @param graphs all graphs that draw on this checkpoint (an encoder and a decoder, say): together they must use all of it
 * @param unused keys that published checkpoints hold and no graph needs, by their last part
 * @throws StudioError 'checkpoint-mismatch' that lists every missing, extra and misshapen weight by name
 */
export function bindWeights(
  label: string,
  graphs: readonly Graph[],
  source: TensorSource,
  unused: readonly string[] = [],
): ReadonlyMap<string, StoredWeight> {
  const problems: string[] = []
  const bound = new Map<string, StoredWeight>()
  for (const graph of graphs) {
    const int8 = [...graph.int8Weights.values()].map(({ weight }) => weight)
    for (const { name, shape } of [...graph.weights.values(), ...int8]) {
      const tensor = source.get(name)
      const scale = source.get(scaleKey(name))
      if (!tensor) problems.push(`missing: ${name} ${formatShape(shape)}`)
      else if (!sameShape(tensor.shape, shape))
        problems.push(`misshapen: ${name} is ${formatShape(tensor.shape)}, should be ${formatShape(shape)}`)
      else if (tensor.dtype === 'int8' && !scale) problems.push(`missing: ${scaleKey(name)}`)
      else bound.set(name, scale ? { tensor, scale } : { tensor })
    }
  }
  for (const key of source.keys()) {
    const owner = key.endsWith(':scale') ? key.slice(0, -':scale'.length) : key
    if (
      !bound.has(owner) &&
      !unused.includes(key.split('.').at(-1) ?? key) &&
      !problems.some((line) => line.includes(` ${owner} `))
    ) {
      problems.push(`extra: ${key}`)
    }
  }
  if (problems.length > 0) {
    const unique = [...new Set(problems)]
    const shown = unique.slice(0, 3).join('; ') + (unique.length > 3 ? `; and ${unique.length - 3} more` : '')
    throw new StudioError(
      'checkpoint-mismatch',
      `${label} does not fit its network: ${shown}. Use the weights that belong to it.`,
      {
        detail: unique.join('\n'),
      },
    )
  }
  return bound
}
