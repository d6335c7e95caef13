/** How many floating-point operations one run of a graph takes in its matrix products and convolutions, which are nearly all. */
import { assert } from '../../shared/base/assert.ts'
import { formatDim, type Shape, sizeOf } from '../tensor/shape.ts'
import type { Graph, Node, Value } from './graph.ts'

/** @param sizes what the graph's unknown dimensions are in this run */
export function countOperations(graph: Graph, sizes: Readonly<Record<string, number>>): number {
  return graph.nodes.reduce((sum, node) => sum + 2 * multiplyAdds(node, (shape) => elements(shape, sizes)), 0)
}

function multiplyAdds({ op, inputs, outputs, attributes }: Node, count: (shape: Shape) => number): number {
  const [x, weight] = inputs
  const result = outputs[0]
  if (!x || !weight || !result) return 0
  switch (op) {
    case 'MatMul':
    case 'Gemm':
    case 'DynamicQuantizeMatMul':
      return count(result.shape) * count(x.shape.slice(-1))
    case 'Conv':
      return count(result.shape) * perElement(weight, 1)
    case 'ConvTranspose':
      assert(attributes['group'] === undefined, 'grouped transposed convolutions are not counted')
      return count(x.shape) * perElement(weight, 1)
    default:
      return 0
  }
}

/** Elements of a weight behind its first axis: of a convolution, the products for one output (or, transposed, input) element. */
const perElement = (weight: Value, from: number): number => elements(weight.shape.slice(from), {})

function elements(shape: Shape, sizes: Readonly<Record<string, number>>): number {
  return shape.reduce<number>((total, dim) => {
    const side = sizeOf(dim, sizes)
    assert(side !== undefined, `no size for the unknown ${formatDim(dim)}`)
    return total * side
  }, 1)
}
