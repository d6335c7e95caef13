/**
 * The difference of two plain values as two parts of them: what was there before and what is there after, with everything
 * equal left out at every depth. A stroke that changes one tile of a thousand is a patch of one tile. Values are JSON objects
 * without arrays; a key in only one part is a key that came or went.
 */
import { assert } from '../shared/base/assert.ts'

/** A JSON object, or a part of one. */
export type Part = Readonly<Record<string, unknown>>

export interface Patch {
  readonly before: Part
  readonly after: Part
}

/** The patch that leads from `before` to `after`; undefined where they are equal. */
export function patchBetween(before: Part, after: Part): Patch | undefined {
  const from: Record<string, unknown> = {}
  const to: Record<string, unknown> = {}
  for (const key of keysOf(before, after)) {
    const was = before[key]
    const is = after[key]
    const inBoth = Object.hasOwn(before, key) && Object.hasOwn(after, key)
    if (inBoth && Object.is(was, is)) continue
    if (inBoth && isPart(was) && isPart(is)) {
      const inner = patchBetween(was, is)
      if (inner !== undefined) {
        from[key] = inner.before
        to[key] = inner.after
      }
    } else {
      if (Object.hasOwn(before, key)) from[key] = was
      if (Object.hasOwn(after, key)) to[key] = is
    }
  }
  return Object.keys(from).length + Object.keys(to).length === 0 ? undefined : { before: from, after: to }
}

/** `value` with the patch applied; what the patch does not name stays the same object. */
export function applyPatch(value: Part, patch: Patch): Part {
  const result: Record<string, unknown> = { ...value }
  for (const key of keysOf(patch.before, patch.after)) {
    const inner = innerPatch(patch, key)
    if (inner !== undefined) {
      const current = value[key]
      assert(isPart(current), `a patch goes into ${key}, which is no object`)
      result[key] = applyPatch(current, inner)
    } else if (Object.hasOwn(patch.after, key)) result[key] = patch.after[key]
    else delete result[key]
  }
  return result
}

export const invertPatch = ({ before, after }: Patch): Patch => ({ before: after, after: before })

/** One patch that does what `first` and then `second` do; undefined where together they do nothing. */
export function squashPatches(first: Patch, second: Patch): Patch | undefined {
  const from: Record<string, unknown> = {}
  const to: Record<string, unknown> = {}
  const add = (patch: Patch | undefined) => {
    Object.assign(from, patch?.before)
    Object.assign(to, patch?.after)
  }
  for (const key of keysOf({ ...first.before, ...first.after }, { ...second.before, ...second.after })) {
    if (!names(second, key)) add(only(first, key))
    else if (!names(first, key)) add(only(second, key))
    else add(squashKey(first, second, key))
  }
  return Object.keys(from).length + Object.keys(to).length === 0 ? undefined : { before: from, after: to }
}

/** Both patches name `key`: what it was before the first and what it is after the second, and the difference of these. */
function squashKey(first: Patch, second: Patch, key: string): Patch | undefined {
  const inner1 = innerPatch(first, key)
  const inner2 = innerPatch(second, key)
  if (inner1 !== undefined && inner2 !== undefined) {
    const inner = squashPatches(inner1, inner2)
    return inner && { before: { [key]: inner.before }, after: { [key]: inner.after } }
  }
  // Where one of them replaces the whole value, its side of the middle is that whole value.
  const start =
    inner1 === undefined
      ? pick(first.before, key)
      : { [key]: applyPatch(partAt(second.before, key), invertPatch(inner1)) }
  const end = inner2 === undefined ? pick(second.after, key) : { [key]: applyPatch(partAt(first.after, key), inner2) }
  return patchBetween(start, end)
}

/** The patch inside `key`, where it goes deeper rather than replacing the value. */
function innerPatch(patch: Patch, key: string): Patch | undefined {
  if (!Object.hasOwn(patch.before, key) || !Object.hasOwn(patch.after, key)) return undefined
  const before = patch.before[key]
  const after = patch.after[key]
  return isPart(before) && isPart(after) ? { before, after } : undefined
}

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null

/** Keys of either; without a Set, which costs more than all else for maps of a thousand tiles. */
function keysOf(a: Part, b: Part): string[] {
  const keys = Object.keys(a)
  for (const key of Object.keys(b)) if (!Object.hasOwn(a, key)) keys.push(key)
  return keys
}

const names = (patch: Patch, key: string): boolean =>
  Object.hasOwn(patch.before, key) || Object.hasOwn(patch.after, key)

const pick = (part: Part, key: string): Part => (Object.hasOwn(part, key) ? { [key]: part[key] } : {})

const only = (patch: Patch, key: string): Patch => ({ before: pick(patch.before, key), after: pick(patch.after, key) })

function partAt(part: Part, key: string): Part {
  const value = part[key]
  assert(isPart(value), `a patch goes into ${key}, which is no object`)
  return value
}
