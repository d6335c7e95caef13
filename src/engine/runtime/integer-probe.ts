/**
 * Whether 8-bit products are exact on this processor. Without VNNI instructions, onnxruntime adds pairs of products in 16 bits,
 * which overflow where activations and weights are both large; pictures would suffer, so such a machine multiplies floats.
 */
import { Graph } from '../onnx/graph.ts'
import { gemmInt8, transpose } from '../onnx/ops.ts'
import { float32, floats } from '../tensor/tensor.ts'
import { createRunner } from './session.ts'

const length = 64

let answer: Promise<boolean> | undefined

/** Asked once a process; costs about 3 ms. */
export function integerProductsAreExact(): Promise<boolean> {
  answer ??= probe()
  return answer
}

async function probe(): Promise<boolean> {
  const graph = new Graph({ keepInt8: () => true })
  const x = graph.input('x', 'float32', [1, length])
  const matrix = graph.int8Weight('w', [1, length], 'multiply')
  if (!matrix) return false
  graph.output('y', gemmInt8(x, transpose(matrix.weight, [1, 0]), matrix.scale, graph.constant([0])))
  const ones = new Uint8Array(Float32Array.of(1).buffer)
  const weights = new Map([
    [
      'w',
      {
        tensor: { dtype: 'int8' as const, shape: [1, length], place: { data: new Uint8Array(length).fill(127) } },
        scale: { dtype: 'float32' as const, shape: [1, 1], place: { data: ones } },
      },
    ],
  ])
  const runner = await createRunner(graph, { device: 'cpu', folder: '.', weights })
  // 255 · 127 · 2 is beyond 16 bits: the largest activation times the largest weight, twice.
  const { y } = await runner.run({ x: float32(new Float32Array(length).fill(255), [1, length]) })
  await runner.close()
  return Math.abs((floats(y)[0] ?? 0) - 255 * 127 * length) < 1
}
