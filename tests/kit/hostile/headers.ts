/** Families S and O: headers of safetensors that lie, and graphs where weights were asked for. */
import { safetensorsOf } from '../torch-bytes.ts'
import { type HostileCase, wholeSafetensors } from './case.ts'

const file = (id: string, what: string, bytes: () => Uint8Array, says: RegExp): HostileCase => ({
  id,
  what,
  name: 'model.safetensors',
  bytes,
  says,
})
const entry = (from: number, to: number, shape: readonly number[], dtype = 'F32') =>
  `{"dtype":"${dtype}","shape":[${shape.join()}],"data_offsets":[${from},${to}]}`
const headed = (id: string, what: string, header: () => string | Uint8Array, says: RegExp, bytes = 8): HostileCase =>
  file(id, what, () => safetensorsOf(header(), Buffer.alloc(bytes)), says)

export const headers: readonly HostileCase[] = [
  file('S01', 'no header', () => safetensorsOf(''), /not (?:a )?JSON/),
  file('S02', 'a header of 2^64 - 1', () => safetensorsOf('{}', undefined, 2n ** 64n - 1n), /does not fit/),
  file('S03', 'a header of 100,000,001', () => safetensorsOf('{}', undefined, 100_000_001n), /does not fit/),
  file('S03', 'a header of 33 MB', () => safetensorsOf(`{${' '.repeat(33 * 2 ** 20)}}`), /larger than 32 MB/),
  file('S04', 'a header past the end', () => safetensorsOf('{}', undefined, 3n), /does not fit/),
  headed('S05', 'a list', () => '[]', /not a JSON object/),
  headed('S06', 'a byte order mark', () => '\ufeff{}', /not JSON/),
  headed('S07', 'bytes that are no text', () => Buffer.from('{"\xff":1}', 'latin1'), /no text/),
  headed('S08', 'no JSON', () => '{"a":', /not JSON/),
  headed('S08', 'a comma too many', () => `{"a":${entry(0, 8, [2])},}`, /not JSON/),
  headed(
    'S09',
    '200,000 lists in lists',
    () => `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    /nested too deep/,
  ),
  file('S10', 'a million tensors', () => millionTensors(), /larger than 32 MB|more than 100000/),
  headed('S11', 'tensors that overlap', () => `{"a":${entry(0, 8, [2])},"b":${entry(4, 8, [1])}}`, /overlap/),
  headed('S12', 'a hole', () => `{"a":${entry(0, 4, [1])},"b":${entry(8, 12, [1])}}`, /belong to no tensor/, 12),
  headed('S13', 'a byte at the end', () => `{"a":${entry(0, 8, [2])}}`, /1 bytes at its end/, 9),
  headed('S14', 'an end before its start', () => `{"a":${entry(8, 0, [2])}}`, /lie outside|do not match/),
  ...['-1', '0.0', '1e1', '00', '0x1', 'NaN'].map((number) =>
    headed(
      'S15',
      `the offset ${number}`,
      () => `{"a":{"dtype":"F32","shape":[2],"data_offsets":[${number},8]}}`,
      /no size|not JSON/,
    ),
  ),
  headed(
    'S16',
    'the offset 2^53 + 1',
    () => `{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9007199254740993]}}`,
    /no size/,
  ),
  headed('S17', 'a size that is not its shape', () => `{"a":${entry(0, 8, [3])}}`, /do not match/),
  headed('S18', 'an unknown type', () => `{"a":${entry(0, 8, [2], 'F33')}}`, /not supported/),
  headed('S18', 'a type that Paella does not read', () => `{"a":${entry(0, 8, [8], 'F8_E4M3')}}`, /F8_E4M3/),
  headed('S19', 'half a byte', () => `{"a":${entry(0, 8, [15], 'F4')}}`, /not supported/),
  headed('S20', 'a key twice', () => `{"a":${entry(0, 8, [2])},"a":${entry(0, 8, [2])}}`, /twice/),
  headed('S20', 'a key twice, once escaped', () => `{"a":${entry(0, 8, [2])},"\\u0061":${entry(0, 8, [2])}}`, /twice/),
  {
    ...headed('S21', 'the key __proto__', () => `{"__proto__":${entry(0, 8, [2])}}`, /no network/),
    code: 'checkpoint-mismatch',
  },
  headed('S22', 'metadata that is no text', () => `{"__metadata__":{"a":1},"a":${entry(0, 8, [2])}}`, /__metadata__/),
  headed(
    'S22',
    'metadata of 50 MB',
    () => `{"__metadata__":{"a":"${'x'.repeat(5e7)}"},"a":${entry(0, 8, [2])}}`,
    /larger than 32 MB/,
  ),
  {
    ...headed(
      'S23',
      'an empty tensor and a scalar',
      () => `{"none":${entry(0, 0, [0, 4])},"one":${entry(0, 4, [])}}`,
      /no network/,
      4,
    ),
    code: 'checkpoint-mismatch',
  },
  {
    id: 'S23',
    what: 'metadata as it should be',
    name: 'model.safetensors',
    bytes: () => wholeSafetensors((header) => (header['__metadata__'] = { format: 'pt' })),
  },
  { id: 'whole', what: 'a whole file', name: 'model.safetensors', bytes: () => wholeSafetensors() },
  file('S24', 'a file that was cut', () => wholeSafetensors().subarray(0, -4), /lie outside/),
  file('named', 'safetensors named .pt', () => wholeSafetensors(), /named \.pt and holds safetensors/),
].map((one) => (one.id === 'named' ? { ...one, name: 'model.pt' } : one))

function millionTensors(): Buffer {
  const entries = Array.from(
    { length: 1e6 },
    (_, i) => `"${i.toString(36)}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`,
  )
  return safetensorsOf(`{${entries.join()}}`)
}

