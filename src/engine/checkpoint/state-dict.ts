/**
 * Finds the weights in what a trainer saved: a map of tensors by name, at the top or beside the optimizer's state, step counts
 * and settings. Prefixes that wrappers put before every name (`module.` of DataParallel) come off.
 */
import { shown } from './byte-source.ts'
import { PickleFault } from './pickle.ts'
import { PickleDict, PickleObject, type PickleValue } from './pickle-values.ts'
import { mostTensors } from './safetensors-header.ts'
import { TorchTensor } from './torch-objects.ts'

/** Where trainers put the weights, the likeliest first; a map elsewhere is taken where it is the only one. */
const usualNames = ['state_dict', 'model_state_dict', 'model', 'ema_state_dict', 'ema', 'module', 'net', 'weights']
const wrappers = ['module.', '_orig_mod.']
const deepest = 3
const longestKey = 1024

interface Candidate {
  readonly path: readonly string[]
  readonly dict: PickleDict
}

/** @throws PickleFault where there is none, more than one, or one that holds something else than tensors */
export function findStateDict(root: PickleValue): ReadonlyMap<string, TorchTensor> {
  const found = candidates(root)
  const [first] = found
  if (!first) throw new PickleFault('holds no tensors by name', 'choose a file of weights')
  const usual = usualNames.flatMap((name) => found.filter(({ path }) => path.at(-1) === name))
  const top = found.find(({ path }) => path.length === 0)
  const chosen = top ?? usual[0] ?? (found.length === 1 ? first : undefined)
  if (!chosen) {
    const names = found.slice(0, 4).map(({ path }) => shown(path.join('.')))
    throw new PickleFault(`holds several maps of tensors (${names.join(', ')})`, 'save one of them by itself')
  }
  return withoutWrappers(tensorsOf(chosen.dict))
}

/** All maps that hold tensors right inside them, from the top down; an optimizer's are by number and no candidates. */
function candidates(root: PickleValue): Candidate[] {
  const found: Candidate[] = []
  const seen = new Set<PickleDict>()
  const queue: { path: readonly string[]; value: PickleValue }[] = [{ path: [], value: root }]
  for (const { path, value } of queue) {
    if (!(value instanceof PickleDict) || seen.has(value)) continue
    seen.add(value)
    const isOptimizer = path.some((name) => /optim|sched|scaler/i.test(name))
    if (!isOptimizer && holdsTensors(value)) found.push({ path, dict: value })
    else if (path.length < deepest)
      for (const [key, inner] of value.entries)
        if (typeof key === 'string') queue.push({ path: [...path, key], value: inner })
  }
  return found
}

/** Most of it: a trainer may keep a single tensor beside its maps. */
function holdsTensors({ entries }: PickleDict): boolean {
  let tensors = 0
  for (const value of entries.values()) if (value instanceof TorchTensor) tensors++
  return tensors > 0 && tensors * 2 >= entries.size
}

function tensorsOf({ entries, repeated }: PickleDict): ReadonlyMap<string, TorchTensor> {
  if (entries.size > mostTensors) throw new PickleFault(`holds more than ${mostTensors} tensors`)
  if (repeated !== undefined)
    throw new PickleFault(`names ${typeof repeated === 'string' ? shown(repeated) : 'a tensor'} twice`)
  const tensors = new Map<string, TorchTensor>()
  for (const [key, value] of entries) {
    if (typeof key !== 'string' || key === '' || key.length > longestKey)
      throw new PickleFault('holds a tensor whose name is none')
    if (value instanceof TorchTensor) tensors.set(key, value)
    else if (value instanceof PickleObject)
      throw new PickleFault(`holds ${shown(key)} as ${shown(value.what)}, which Paella does not read`)
    else throw new PickleFault(`holds ${shown(key)} among its weights, which is no tensor`)
  }
  return tensors
}

/** @returns the same with every prefix off that all names have; also used for safetensors */
export function withoutWrappers<T>(tensors: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const wrapper = wrappers.find(
    (prefix) => tensors.size > 0 && [...tensors.keys()].every((key) => key.startsWith(prefix)),
  )
  if (wrapper === undefined) return tensors
  return withoutWrappers(new Map([...tensors].map(([key, value]) => [key.slice(wrapper.length), value])))
}
