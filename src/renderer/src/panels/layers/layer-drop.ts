/**
 * Where layers that are dragged over the panel would go: into the group that is pointed at, or between two rows. Below the last
 * row of a group there are several places, one for each group that ends there; how far left the pointer is decides.
 */
import { type LayerId, type Place, type Records, withDescendants } from '../../../../document/index.ts'
import type { LayerRow } from './layer-rows.ts'

export interface Drop {
  readonly place: Place
  /** What is shown: a line above row `index` (its length = below all), indented by `depth`, or a frame around row `into`. */
  readonly mark: { readonly index: number; readonly depth: number } | { readonly into: LayerId }
}

interface Pointer {
  /** In rows from the top of the list: 2.5 is the middle of the third. */
  readonly y: number
  /** In levels of the tree from its left edge: 1.2 is within the first group. */
  readonly x: number
}

/** Of the height of a group's row: what of it, at the top and at the bottom, means beside it. */
const edge = 0.28

/** Null where they cannot go: into themselves. */
export function dropAt(
  records: Records,
  rows: readonly LayerRow[],
  moving: readonly LayerId[],
  { x, y }: Pointer,
): Drop | null {
  if (rows.length === 0) return null
  const taken = new Set(moving.flatMap((id) => withDescendants(records, id).map((layer) => layer.id)))
  const row = rows[Math.floor(y)]
  const within = y - Math.floor(y)
  if (row !== undefined && row.layer.kind === 'group' && within > edge && within < 1 - edge) {
    const { id } = row.layer
    return taken.has(id) ? null : { place: { parent: id, at: 'top' }, mark: { into: id } }
  }
  // The gap above row `index`.
  const index = Math.max(0, Math.min(rows.length, Math.round(y)))
  const [above, below] = [rows[index - 1], rows[index]]
  // As deep as the row below, or as any group that ends with the row above.
  const deepest = above === undefined ? 0 : above.depth + (above.expanded === true ? 1 : 0)
  const shallowest = below?.depth ?? 0
  const depth = Math.max(shallowest, Math.min(deepest, Math.floor(x)))
  const parent = parentAt(rows, index, depth)
  if (parent !== null && taken.has(parent)) return null
  return { place: placeIn(rows, index, depth, parent, taken), mark: { index, depth } }
}

/** The group that a gap at this depth lies in. */
function parentAt(rows: readonly LayerRow[], index: number, depth: number): LayerId | null {
  if (depth === 0) return null
  const group = rows.slice(0, index).findLast((row) => row.depth === depth - 1)
  return group?.layer.id ?? null
}

/** Above the next sibling that stays, or at the bottom where there is none. */
function placeIn(
  rows: readonly LayerRow[],
  index: number,
  depth: number,
  parent: LayerId | null,
  taken: ReadonlySet<LayerId>,
): Place {
  for (const row of rows.slice(index)) {
    if (row.depth < depth) break
    if (row.depth === depth && !taken.has(row.layer.id)) return { above: row.layer.id }
  }
  return { parent, at: 'bottom' }
}
