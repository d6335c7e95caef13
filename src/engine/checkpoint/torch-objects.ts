/**
 * What the names in a PyTorch checkpoint stand for: an allow-list of names that are data. Nothing on it runs anything: a tensor
 * is rebuilt as a record of where its numbers lie. Every other name becomes a placeholder that is never called and swallows
 * what is done to it, so that a trainer's settings beside the weights do no harm; among the weights it is an error.
 */
import { shown } from './byte-source.ts'
import { PickleFault, type PickleRules } from './pickle.ts'
import { PickleDict, PickleObject, PickleTuple, type PickleValue } from './pickle-values.ts'
import type { SourceDType } from './source-tensor.ts'

/** A run of numbers in the file, which tensors are windows on. */
export class TorchStorage extends PickleObject {
  readonly what = 'a storage'
  readonly key: string
  readonly dtype: SourceDType
  /** Elements. */
  readonly length: number

  constructor(key: string, dtype: SourceDType, length: number) {
    super()
    this.key = key
    this.dtype = dtype
    this.length = length
  }
}

/** A window on a storage. All in elements; checked to lie inside it. */
export class TorchTensor extends PickleObject {
  readonly what = 'a tensor'
  readonly storage: TorchStorage
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]

  constructor(storage: TorchStorage, offset: number, shape: readonly number[], strides: readonly number[]) {
    super()
    this.storage = storage
    this.offset = offset
    this.shape = shape
    this.strides = strides
  }
}

/** A name on the allow-list. */
class TorchName extends PickleObject {
  readonly what: string

  constructor(what: string) {
    super()
    this.what = what
  }
}

class StorageType extends TorchName {
  readonly dtype: SourceDType

  constructor(what: string, dtype: SourceDType) {
    super(what)
    this.dtype = dtype
  }
}

/** A name that means nothing here, and whatever was made with it. */
class Inert extends PickleObject {
  readonly what: string
  override readonly isInert = true

  constructor(what: string) {
    super()
    this.what = what
  }
}

const storageTypes: ReadonlyMap<string, SourceDType> = new Map([
  ['torch.FloatStorage', 'float32'],
  ['torch.HalfStorage', 'float16'],
  ['torch.BFloat16Storage', 'bfloat16'],
  ['torch.DoubleStorage', 'float64'],
  ['torch.LongStorage', 'int64'],
  ['torch.IntStorage', 'int32'],
  ['torch.ShortStorage', 'int16'],
  ['torch.CharStorage', 'int8'],
  ['torch.ByteStorage', 'uint8'],
  ['torch.BoolStorage', 'bool'],
])

const orderedDict = 'collections.OrderedDict'
const rebuildTensor = ['torch._utils._rebuild_tensor_v2', 'torch._utils._rebuild_tensor']
const rebuildParameter = 'torch._utils._rebuild_parameter'
const allowed = new Set([orderedDict, ...rebuildTensor, rebuildParameter])

/**
 * Modules that no checkpoint has a reason to name. They could do nothing here, as nothing can; but a file that names them was made
 * to do harm elsewhere, and its owner should hear of it.
 */
const suspicious = new Set(
  'os posix nt sys subprocess pty shutil socket runpy importlib pkgutil ctypes pip webbrowser asyncio multiprocessing code'.split(
    ' ',
  ),
)
/** Of python's own names, those that are types of plain data. */
const plainTypes = new Set(
  'set frozenset bytearray complex slice object int float bool str bytes list dict tuple'.split(' '),
)

export class TorchRules implements PickleRules {
  /** Names that were found and mean nothing here. */
  readonly ignored = new Set<string>()
  readonly storages = new Map<string, TorchStorage>()
  #tensors = 0

  global(module: string, name: string): PickleObject {
    const full = `${module}.${name}`
    const dtype = storageTypes.get(full)
    if (dtype !== undefined) return new StorageType(full, dtype)
    if (allowed.has(full)) return new TorchName(full)
    if (name.includes('.')) throw harmful(full)
    if (suspicious.has(module.split('.')[0] ?? '')) throw harmful(full)
    if (['builtins', '__builtin__'].includes(module) && !plainTypes.has(name)) throw harmful(full)
    if (this.ignored.size >= 1000) throw new PickleFault('names more than 1000 kinds of objects')
    this.ignored.add(full)
    return new Inert(full)
  }

