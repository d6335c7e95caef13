/**
 * Which tiles are still needed: by the document as it is, or by a step that undo or redo can reach. All others can be swept.
 */
import type { History } from './history.ts'
import type { TileId } from './records.ts'
import type { DocumentStore } from './store.ts'

/**
 * Reads what the history has on disk, and edits may come in meanwhile: sweep only tiles that were stored before the call.
 * @throws StudioError 'file-unreadable' where a step on disk cannot be read: then sweep nothing
 */
export async function reachableTiles(store: DocumentStore, history: History): Promise<Set<TileId>> {
  const found = new Set<TileId>()
  for (const record of store.records.values()) collectTiles(record, found)
  for (const diff of await history.diffs()) collectTiles(diff, found)
  // Once more for what changed while the disk was read.
  for (const record of store.records.values()) collectTiles(record, found)
  return found
}

/** Adds every string that stands under a key 'tiles', at any depth: records, diffs and patches all keep tiles there. */
function collectTiles(value: unknown, found: Set<TileId>): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'tiles') for (const id of Object.values(inner as object)) if (typeof id === 'string') found.add(id)
    collectTiles(inner, found)
  }
}
