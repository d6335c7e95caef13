/**
 * Checkpoints of PyTorch 1.6 and later: a zip with one pickle, which says what there is, and one stored part for every storage.
 * Nothing but the pickle is read until a tensor is asked for.
 */
import { StudioError } from '../../shared/contract/errors.ts'
import { elementCount } from '../tensor/dtype.ts'
import { type ByteSource, refused, shown } from './byte-source.ts'
import { PickleFault, unpickle } from './pickle.ts'
import { type SourceTensor, type SourceTensors, sourceBytes } from './source-tensor.ts'
import { findStateDict } from './state-dict.ts'
import { TorchRules, type TorchTensor } from './torch-objects.ts'
import { sourceTensor } from './torch-tensor.ts'
import { readZip, type ZipEntry } from './zip-reader.ts'

export interface TorchContents {
  readonly tensors: SourceTensors
  /** Names of objects beside the weights that were passed over. */
  readonly ignored: readonly string[]
}

export const largestPickle = 32 * 1024 * 1024
const pickleName = 'data.pkl'

/** @throws StudioError 'model-broken' */
export function readTorchZip(file: ByteSource): TorchContents {
  const entries = readZip(file)
  const { folder, pickle } = findPickle(file, entries)
  const bytes = pickle.read(largestPickle)
  const { tensors, ignored } = faultsNamed(file, () => {
    const rules = new TorchRules()
    const { value, end } = unpickle(bytes, 0, rules)
    if (end !== bytes.length) throw new PickleFault('has something behind its end')
    return { tensors: findStateDict(value), ignored: [...rules.ignored] }
  })
  checkGrowth(file, tensors)
  const checked = new Set<ZipEntry>()
  const lazy = [...tensors].map(([key, tensor]): [string, SourceTensor] => {
    const entry = storageEntry(file, entries, folder, key, tensor)
    const size = sourceBytes[tensor.storage.dtype]
    return [
      key,
      sourceTensor(tensor, (from, count) => {
        // Once a storage, and before its first number is used.
        if (!checked.has(entry)) entry.checkStored()
        checked.add(entry)
        return file.read((entry.storedAt ?? 0) + from * size, count * size)
      }),
    ]
  })
  return { tensors: new Map(lazy), ignored }
}

function findPickle(file: ByteSource, entries: ReadonlyMap<string, ZipEntry>) {
  const found = [...entries.values()].filter(
    ({ name }) => name.endsWith(`/${pickleName}`) && name.split('/').length === 2,
  )
  const [pickle] = found
  if (!pickle || found.length > 1) {
    const what = pickle ? 'it holds two checkpoints' : 'its zip holds no checkpoint of PyTorch'
    throw refused(file.name, what, 'choose the .pt, .ckpt or .safetensors file of the weights')
  }
  const folder = pickle.name.slice(0, -pickleName.length)
  if ([...entries.keys()].some((name) => name.startsWith(`${folder}code/`) || name === `${folder}constants.pkl`))
    throw refused(
      file.name,
      'it is a TorchScript program',
      'get the plain weights, or save its state_dict with torch.save',
    )
  const order = entries.get(`${folder}byteorder`)?.read(16).toString('latin1') ?? 'little'
  if (order !== 'little')
    throw refused(file.name, `its numbers are written ${shown(order)}-endian`, 'save it again on a common computer')
  return { folder, pickle }
}

function storageEntry(
  file: ByteSource,
  entries: ReadonlyMap<string, ZipEntry>,
  folder: string,
  key: string,
  { storage }: TorchTensor,
): ZipEntry {
  const entry = entries.get(`${folder}data/${storage.key}`)
  if (!entry) throw refused(file.name, `the numbers of ${shown(key)} are missing in it`)
  if (entry.storedAt === undefined)
    throw refused(file.name, `the numbers of ${shown(key)} in it are packed`, 'save it again')
  if (entry.size !== storage.length * sourceBytes[storage.dtype])
    throw refused(file.name, `the numbers of ${shown(key)} in it are more or fewer than it says`)
  return entry
}

/** Many windows on one storage, or one that repeats it, would make a small file large. */
export function checkGrowth(file: ByteSource, tensors: ReadonlyMap<string, TorchTensor>): void {
  let total = 0
  for (const { shape, storage } of tensors.values()) total += elementCount(shape) * sourceBytes[storage.dtype]
  if (total > 4 * file.size + (1 << 20))
    throw refused(file.name, `its tensors would take ${Math.round(total / 1e6)} MB`)
}

/** A pickle's faults, told as the file's. */
export function faultsNamed<T>(file: ByteSource, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof PickleFault)) throw error
    const named = refused(file.name, `its pickle ${error.message}`, error.next)
    throw new StudioError(named.code, named.message, { detail: named.detail, cause: error })
  }
}
