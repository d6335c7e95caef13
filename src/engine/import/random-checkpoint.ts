/**
 * Weights of a network's exact shapes filled with random numbers, for measuring sizes that nobody ships: written as imported files are,
 * so that what is measured is what a user gets.
 */
import { renameSync, rmSync } from 'node:fs'
import { uniforms } from '../../shared/base/philox.ts'
import type { SourceTensor } from '../checkpoint/source-tensor.ts'
import type { Graph } from '../onnx/graph.ts'
import { elementCount } from '../tensor/dtype.ts'
import { known } from '../tensor/shape.ts'
import type { NetworkId } from './networks.ts'
import type { Precision } from './precision.ts'
import { planPart, writePart } from './write-part.ts'

/** Numbers are drawn once and repeated: only their size matters, and they are drawn slower than a disk takes them. */
const drawn = 1 << 20

/** @param path appears only when complete */
export function writeRandomCheckpoint(
  network: NetworkId,
  graphs: readonly Graph[],
  path: string,
  precision: Precision,
): void {
  const random = uniforms(0, { purpose: 0, step: 0 }, drawn).map((u) => 2 * u - 1)
  const tensors = new Map<string, SourceTensor>()
  for (const graph of graphs)
    for (const { name, shape } of graph.weights.values())
      if (!tensors.has(name)) tensors.set(name, randomTensor(shape.map(known), random, 977 * tensors.size))
  const partial = `${path}.partial`
  // Of a run that was stopped.
  rmSync(partial, { force: true })
  writePart(partial, planPart(network, tensors, precision), tensors, () => undefined)
  renameSync(partial, path)
}

/**
 * Spread by the square root of the inputs, so that activations neither grow nor fade through the network.
 * @param start of equal weights onnxruntime keeps one, so each tensor begins elsewhere
 */
function randomTensor(shape: readonly number[], random: Float32Array, start: number): SourceTensor {
  const spread = shape.length < 2 ? 1 : Math.sqrt(3 / elementCount(shape.slice(1)))
  return {
    dtype: 'float32',
    shape,
    read(from, to) {
      const values = new Float32Array(to - from)
      for (let i = 0; i < values.length; i++) values[i] = (random[(start + from + i) % drawn] as number) * spread
      return Buffer.from(values.buffer)
    },
  }
}
