/** Family P: pickles that would run something, confuse a reader, or grow in memory. */
import {
  bytesOf,
  dictOp,
  floatsOf,
  legacyFile,
  type Op,
  pickleOf,
  torchParts,
  torchZip,
  zipOf,
} from '../torch-bytes.ts'
import { around, type HostileCase, oneTensor, ops, wholeDict } from './case.ts'

const raw = (bytes: Uint8Array): Buffer => torchZip(bytes, { 0: floatsOf(1, 2) })
const concat = (...parts: readonly Op[]): Buffer => Buffer.concat(bytesOf(...parts))
const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer)
const call = (module: string, name: string, ...args: readonly Op[]): Buffer =>
  concat(ops.global(module, name), ops.mark, ...args, ops.tuple, ops.reduce)
const system = call('os', 'system', ops.text('touch /tmp/paella-was-here'))

const file = (id: string, what: string, bytes: () => Uint8Array, says: RegExp): HostileCase => ({
  id,
  what,
  name: 'model.pt',
  bytes,
  says,
})
/** A pickle in its zip, built when it is wanted. */
const pickle = (id: string, what: string, root: () => readonly Op[], says: RegExp): HostileCase =>
  file(id, what, () => around(...root()), says)
/** A whole model with something beside its weights. */
const beside = (id: string, what: string, thing: Op, warns: RegExp): HostileCase => ({
  id,
  what,
  name: 'model.pt',
  bytes: () => {
    const { dict, storages } = wholeDict()
    return torchZip(pickleOf(dictOp({ state_dict: dict, beside: thing })), storages)
  },
  warns,
})

