/** The rows of the layers panel as they are seen: from top to bottom, without what lies in collapsed groups. */
import { type Layer, type LayerId, panelRows, type Records } from '../../../../document/index.ts'

export interface LayerRow {
  readonly layer: Layer
  /** 0 is the top of the tree. */
  readonly depth: number
  /** Undefined for what is no group. */
  readonly expanded: boolean | undefined
  /** Its place among its siblings from the top, from 1, and how many there are: what is read aloud of it. */
  readonly place: number
  readonly siblings: number
}

export function visibleRows(records: Records, collapsed: ReadonlySet<LayerId>): LayerRow[] {
  const all = panelRows(records)
  const counts = new Map<LayerId | null, number>()
  for (const { layer } of all) counts.set(layer.parent, (counts.get(layer.parent) ?? 0) + 1)
  const places = new Map<LayerId | null, number>()
  const rows: LayerRow[] = []
  /** Rows deeper than this lie in a collapsed group. */
  let hiddenBelow = Number.POSITIVE_INFINITY
  for (const { layer, depth } of all) {
    const place = (places.get(layer.parent) ?? 0) + 1
    places.set(layer.parent, place)
    if (depth > hiddenBelow) continue
    hiddenBelow = Number.POSITIVE_INFINITY
    const isGroup = layer.kind === 'group'
    const expanded = isGroup ? !collapsed.has(layer.id) : undefined
    if (expanded === false) hiddenBelow = depth
    rows.push({ layer, depth, expanded, place, siblings: counts.get(layer.parent) ?? 1 })
  }
  return rows
}

/** What an arrow key of a tree does: go to another row, or open or close the group one is on. */
export type TreeStep = { readonly to: LayerId } | { readonly expand: LayerId } | { readonly collapse: LayerId } | null

export function treeStep(rows: readonly LayerRow[], from: LayerId, key: string): TreeStep {
  const index = rows.findIndex(({ layer }) => layer.id === from)
  const row = rows[index]
  if (row === undefined) return null
  const toIndex = (i: number): TreeStep => {
    const target = rows[i]
    return target === undefined || target === row ? null : { to: target.layer.id }
  }
  switch (key) {
    case 'ArrowDown':
      return toIndex(index + 1)
    case 'ArrowUp':
      return toIndex(index - 1)
    case 'Home':
      return toIndex(0)
    case 'End':
      return toIndex(rows.length - 1)
    case 'ArrowRight': {
      if (row.expanded === undefined) return null
      if (!row.expanded) return { expand: from }
      return rows[index + 1]?.layer.parent === from ? toIndex(index + 1) : null
    }
    case 'ArrowLeft':
      if (row.expanded === true) return { collapse: from }
      return row.layer.parent === null ? null : { to: row.layer.parent }
    default:
      return null
  }
}
