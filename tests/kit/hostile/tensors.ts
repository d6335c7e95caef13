/** Family T: tensors that lie about themselves, or are what Paella does not take. */
import { bytesOf, dictOp, floatsOf, type Op, pickleOf, tensorOp, torchParts, torchZip, zipOf } from '../torch-bytes.ts'
import { around, type HostileCase, oneTensor, ops, wholeFile } from './case.ts'

const file = (id: string, what: string, bytes: () => Uint8Array, says: RegExp, code = 'model-broken'): HostileCase => ({
  id,
  what,
  name: 'model.pt',
  bytes,
  says,
  code,
})
/** One tensor of a storage of two floats. */
const told = (id: string, what: string, tensor: () => Parameters<typeof tensorOp>[0], says: RegExp, code?: string) =>
  file(id, what, () => around(dictOp({ a: tensorOp(tensor()) })), says, code)
const concat = (...parts: readonly Op[]): Buffer => Buffer.concat(bytesOf(...parts))

const halves = { type: 'BFloat16Storage', bytes: (values: readonly number[]) => bfloats(values) }

export const tensors: readonly HostileCase[] = [
  told('T01', 'an offset past its storage', () => ({ length: 2, shape: [2], offset: 1 }), /outside of its storage/),
  told('T01', 'strides past its storage', () => ({ length: 2, shape: [2], strides: [2] }), /outside of its storage/),
  told('T02', 'a negative stride', () => ({ length: 2, shape: [2], strides: [-1] }), /impossible shape/),
  told('T02', 'a negative offset', () => ({ length: 2, shape: [1], offset: -1 }), /makes no sense/),
  told(
    'T03',
    'two numbers repeated to 2^40',
    () => ({ length: 2, shape: [2 ** 20, 2 ** 20], strides: [0, 0] }),
    /would take/,
  ),
  told(
    'T04',
    'sides whose product is beyond numbers',
    () => ({ length: 2, shape: [2 ** 40, 2 ** 40] }),
    /impossible size/,
  ),
  told('T04', 'a side of 2^62', () => ({ length: 2, shape: [2n ** 62n], strides: [1] }), /impossible shape/),
  told('T05', '65 sides', () => ({ length: 2, shape: Array<number>(65).fill(1) }), /65 sides/),
  told('T06', 'fewer numbers than it says', () => ({ length: 3, shape: [3] }), /more or fewer/),
  told('T06', 'more numbers than it says', () => ({ length: 1, shape: [1] }), /more or fewer/),
  told('T07', 'numbers that are not there', () => ({ key: '7', length: 2, shape: [2] }), /are missing/),
  told('T08', 'a storage by the name ../0', () => ({ key: '../0', length: 2, shape: [2] }), /by the name/),
  { id: 'T09', what: 'two tensors on one storage', name: 'model.pt', bytes: () => tied() },
  ...[
    '_rebuild_sparse_tensor',
    '_rebuild_qtensor',
    '_rebuild_wrapper_subclass',
    '_rebuild_device_tensor_from_numpy',
  ].map((name) =>
    file(
      'T10',
      name,
      () => around(dictOp({ a: oneTensor, b: concat(ops.global('torch._utils', name), ops.emptyTuple, ops.reduce) })),
      new RegExp(`holds b as torch._utils.${name}`),
    ),
  ),
  ...['QInt8Storage', 'Float8_e4m3fnStorage'].map((type) =>
    told('T11', type, () => ({ type, length: 2, shape: [2] }), new RegExp(`of the kind torch.${type}`)),
  ),
  file(
    'T12',
    'big-endian numbers',
    () =>
      zipOf(
        torchParts(pickleOf(dictOp({ a: oneTensor })), { 0: floatsOf(1, 2) }).map((part) =>
          part.name === 'model/byteorder' ? { ...part, data: Buffer.from('big') } : part,
        ),
      ),
    /big-endian/,
  ),
  file('T13', '250,000 empty tensors', () => around(manyTensors(250_000)), /too many/),
  told(
    'T14',
    'complex numbers',
    () => ({ type: 'ComplexFloatStorage', length: 1, shape: [1] }),
    /of the kind torch.ComplexFloat/,
  ),
  {
    id: 'T15',
    what: 'no numbers among the weights',
    name: 'model.pt',
    bytes: () => wholeFile({ value: (i) => (i % 3 === 0 ? Number.NaN : i % 3 === 1 ? Number.POSITIVE_INFINITY : 1) }),
    warns: /\d+ weights are no finite numbers/,
  },
  {
    id: 'T16',
    what: 'nothing but zeros',
    name: 'model.pt',
    bytes: () => wholeFile({ value: () => 0 }),
    warns: /only zeros/,
  },
  file(
    'T17',
    'the right keys and a wrong shape',
    () => wholeFile({ tell: (key) => (key === 'blocks.1.1.weight' ? { shape: [4], strides: [1], length: 8 } : {}) }),
    /misshapen: blocks\.1\.1\.weight is \[4\], should be \[8\]/,
    'checkpoint-mismatch',
  ),
  told(
    'T18',
    'weights of no network',
    () => ({ length: 2, shape: [2] }),
    /no network that Paella knows/,
    'checkpoint-mismatch',
  ),
  file(
    'T18',
    'a network with something over',
    () => wholeFile({ more: { stray: tensorOp({ key: '1', length: 2, shape: [2] }) } }),
    /extra: stray/,
    'checkpoint-mismatch',
  ),
  { id: 'T19', what: 'bfloat16', name: 'model.pt', bytes: () => wholeFile({ dtype: halves }) },
  file(
    'T19',
    'whole numbers as weights',
    () => wholeFile({ dtype: { type: 'IntStorage', bytes: (values) => Buffer.from(Int32Array.from(values).buffer) } }),
    /of the wrong type/,
    'checkpoint-mismatch',
  ),
  file(
    'T20',
    'a LoRA',
    () => around(dictOp({ 'lora_unet_mid.lora_up.weight': oneTensor })),
    /is a LoRA/,
    'checkpoint-mismatch',
  ),
]

