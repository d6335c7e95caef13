/**
 * The difference of two sets of records, as plain JSON: what an edit did, what undo takes back, what the journal writes. An
 * updated record holds its patch only (see patch.ts). Works on any records with an id; nothing here knows about layers.
 */
import { assert } from '../shared/base/assert.ts'
import { applyPatch, invertPatch, type Part, type Patch, patchBetween, squashPatches } from './patch.ts'

export interface HasId {
  readonly id: string
}

export type ById<V> = Readonly<Record<string, V>>

export interface Diff<R extends HasId> {
  readonly added: ById<R>
  readonly updated: ById<Patch>
  readonly removed: ById<R>
}

export type RecordMap<R extends HasId> = ReadonlyMap<string, R>

/** @param ids the records to compare; by default all */
export function diffRecords<R extends HasId>(
  before: RecordMap<R>,
  after: RecordMap<R>,
  ids: Iterable<string> = new Set([...before.keys(), ...after.keys()]),
): Diff<R> {
  const added: Record<string, R> = {}
  const updated: Record<string, Patch> = {}
  const removed: Record<string, R> = {}
  for (const id of ids) {
    const was = before.get(id)
    const is = after.get(id)
    if (was === undefined && is !== undefined) added[id] = is
    else if (was !== undefined && is === undefined) removed[id] = was
    else if (was !== undefined && is !== undefined) {
      const patch = patchBetween(partOf(was), partOf(is))
      if (patch !== undefined) updated[id] = patch
    }
  }
  return { added, updated, removed }
}

/** The records after the diff, in a new map; records and parts that the diff does not name stay the same objects. */
export function applyDiff<R extends HasId>(records: RecordMap<R>, diff: Diff<R>): Map<string, R> {
  const result = new Map(records)
  for (const id of Object.keys(diff.removed)) assert(result.delete(id), `a diff removes '${id}', which is not there`)
  for (const [id, record] of Object.entries(diff.added)) {
    assert(!result.has(id), `a diff adds '${id}', which is there already`)
    result.set(id, record)
  }
  for (const [id, patch] of Object.entries(diff.updated)) {
    const record = result.get(id)
    assert(record !== undefined, `a diff updates '${id}', which is not there`)
    result.set(id, applyPatch(partOf(record), patch) as unknown as R)
  }
  return result
}

export function invertDiff<R extends HasId>(diff: Diff<R>): Diff<R> {
  const updated = Object.fromEntries(Object.entries(diff.updated).map(([id, patch]) => [id, invertPatch(patch)]))
  return { added: diff.removed, updated, removed: diff.added }
}

/** One diff that does what all of them do, one after the other. */
export function squashDiffs<R extends HasId>(diffs: readonly Diff<R>[]): Diff<R> {
  let whole: Patch = { before: {}, after: {} }
  for (const diff of diffs) whole = squashPatches(whole, toPatch(diff)) ?? { before: {}, after: {} }
  return fromPatch(whole)
}

export function isEmptyDiff(diff: Diff<HasId>): boolean {
  return [diff.added, diff.updated, diff.removed].every((part) => Object.keys(part).length === 0)
}

/** A diff is a patch of the object that holds every record under its id. */
function toPatch<R extends HasId>({ added, updated, removed }: Diff<R>): Patch {
  const before: Record<string, unknown> = { ...removed }
  const after: Record<string, unknown> = { ...added }
  for (const [id, patch] of Object.entries(updated)) {
    before[id] = patch.before
    after[id] = patch.after
  }
  return { before, after }
}

function fromPatch<R extends HasId>({ before, after }: Patch): Diff<R> {
  const added: Record<string, R> = {}
  const updated: Record<string, Patch> = {}
  const removed: Record<string, R> = {}
  for (const [id, part] of Object.entries(before)) {
    if (Object.hasOwn(after, id)) updated[id] = { before: part as Part, after: after[id] as Part }
    else removed[id] = part as R
  }
  for (const [id, part] of Object.entries(after)) if (!Object.hasOwn(before, id)) added[id] = part as R
  return { added, updated, removed }
}

const partOf = (record: HasId): Part => record as unknown as Part