/** A field of a protobuf message. */
const field = (number: number, ...payload: readonly Uint8Array[]): Buffer => {
  const bytes = Buffer.concat(payload)
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes])
}
const number = (field: number, value: number): Buffer => Buffer.concat([varint(field << 3), varint(value)])
const text = (field_: number, value: string): Buffer => field(field_, Buffer.from(value))

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push((rest % 128) | 128)
  }
}

/** ModelProto: ir_version, producer, graph, opset. */
const model = (graph: Uint8Array, opset = 17, domain = ''): Buffer =>
  Buffer.concat([number(1, 8), text(2, 'x'), field(7, graph), field(8, text(1, domain), number(2, opset))])
/** A graph of one initializer whose bytes lie in another file. */
const external = (...pairs: readonly (readonly [string, string])[]): Buffer =>
  field(
    5,
    number(1, 1000),
    number(2, 1),
    ...pairs.map(([key, value]) => field(13, text(1, key), text(2, value))),
    number(14, 1),
  )
const op = (type: string, domain = ''): Buffer => field(1, text(4, type), text(7, domain))

const graph = (id: string, what: string, bytes: () => Uint8Array, says: RegExp = /is an ONNX graph/): HostileCase => ({
  id,
  what,
  name: 'model.onnx',
  bytes,
  says,
})

/** Paella imports weights and builds its own graphs, so every graph is refused as what it is, and no path in it is opened. */
export const graphs: readonly HostileCase[] = [
  graph('O01', 'nothing', () => new Uint8Array(), /is empty/),
  graph('O02', 'random bytes', () => Buffer.from('c81d7fa90013', 'hex')),
  graph('O03', 'a number that is cut', () => Buffer.from([0x08, 0x88, 0x80])),
  graph('O04', 'a length past the end', () => Buffer.concat([number(1, 8), Buffer.from([0x3a, 0xff, 0x7f])])),
  graph('O05', 'a length of more than 2 GB', () => Buffer.concat([number(1, 8), Buffer.from([0x3a]), varint(2 ** 32)])),
  graph('O06', '10,000 groups in groups', () => Buffer.concat([number(1, 8), Buffer.alloc(10_000, 0x3b)])),
  ...(['../weights', '/etc/passwd', 'a/../../b', 'link', 'linked/weights', 'hard'] as const).map((location, i) =>
    graph(`O${String(7 + i).padStart(2, '0')}`, `weights in ${location}`, () =>
      model(external(['location', location])),
    ),
  ),
  graph('O13', 'weights past their file', () =>
    model(external(['location', 'a'], ['offset', '99999999999'], ['length', '9'])),
  ),
  graph('O14', 'unknown keys', () => model(external(['location', 'a'], ['__class__', 'x']))),
  graph('O15', 'an operator of its own', () => model(op('Evil', 'evil.corp'), 1, 'evil.corp')),
  graph('O16', 'sides whose product is beyond numbers', () =>
    model(field(5, number(1, 2 ** 40), number(1, 2 ** 40), number(2, 1))),
  ),
  graph('O17', 'a newer operator set', () => model(op('Add'), 999)),
  graph('O18', 'a loop of 2^31 rounds', () => model(op('Loop'))),
  { ...graph('O18', 'a graph named .pt', () => model(op('Loop'))), name: 'model.pt' },
]