/** A weight that is a window on another's numbers. */
function tied(): Buffer {
  return wholeFile({
    tell: (key, { length }) => (key === 'blocks.0.bias' ? { key: '0', length: 4, offset: 4 - length } : {}),
  })
}

function* manyTensorOps(count: number): Generator<Op> {
  yield ops.emptyDict
  yield ops.mark
  yield ops.text('0')
  yield tensorOp({ length: 2, shape: [0] })
  yield ops.put(9)
  for (let i = 1; i < count; i++) {
    yield ops.text(String(i))
    yield ops.get(9)
  }
  yield ops.setItems
}
const manyTensors = (count: number): Buffer => Buffer.concat([...manyTensorOps(count)].flatMap((op) => bytesOf(op)))

function bfloats(values: readonly number[]): Buffer {
  const words = new Uint32Array(Float32Array.from(values).buffer)
  return Buffer.from(Uint16Array.from(words, (word) => word >>> 16).buffer)
}

/** Here so that the reader's own view of a whole file is proven by one that is read. */
export const wholeFiles: readonly HostileCase[] = [
  { id: 'whole', what: 'a whole file', name: 'model.pt', bytes: () => wholeFile() },
  {
    id: 'whole',
    what: 'with its prefix',
    name: 'model.pth',
    bytes: () => torchZip(pickleOf(dictOp({ epoch: ops.int(3), model: wrapped() })), wrappedStorages()),
  },
]

function wrapped(): Buffer {
  return dictOp(Object.fromEntries(wholeEntries().map(([key, op]) => [`module.${key}`, op])))
}
function wholeEntries(): [string, Op][] {
  const entries: [string, Op][] = []
  wholeFile({
    tell(key, tensor) {
      entries.push([key, tensorOp(tensor)])
      return {}
    },
  })
  return entries
}
function wrappedStorages(): Record<string, Uint8Array> {
  const storages: Record<string, Uint8Array> = {}
  wholeFile({
    tell(_, { key = '', length }) {
      storages[key] = floatsOf(...Array<number>(length).fill(0.5))
      return {}
    },
  })
  return storages
}