export const pickles: readonly HostileCase[] = [
  pickle('P01', 'os.system', () => [dictOp({ a: oneTensor, b: system })], /refers to os\.system/),
  ...['eval', 'exec', 'getattr', '__import__'].map((name) =>
    pickle('P02', `builtins.${name}`, () => [call('builtins', name, ops.text('1'))], /refers to builtins/),
  ),
  pickle('P02', '__builtin__.eval', () => [call('__builtin__', 'eval', ops.text('1'))], /refers to __builtin__/),
  ...['posix', 'nt', 'subprocess'].map((module) =>
    pickle('P03', `${module}.system`, () => [call(module, 'system', ops.text('ls'))], /refers to/),
  ),
  pickle(
    'P04',
    'STACK_GLOBAL behind decoys',
    () => [ops.text('torch'), ops.text('os'), ops.text('system'), '\x93'],
    /instruction 0x93/,
  ),
  pickle('P05', 'INST', () => [ops.mark, ops.text('ls'), 'ios\nsystem\n'], /instruction 0x69/),
  pickle('P06', 'OBJ', () => [ops.mark, ops.global('datetime', 'date'), ops.text('ls'), 'o'], /instruction 0x6f/),
  pickle('P07', 'NEWOBJ_EX', () => [ops.global('a', 'b'), ops.emptyTuple, ops.emptyDict, '\x92'], /instruction 0x92/),
  ...['\x82\x01', '\x83\x01\x00', '\x84\x01\x00\x00\x00'].map((op, i) =>
    pickle('P08', `EXT${2 ** i}`, () => [op], /instruction 0x8[234]/),
  ),
  pickle(
    'P09',
    'state for a tensor',
    () => [dictOp({ a: concat(oneTensor, ops.emptyDict, ops.build) })],
    /gives state to a tensor/,
  ),
  beside(
    'P09',
    'state for what stands for nothing',
    concat(ops.global('my.trainer', 'Config'), ops.emptyTuple, ops.newObject, dictOp({ x: ops.int(1) }), ops.build),
    /my\.trainer\.Config/,
  ),
  beside('P10', 'a pickle in the text of a pickle', ops.text(pickleOf(system).toString('latin1')), /^$/),
  file(
    'P11',
    'two pickles in one part',
    () => raw(Buffer.concat([pickleOf(dictOp({ a: oneTensor })), pickleOf(system)])),
    /behind its end/,
  ),
  file('P12', 'a call, then garbage', () => raw(concat(ops.proto, system, '\xff\xff')), /refers to os\.system/),
  file(
    'P13',
    'a magic number that is computed',
    () =>
      concat(
        ops.proto,
        call('builtins', 'int', ops.text('1')),
        ops.stop,
        legacyFile(pickleOf(dictOp({ a: oneTensor })), {}),
      ),
    /bare pickle/,
  ),
  file(
    'P13',
    'a version that is computed',
    () => Buffer.concat([Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex'), pickleOf(system)]),
    /names objects/,
  ),
  file('P14', 'protocol 0', () => raw(Buffer.from("(dp0\nS'a'\np1\nI1\ns.")), /protocol 0 or 1/),
  file('P14', 'protocol 0 as a file of its own', () => Buffer.from("cos\nsystem\n(S'ls'\ntR."), /no file of weights/),
  ...[4, 5].map((protocol) =>
    file(
      'P15',
      `protocol ${protocol}`,
      () => raw(concat(Buffer.from([0x80, protocol]), '}.')),
      /protocol \d, not 2; save its state_dict again/,
    ),
  ),
  pickle('P16', 'a frame that lies', () => ['\x95', u32(0xffffffff), u32(0xffffffff)], /instruction 0x95/),
  pickle('P17', 'a module that is no text', () => ['c\xff\xfe\nx\n'], /text that is none/),
  pickle('P18', 'a name with a dot', () => [ops.global('torch', 'os.system')], /refers to torch\.os\.system/),
  pickle('P19', 'what was never remembered', () => [ops.get(7)], /never remembered/),
  ...['R', 's', 'a', 't', 'u', 'e', 'Q', 'b', '\x85', '\x87', 'q\x00'].map((op) =>
    pickle('P20', `0x${op.charCodeAt(0).toString(16)} on an empty stack`, () => [op], /takes more|never began/),
  ),
  file('P20', 'nothing at all', () => raw(pickleOf()), /takes more/),
  pickle('P21', 'a place of 0xFFFFFFFF', () => [ops.emptyDict, 'r', u32(0xffffffff)], /no tensors by name/),
  pickle('P22', 'a place of a million digits', () => [ops.emptyDict, 'p', `${'9'.repeat(1e6)}\n`], /instruction 0x70/),
  pickle('P23', 'text of 4 GB', () => ['X', u32(0xfffffff0), 'abc'], /ends too early/),
  pickle('P24', 'text of 2^63', () => ['\x8d', u32(0), u32(0x80000000)], /instruction 0x8d/),
  pickle('P25', 'a number of 2^31 bytes', () => ['\x8b', u32(0x7fffffff)], /instruction 0x8b/),
  pickle('P26', 'a million marks', () => ['('.repeat(1e6)], /nested too deep/),
  pickle('P27', '299,000 lists in lists', () => [']'.repeat(299_000), 'a'.repeat(298_999)], /no tensors by name/),
  pickle('P27', 'ten million lists', () => [']'.repeat(1e7)], /too many/),
  pickle('P27', 'ten million numbers', () => ['('.repeat(100), 'K\x01'.repeat(1e7)], /too many values/),
  pickle(
    'P28',
    'a list that holds itself',
    () => [ops.emptyList, ops.put(0), ops.get(0), ops.append],
    /no tensors by name/,
  ),
  pickle(
    'P28',
    'a dict that holds itself',
    () => [ops.emptyDict, ops.put(0), ops.text('a'), ops.get(0), ops.setItem],
    /no tensors by name/,
  ),
  pickle('P29', 'forty doublings', () => doublings(40), /no tensors by name/),
  pickle(
    'P30',
    'items for a tensor',
    () => [dictOp({ a: concat(oneTensor, ops.text('x'), ops.int(1), ops.setItem) })],
    /sets items of a tensor/,
  ),
  pickle('P31', 'a tensor of nothing', () => [call('torch._utils', '_rebuild_tensor_v2')], /no storage/),
  pickle(
    'P31',
    'a tensor of text',
    () => [call('torch._utils', '_rebuild_tensor_v2', ops.text('a'), ops.int(0), ops.emptyTuple, ops.emptyTuple)],
    /no storage/,
  ),
  pickle(
    'P31',
    'a call without a tuple',
    () => [ops.global('collections', 'OrderedDict'), ops.emptyList, ops.reduce],
    /calls what is no name/,
  ),
  pickle('P31', 'a call of a number', () => [ops.int(1), ops.emptyTuple, ops.reduce], /calls what is no name/),
  pickle(
    'P31',
    'a call of a storage type',
    () => [ops.global('torch', 'FloatStorage'), ops.emptyTuple, ops.reduce],
    /no maker of data/,
  ),
  pickle(
    'P31',
    'a parameter of text',
    () => [call('torch._utils', '_rebuild_parameter', ops.text('a'), ops.true, ops.none)],
    /what is no tensor/,
  ),
  ...[
    ops.int(1),
    ops.text('storage'),
    ops.emptyTuple,
    concat(ops.mark, ops.text('module'), ops.text('a'), ops.tuple),
  ].map((id) => pickle('P32', 'a reference to no storage', () => [id, ops.persistent], /no storage/)),
  pickle(
    'P32',
    'a storage in a storage',
    () => [
      concat(
        ops.mark,
        ops.text('storage'),
        ops.global('torch', 'FloatStorage'),
        ops.emptyTuple,
        ops.text('cpu'),
        ops.int(1),
        ops.tuple,
        ops.persistent,
      ),
    ],
    /makes no sense/,
  ),
  file(
    'P33',
    'TorchScript',
    () => zipOf(torchParts(pickleOf(ops.emptyDict), {}, [{ name: 'model/code/a.py', data: Buffer.from('x') }])),
    /TorchScript/,
  ),
  ...['__proto__', 'constructor', '\u001b[31mred', '\u202eevil'].map(
    (key): HostileCase => ({
      ...pickle(
        'P34',
        `the key ${JSON.stringify(key)}`,
        () => [dictOp({ [key]: oneTensor, b: oneTensor })],
        /no network/,
      ),
      code: 'checkpoint-mismatch',
    }),
  ),
  pickle('P34', 'an empty key', () => [dictOp({ '': oneTensor })], /name is none/),
  pickle('P34', 'a key of a megabyte', () => [dictOp({ ['k'.repeat(1e6)]: oneTensor })], /name is none/),
  pickle(
    'P35',
    'a key twice',
    () => [ops.emptyDict, ops.mark, ops.text('a'), oneTensor, ops.text('a'), oneTensor, ops.setItems],
    /names a twice/,
  ),
  file('P36', 'no end', () => raw(concat(ops.proto, ops.emptyDict)), /ends too early/),
  file(
    'P37',
    'no pickle',
    () => zipOf([{ name: 'model/version', data: Buffer.from('3') }]),
    /no checkpoint of PyTorch/,
  ),
  file(
    'P37',
    'two pickles',
    () => zipOf([...torchParts(pickleOf(ops.emptyDict)), { name: 'other/data.pkl', data: pickleOf(ops.emptyDict) }]),
    /two checkpoints/,
  ),
  beside(
    'beside',
    'a trainer',
    concat(ops.global('argparse', 'Namespace'), ops.emptyTuple, ops.newObject),
    /argparse\.Namespace/,
  ),
  pickle(
    'beside',
    'a placeholder among the weights',
    () => [dictOp({ a: oneTensor, b: call('numpy.core', 'scalar') })],
    /holds b as numpy\.core\.scalar/,
  ),
]

/** Each a pair of what was before, twice. */
function doublings(levels: number): Op[] {
  const steps: Op[] = [ops.emptyList, ops.put(0)]
  for (let i = 0; i < levels; i++) steps.push(ops.get(i), '\x86', ops.put(i + 1))
  return steps
}
