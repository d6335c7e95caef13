/** A document put together again from what its journal and its folder still hold, and what is missing said in words. */
import { z } from 'zod'
import type { DocumentDiff } from '../document/draft.ts'
import type { DocumentRecord, LayerMask, Surface } from '../document/records.ts'
import type { DocumentStore } from '../document/store.ts'
import { diffSchema } from './requests.ts'
import { tilesOfRecords } from './tiles-of-records.ts'

const entrySchema = z.object({ label: z.string(), diff: diffSchema })

/**
 * Replays the entries of a journal on its base. The first that does not fit is the end: what came after it was made on it.
 *
 * @param dropped entries that could not even be read
 * @returns warnings
 */
export function replayEntries(store: DocumentStore, entries: readonly unknown[], dropped: number): string[] {
  const fitting = entries.findIndex((entry) => !replayed(store, entry))
  const missing = (fitting < 0 ? 0 : entries.length - fitting) + dropped
  if (missing === 0) return []
  const all = entries.length + dropped
  return [`The last ${missing === 1 ? 'change' : `${missing} changes`} of ${all} could not be recovered.`]
}

function replayed(store: DocumentStore, entry: unknown): boolean {
  try {
    const { label, diff } = entrySchema.parse(entry)
    store.replay(label, diff as unknown as DocumentDiff)
    return true
  } catch {
    return false
  }
}

/**
 * Takes tiles out of the document that are not there: what they showed is empty, and all else can be used and saved.
 *
 * @returns warnings
 */
export function withoutMissingTiles(store: DocumentStore, there: ReadonlySet<string>): string[] {
  const missing = new Set([...tilesOfRecords(store.records).keys()].filter((id) => !there.has(id)))
  if (missing.size === 0) return []
  store.edit('Recover', (draft) => {
    for (const record of store.records.values()) draft.put(recordWithout(record, missing))
  })
  const parts = missing.size === 1 ? 'A part' : `${missing.size} parts`
  return [
    `${parts} of the picture could not be recovered: look for empty squares, and compare with an earlier version.`,
  ]
}

function recordWithout(record: DocumentRecord, missing: ReadonlySet<string>): DocumentRecord {
  const without = (surface: Surface): Surface => ({
    ...surface,
    tiles: Object.fromEntries(Object.entries(surface.tiles).filter(([, id]) => !missing.has(id))),
  })
  if (record.kind === 'canvas')
    return record.selection === null ? record : { ...record, selection: without(record.selection) }
  const mask: LayerMask | null = record.mask && { ...record.mask, surface: without(record.mask.surface) }
  return record.kind === 'group' ? { ...record, mask } : { ...record, mask, surface: without(record.surface) }
}
