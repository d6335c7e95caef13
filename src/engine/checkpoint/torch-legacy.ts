/**
 * Checkpoints of PyTorch before 1.6: five pickles one behind the other (a magic number, a version, facts about the machine, the
 * object, the storages' names), then every storage as its length and its numbers.
 */
import { type ByteSource, refused } from './byte-source.ts'
import { PickleFault, unpickle } from './pickle.ts'
import { PickleDict, PickleList, type PickleValue } from './pickle-values.ts'
import { sourceBytes } from './source-tensor.ts'
import { findStateDict } from './state-dict.ts'
import { checkGrowth, faultsNamed, largestPickle, type TorchContents } from './torch-file.ts'
import { TorchRules } from './torch-objects.ts'
import { sourceTensor } from './torch-tensor.ts'

/** The first pickle, byte for byte: a magic number that was computed is a trick. */
export const legacyMagic = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex')

/** @param file begins with `legacyMagic`. @throws StudioError 'model-broken' */
export function readTorchLegacy(file: ByteSource): TorchContents {
  const bytes = file.read(0, Math.min(file.size, largestPickle))
  const { tensors, ignored, places } = faultsNamed(file, () => {
    const rules = new TorchRules()
    const version = unpickle(bytes, legacyMagic.length, noObjects)
    if (version.value !== 1001) throw new PickleFault('is of a version that nobody has written')
    const machine = unpickle(bytes, version.end, noObjects)
    if (!(machine.value instanceof PickleDict) || machine.value.entries.get('little_endian') !== true)
      throw new PickleFault('comes from a machine whose numbers are big-endian', 'save it again on a common computer')
    const object = unpickle(bytes, machine.end, rules)
    const names = unpickle(bytes, object.end, noObjects)
    return {
      tensors: findStateDict(object.value),
      ignored: [...rules.ignored],
      places: placeStorages(file, keysOf(names.value), rules, names.end),
    }
  })
  checkGrowth(file, tensors)
  const lazy = [...tensors].map(([key, tensor]) => {
    const { storage } = tensor
    const start = places.get(storage.key) ?? 0
    const size = sourceBytes[storage.dtype]
    return [key, sourceTensor(tensor, (from, count) => file.read(start + from * size, count * size))] as const
  })
  return { tensors: new Map(lazy), ignored }
}

/** Everything but the object is plain data. */
const refuse = (): never => {
  throw new PickleFault('names objects where only numbers and text belong')
}
const noObjects = { global: refuse, call: refuse, persistent: refuse }

function keysOf(value: PickleValue): readonly string[] {
  const items = value instanceof PickleList ? value.items : []
  if (!(value instanceof PickleList) || !items.every((item) => typeof item === 'string'))
    throw new PickleFault('does not name its storages')
  return items
}

/** @returns where the numbers of each storage begin; they end with the file */
function placeStorages(
  file: ByteSource,
  keys: readonly string[],
  { storages }: TorchRules,
  start: number,
): ReadonlyMap<string, number> {
  const places = new Map<string, number>()
  let at = start
  for (const key of keys) {
    const storage = storages.get(key)
    if (!storage || places.has(key)) throw new PickleFault('names storages that no tensor uses, or one twice')
    if (at + 8 > file.size) throw refused(file.name, 'it has been cut off')
    if (file.read(at, 8).readBigInt64LE() !== BigInt(storage.length))
      throw refused(file.name, 'the numbers in it are more or fewer than it says')
    places.set(key, at + 8)
    at += 8 + storage.length * sourceBytes[storage.dtype]
    if (at > file.size) throw refused(file.name, 'it has been cut off')
  }
  if (places.size !== storages.size) throw refused(file.name, 'the numbers of some tensors are missing in it')
  if (at !== file.size) throw refused(file.name, 'something stands behind its last tensor')
  return places
}
