/**
 * A file of weights, whatever its kind: known by its first bytes, never by its name; a name that says something else is an error,
 * because one of the two has been mistaken.
 */
import { extname } from 'node:path'
import { type ByteSource, openFile, type OpenFile, refused, shown } from './byte-source.ts'
import { HeaderFault } from './header-json.ts'
import { readHeader } from './safetensors-header.ts'
import type { SourceDType, SourceTensor, SourceTensors } from './source-tensor.ts'
import { withoutWrappers } from './state-dict.ts'
import { readTorchZip } from './torch-file.ts'
import { legacyMagic, readTorchLegacy } from './torch-legacy.ts'

export type CheckpointFormat = 'safetensors' | 'torch' | 'torch before 1.6'

export interface Checkpoint {
  readonly format: CheckpointFormat
  readonly tensors: SourceTensors
  /** Names of objects beside the weights that were passed over. */
  readonly ignored: readonly string[]
}

export interface OpenCheckpoint extends Checkpoint {
  readonly file: OpenFile
}

/** Reads what the file says of itself, and no tensor. The caller closes `file`. @throws StudioError */
export function openCheckpoint(path: string): OpenCheckpoint {
  const file = openFile(path)
  try {
    return { file, ...readCheckpoint(file) }
  } catch (error) {
    file.close()
    throw error
  }
}

/** The same of bytes wherever they are. */
export function readCheckpoint(file: ByteSource): Checkpoint {
  const format = sniff(file)
  checkName(file.name, format)
  if (format === 'safetensors') return { format, tensors: readSafetensorsFile(file), ignored: [] }
  return { format, ...(format === 'torch' ? readTorchZip(file) : readTorchLegacy(file)) }
}

/** What is no checkpoint, by its first bytes, and what to say of it. */
const strangers: readonly { readonly begins: string | RegExp; readonly is: string; readonly next?: string }[] = [
  {
    begins: 'version https://git-lfs',
    is: 'the pointer of a file in Git LFS, not the file',
    next: 'download the file itself',
  },
  {
    begins: /^\s*<(?:!doctype|html|\?xml)/i,
    is: 'a web page',
    next: 'open the address in a browser and log in, then download the file',
  },
  { begins: 'GGUF', is: 'a GGUF file', next: 'get the weights as .safetensors or .pt' },
  { begins: '7z\xbc\xaf\x27\x1c', is: 'a 7z archive', next: 'unpack it first' },
  { begins: '\x1f\x8b', is: 'a gzip archive', next: 'unpack it first' },
  { begins: 'Rar!', is: 'a rar archive', next: 'unpack it first' },
  { begins: '\x89PNG', is: 'a picture' },
  { begins: '\xff\xd8\xff', is: 'a picture' },
  { begins: '\x89HDF', is: 'a file of Keras', next: 'get the weights as .safetensors or .pt' },
]
const onnx = { is: 'an ONNX graph', next: 'Paella builds its own; get the weights as .safetensors or .pt' }

/** @throws StudioError 'model-broken' that says what it is instead, as far as that can be told */
function sniff(file: ByteSource): CheckpointFormat {
  if (file.size === 0) throw refused(file.name, 'it is empty')
  const head = file.read(0, Math.min(file.size, 512))
  if (head.subarray(0, legacyMagic.length).equals(legacyMagic)) return 'torch before 1.6'
  const text = head.toString('latin1')
  if (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06')) return 'torch'
  const isNamedSafetensors = extname(file.name).toLowerCase() === '.safetensors'
  if (head[8] === 0x7b || isNamedSafetensors) {
    const claimed = file.size >= 8 ? head.readBigUInt64LE(0) : 0n
    // Any length is a sign where a bracket follows; without one a small one is, so that a damaged header is told as such.
    if (head[8] === 0x7b || claimed < 1n << 32n) return 'safetensors'
  }
  for (const { begins, is, next } of strangers) {
    const found = typeof begins === 'string' ? text.startsWith(begins) : begins.test(text)
    if (found) throw refused(file.name, `it is ${is}`, next)
  }
  if (text.slice(257, 262) === 'ustar')
    throw refused(file.name, 'it is a tar archive', 'unpack it first, or save it again with a newer PyTorch')
  const [first = 0, second = 0, third = 0] = head
  if (first === 0x80 && second <= 5)
    throw refused(file.name, 'it is a bare pickle, not a checkpoint of PyTorch', 'save its state_dict with torch.save')
  // ir_version, the first field of every graph, and another; or a name that leaves no doubt.
  const isGraph = first === 0x08 && second > 0 && second < 32 && [0x12, 0x1a, 0x22, 0x2a, 0x3a, 0x42].includes(third)
  if (isGraph || extname(file.name).toLowerCase() === '.onnx') throw refused(file.name, `it is ${onnx.is}`, onnx.next)
  const isZipLate = file.size > 22 && file.read(file.size - 22, 4).toString('latin1') === 'PK\x05\x06'
  if (isZipLate) throw refused(file.name, 'something stands before its zip')
  throw refused(
    file.name,
    'it is no file of weights that Paella knows',
    'choose a .safetensors, .pt, .ckpt or .bin file',
  )
}

const ours: ReadonlyMap<string, readonly CheckpointFormat[]> = new Map<string, readonly CheckpointFormat[]>([
  ['.safetensors', ['safetensors']],
  ...['.pt', '.pth', '.ckpt', '.bin'].map((name) => [name, ['torch', 'torch before 1.6']] as const),
])
/** Endings that say something else. Others, and none, say nothing: download caches name files by their hash. */
const others = new Set([
  '.onnx',
  '.zip',
  '.pkl',
  '.pickle',
  '.png',
  '.jpg',
  '.json',
  '.txt',
  '.gguf',
  '.h5',
  '.msgpack',
])

function checkName(name: string, format: CheckpointFormat): void {
  const ending = extname(name).toLowerCase()
  const said = ours.get(ending)
  if (said?.includes(format) || (!said && !others.has(ending))) return
  const right = format === 'safetensors' ? '.safetensors' : '.pt'
  throw refused(
    name,
    `it is named ${shown(ending)} and holds ${format}`,
    `name it ${right} if you trust where it comes from`,
  )
}

const dtypeNames: ReadonlyMap<string, SourceDType> = new Map([
  ['F64', 'float64'],
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I64', 'int64'],
  ['I32', 'int32'],
  ['I16', 'int16'],
  ['I8', 'int8'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
])

function readSafetensorsFile(file: ByteSource): SourceTensors {
  try {
    const tensors = new Map<string, SourceTensor>()
    for (const [key, { dtype: name, shape, offset, bytes }] of readHeader(file.size, (at, count) =>
      file.read(at, count),
    )) {
      const dtype = dtypeNames.get(name)
      if (!dtype) throw new HeaderFault(`${shown(key)} is of the type ${name}, which Paella does not read`)
      const count = shape.reduce((product, side) => product * side, 1)
      const size = count === 0 ? 1 : bytes / count
      tensors.set(key, { dtype, shape, read: (from, to) => file.read(offset + from * size, (to - from) * size) })
    }
    return withoutWrappers(tensors)
  } catch (error) {
    throw error instanceof HeaderFault ? refused(file.name, error.message) : error
  }
}
