/**
 * A graph as the bytes of an ONNX file. Weights stay where they are: the file only says in which file, at which offset and in
 * which precision each lies (ONNX "external data"), so a model of any size is a few hundred KB of graph. What is stored in
 * 16 or 8 bits is widened by nodes in front of the graph, which onnxruntime computes once while loading.
 */
import { create, toBinary } from '@bufbuild/protobuf'
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataLocation as DataLocation,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import { assert } from '../../shared/base/assert.ts'
import type { StoredTensor, StoredWeight } from '../checkpoint/stored-tensor.ts'
import { type DType, dtypes } from '../tensor/dtype.ts'
import { formatDim } from '../tensor/shape.ts'
import type { Attribute, Constant, Graph, Node, Value } from './graph.ts'

const irVersion = 9n
const operatorSet = 20n

/**
 * @param weights where each weight of the graph lies, by name (checkpoint/bind.ts)
 * @throws where a weight has no storage, which bind.ts reports to the user before
 */
export function encodeModel(graph: Graph, weights: ReadonlyMap<string, StoredWeight>): Uint8Array {
  const widened: NodeProto[] = []
  const initializers: TensorProto[] = []
  for (const name of graph.weights.keys()) {
    const weight = weights.get(name)
    assert(weight, `no storage for ${name}`)
    encodeWeight(name, weight, initializers, widened)
  }
  for (const name of graph.int8Weights.keys()) {
    const weight = weights.get(name)
    assert(weight?.scale, `no 8-bit storage for ${name}`)
    initializers.push(encodeStored(name, weight.tensor), encodeStored(`${name}:scale`, weight.scale))
  }
  for (const constant of graph.constants.values()) initializers.push(encodeConstant(constant))
  const model = create(ModelProtoSchema, {
    irVersion,
    producerName: 'paella-studio',
    opsetImport: [
      { domain: '', version: operatorSet },
      { domain: 'com.microsoft', version: 1n },
    ],
    graph: create(GraphProtoSchema, {
      name: 'graph',
      input: [...graph.inputs, ...graph.hostInputs.map(({ value }) => value)].map(encodeValueInfo),
      output: graph.outputs.map(encodeValueInfo),
      node: [...widened, ...graph.nodes.map(encodeNode)],
      initializer: initializers,
    }),
  })
  return toBinary(ModelProtoSchema, model)
}

function encodeWeight(
  name: string,
  { tensor, scale }: StoredWeight,
  initializers: TensorProto[],
  widened: NodeProto[],
): void {
  if (tensor.dtype === 'float32') {
    initializers.push(encodeStored(name, tensor))
    return
  }
  const stored = `${name}:stored`
  const wide = scale ? `${name}:wide` : name
  initializers.push(encodeStored(stored, tensor))
  widened.push(plainNode('Cast', [stored], wide, { to: 'float32' }))
  if (scale) {
    initializers.push(encodeStored(`${name}:scale`, scale))
    const product = tensor.reversed ? `${name}:reversed` : name
    widened.push(plainNode('Mul', [wide, `${name}:scale`], product, {}))
    const perm = tensor.shape.map((_, axis) => axis).reverse()
    if (tensor.reversed) widened.push(plainNode('Transpose', [product], name, { perm }))
  }
}

function encodeStored(name: string, tensor: StoredTensor): TensorProto {
  const lies = tensor.reversed ? tensor.shape.toReversed() : tensor.shape
  const common = { name, dims: lies.map(BigInt), dataType: dtypes[tensor.dtype].onnx }
  const { place } = tensor
  if ('data' in place) return create(TensorProtoSchema, { ...common, rawData: copy(place.data) })
  const externalData = [
    { key: 'location', value: place.file },
    { key: 'offset', value: String(place.offset) },
    { key: 'length', value: String(place.bytes) },
  ]
  return create(TensorProtoSchema, { ...common, dataLocation: DataLocation.EXTERNAL, externalData })
}

function encodeConstant({ value, data }: Constant): TensorProto {
  const dims = value.shape.map((dim) => BigInt(dim as number))
  return create(TensorProtoSchema, {
    name: value.name,
    dims,
    dataType: dtypes[value.dtype].onnx,
    rawData: packNumbers(data, value.dtype),
  })
}

function packNumbers(data: readonly number[], dtype: DType): Uint8Array<ArrayBuffer> {
  switch (dtype) {
    case 'float32':
      return new Uint8Array(Float32Array.from(data).buffer)
    case 'int64':
      return new Uint8Array(BigInt64Array.from(data, BigInt).buffer)
    case 'int32':
      return new Uint8Array(Int32Array.from(data).buffer)
    case 'uint8':
    case 'bool':
      return Uint8Array.from(data)
    default:
      throw new Error(`assertion failed: no constants of type ${dtype}`)
  }
}

function encodeNode(node: Node): NodeProto {
  return create(NodeProtoSchema, {
    name: node.name,
    opType: node.op,
    domain: node.domain,
    input: node.inputs.map((value) => value?.name ?? ''),
    output: node.outputs.map((value) => value.name),
    attribute: encodeAttributes(node.attributes),
  })
}

function plainNode(op: string, input: string[], output: string, attributes: Record<string, Attribute>): NodeProto {
  return create(NodeProtoSchema, {
    name: output,
    opType: op,
    input,
    output: [output],
    attribute: encodeAttributes(attributes),
  })
}

function encodeAttributes(attributes: Readonly<Record<string, Attribute>>): AttributeProto[] {
  return Object.entries(attributes).map(([name, value]) =>
    create(AttributeProtoSchema, { name, ...attributeValue(name, value) }),
  )
}

function attributeValue(name: string, value: Attribute) {
  if (typeof value === 'number') return { type: AttributeType.INT, i: BigInt(value) }
  if (typeof value === 'string') {
    // `to` of Cast names a type.
    if (name === 'to') return { type: AttributeType.INT, i: BigInt(dtypes[value as DType].onnx) }
    return { type: AttributeType.STRING, s: copy(new TextEncoder().encode(value)) }
  }
  if ('float' in value) return { type: AttributeType.FLOAT, f: value.float }
  return { type: AttributeType.INTS, ints: value.map(BigInt) }
}

function encodeValueInfo(value: Value): ValueInfoProto {
  const dim = value.shape.map((d) => ({
    value:
      typeof d === 'number'
        ? { case: 'dimValue' as const, value: BigInt(d) }
        : { case: 'dimParam' as const, value: formatDim(d) },
  }))
  const tensorType = { elemType: dtypes[value.dtype].onnx, shape: { dim } }
  return create(ValueInfoProtoSchema, { name: value.name, type: { value: { case: 'tensorType', value: tensorType } } })
}

const copy = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)