  call(callee: PickleObject, { items }: PickleTuple): PickleValue {
    if (callee instanceof Inert) return new Inert(callee.what)
    if (!(callee instanceof TorchName) || callee instanceof StorageType)
      throw new PickleFault(`calls ${callee.what}, which is no maker of data`)
    if (callee.what === orderedDict) return orderedDictOf(items)
    if (callee.what === rebuildParameter) {
      const [tensor = null] = items
      if (items.length === 3 && (tensor instanceof TorchTensor || tensor instanceof Inert)) return tensor
      throw new PickleFault('makes a parameter of what is no tensor')
    }
    if (++this.#tensors > 200_000) throw new PickleFault('holds more than 200,000 tensors')
    return tensorOf(items)
  }

  /** ('storage', type, key, device, elements), and in the old format a sixth, which was used by views of views. */
  persistent(id: PickleValue): PickleValue {
    const items = id instanceof PickleTuple ? id.items : []
    const [mark, type, key, , length, view = null] = items
    if ((items.length !== 5 && items.length !== 6) || mark !== 'storage')
      throw new PickleFault('refers to something that is no storage')
    if (type instanceof Inert)
      throw new PickleFault(`holds tensors of the kind ${type.what}, which Paella does not read`)
    if (!(type instanceof StorageType) || typeof key !== 'string' || !isCount(length))
      throw new PickleFault('refers to a storage that makes no sense')
    if (!/^\w{1,64}$/.test(key)) throw new PickleFault(`refers to a storage by the name ${shown(key)}`)
    if (view !== null)
      throw new PickleFault('is of a PyTorch before 0.4', 'load it with PyTorch 1.13 and save its state_dict again')
    const known = this.storages.get(key)
    if (known && (known.dtype !== type.dtype || known.length !== length))
      throw new PickleFault(`calls the storage ${key} two different things`)
    const storage = known ?? new TorchStorage(key, type.dtype, length)
    this.storages.set(key, storage)
    return storage
  }
}

const harmful = (name: string): PickleFault =>
  new PickleFault(
    `refers to ${shown(name)}, as no checkpoint needs and as files that do harm do`,
    'do not use it anywhere',
  )

const isCount = (value: PickleValue | undefined): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0

/** Empty, or of a list of pairs, as python before 3.7 wrote them. */
function orderedDictOf(items: readonly PickleValue[]): PickleValue {
  if (items.length === 0) return new PickleDict()
  throw new PickleFault('makes an OrderedDict in a way that PyTorch does not')
}

/** (storage, offset, shape, strides, requires_grad, hooks, ...) */
function tensorOf(items: readonly PickleValue[]): PickleValue {
  const [storage, offset, shape, strides] = items
  if (!(storage instanceof TorchStorage)) throw new PickleFault('makes a tensor of what is no storage')
  if (items.length < 4 || items.length > 7 || !isCount(offset))
    throw new PickleFault('makes a tensor that makes no sense')
  const [sides, steps] = [countsOf(shape), countsOf(strides)]
  if (!sides || !steps || sides.length !== steps.length) throw new PickleFault('holds a tensor of an impossible shape')
  if (sides.length > 8) throw new PickleFault(`holds a tensor of ${sides.length} sides`)
  const count = sides.reduce((product, side) => product * side, 1)
  if (!Number.isSafeInteger(count)) throw new PickleFault('holds a tensor of an impossible size')
  if (count === 0) return new TorchTensor(storage, 0, sides, steps)
  const last = sides.reduce((sum, side, axis) => sum + (side - 1) * (steps[axis] ?? 0), offset)
  if (last >= storage.length) throw new PickleFault('holds a tensor that lies outside of its storage')
  return new TorchTensor(storage, offset, sides, steps)
}

/** Sizes are a tuple; torch.Size is one to pickle. */
function countsOf(value: PickleValue | undefined): readonly number[] | undefined {
  if (!(value instanceof PickleTuple)) return undefined
  return value.items.every(isCount) ? value.items : undefined
}
