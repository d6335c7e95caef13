/**
 * Weights of a network's exact shapes filled with random numbers, for measuring sizes that nobody ships. Written piece by piece:
 * memory stays at one tensor, whatever the file's size.
 */
import { open, rename } from 'node:fs/promises'
import { uniforms } from '../../shared/base/philox.ts'
import type { Graph } from '../onnx/graph.ts'
import { type DType, elementCount } from '../tensor/dtype.ts'
import { known } from '../tensor/shape.ts'
import { quantizeRows } from './quantize.ts'
import { safetensorsHeader } from './safetensors.ts'
import { scaleKey, weightOfScale } from './stored-tensor.ts'

/** Numbers are drawn once and repeated: only their size matters, and they are drawn slower than a disk takes them. */
const drawn = 1 << 20

/**
 * @param precision 'int8' stores every matrix in 8 bits with its scales, as shipped models do
 * @param path appears only when complete
 */
export async function writeRandomCheckpoint(
  graphs: readonly Graph[],
  path: string,
  precision: 'float32' | 'int8',
): Promise<void> {
  const shapes = new Map<string, readonly number[]>()
  for (const graph of graphs) for (const { name, shape } of graph.weights.values()) shapes.set(name, shape.map(known))
  const isInt8 = (shape: readonly number[]): boolean =>
    precision === 'int8' && shape.length >= 2 && elementCount(shape) >= 4096
  const header = new Map<string, { dtype: DType; shape: readonly number[] }>()
  for (const [name, shape] of shapes) {
    if (isInt8(shape))
      header.set(scaleKey(name), { dtype: 'float32', shape: [shape[0] ?? 1, ...shape.slice(1).map(() => 1)] })
    header.set(name, { dtype: isInt8(shape) ? 'int8' : 'float32', shape })
  }
  // Floats first, so that each lies at a multiple of four bytes.
  const order = new Map([...header].sort(([, a], [, b]) => Number(a.dtype === 'int8') - Number(b.dtype === 'int8')))
  const random = uniforms(0, { purpose: 0, step: 0 }, drawn).map((u) => 2 * u - 1)
  const partial = `${path}.partial`
  const file = await open(partial, 'w')
  try {
    await file.write(safetensorsHeader(order))
    for (const [key, { dtype }] of order) {
      const owner = weightOfScale(key)
      const shape = shapes.get(owner ?? key) ?? []
      const values = fill(shape, random)
      if (dtype === 'int8') await file.write(quantizeRows(values, shape[0] ?? 1).values)
      else if (owner !== undefined) await file.write(quantizeRows(values, shape[0] ?? 1).scales)
      else await file.write(values)
    }
  } finally {
    await file.close()
  }
  await rename(partial, path)
}

/** Spread by the square root of the inputs, so that activations neither grow nor fade through the network. */
function fill(shape: readonly number[], random: Float32Array): Float32Array {
  const values = new Float32Array(elementCount(shape))
  const spread = shape.length < 2 ? 1 : Math.sqrt(3 / elementCount(shape.slice(1)))
  for (let start = 0; start < values.length; start += random.length)
    values.set(random.subarray(0, Math.min(random.length, values.length - start)), start)
  return values.map((x) => x * spread)
}
