/** Strict meeting of graphs and checkpoint: every weight there, none over, every shape as the network wants it. */
import { StudioError } from '../../shared/contract/errors.ts'
import type { Graph, GraphOptions } from '../onnx/graph.ts'
import { formatShape, sameShape, type Shape } from '../tensor/shape.ts'
import { scaleKey, type StoredWeight, type TensorSource } from './stored-tensor.ts'

/**
 * What a graph must know of its checkpoint before it is built: which weights lie in 8 bits, and how.
 * @param multiply where the device multiplies 8-bit numbers
 * @param lookUp where it looks rows up in 8 bits and widens those alone: every CPU does, WebGPU has no 8-bit numbers
 */
export const storedInt8 = (source: TensorSource, multiply: boolean, lookUp = multiply): GraphOptions => ({
  keepInt8: (name, use) => source.get(name)?.dtype === 'int8' && (use === 'multiply' ? multiply : lookUp),
  isReversed: (name) => source.get(name)?.reversed === true,
})

/**
 * @param graphs all graphs that draw on this checkpoint (an encoder and a decoder, say): together they must use all of it
 * @param unused keys that published checkpoints hold and no graph needs: whole, or their last part
 * @throws StudioError 'checkpoint-mismatch' that lists every missing, extra and misshapen weight by name
 */
export function bindWeights(
  label: string,
  graphs: readonly Graph[],
  source: TensorSource,
  unused: readonly string[] = [],
): ReadonlyMap<string, StoredWeight> {
  const problems: string[] = []
  const wanted = new Set<string>()
  const bound = new Map<string, StoredWeight>()
  for (const graph of graphs) {
    const int8 = [...graph.int8Weights].map(([name, { weight, reversed }]) => ({
      name,
      shape: reversed ? weight.shape.toReversed() : weight.shape,
    }))
    for (const { name, shape } of [...graph.weights.values(), ...int8]) {
      wanted.add(name)
      if (source.get(name)?.dtype === 'int8') wanted.add(scaleKey(name))
      const found = find(source, name, shape)
      if (typeof found === 'string') problems.push(found)
      else bound.set(name, found)
    }
  }
  for (const key of source.keys()) {
    const spared = unused.includes(key) || unused.includes(key.split('.').at(-1) ?? key)
    if (!wanted.has(key) && !spared) problems.push(`extra: ${key}`)
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

/** Where a weight lies, or what is wrong with it. */
function find(source: TensorSource, name: string, shape: Shape): StoredWeight | string {
  const tensor = source.get(name)
  if (!tensor) return `missing: ${name} ${formatShape(shape)}`
  if (!sameShape(tensor.shape, shape)) return misshapen(name, tensor.shape, shape)
  if (tensor.dtype !== 'int8') return { tensor }
  const key = scaleKey(name)
  const scale = source.get(key)
  if (!scale) return `missing: ${key}`
  // Any other shape might broadcast too, to wrong numbers.
  const perRow = shape.map((side, axis) => (axis === 0 ? side : 1))
  if (!sameShape(scale.shape, perRow)) return misshapen(key, scale.shape, perRow)
  return scale.dtype === 'float32'
    ? { tensor, scale }
    : `of the wrong type: ${key} is ${scale.dtype}, should be float32`
}

const misshapen = (name: string, is: Shape, shouldBe: Shape): string =>
  `misshapen: ${name} is ${formatShape(is)}, should be ${formatShape(shouldBe)}`
