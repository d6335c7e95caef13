/** Questions about the layers of a document: who lies in whom, in which order, and what is locked. Lists run bottom to top. */
import type { Records } from './invariants.ts'
import type { Layer, LayerId } from './records.ts'

/** Children by parent, each list from bottom to top; null is the top of the tree. */
export type ChildIndex = ReadonlyMap<LayerId | null, readonly Layer[]>

export function layerOf(records: Records, id: LayerId): Layer | undefined {
  const record = records.get(id)
  return record?.kind === 'canvas' ? undefined : record
}

export function indexChildren(records: Records): ChildIndex {
  const index = new Map<LayerId | null, Layer[]>()
  for (const record of records.values()) {
    if (record.kind === 'canvas') continue
    const siblings = index.get(record.parent)
    if (siblings === undefined) index.set(record.parent, [record])
    else siblings.push(record)
  }
  for (const siblings of index.values()) siblings.sort((a, b) => (a.order < b.order ? -1 : 1))
  return index
}

/** The layers directly in a group, or at the top, from bottom to top. */
export function childrenOf(records: Records, parent: LayerId | null): readonly Layer[] {
  return indexChildren(records).get(parent) ?? []
}

/** The layer and everything in it, each group before its children. */
export function withDescendants(records: Records, id: LayerId): Layer[] {
  const index = indexChildren(records)
  const walk = (layer: Layer): Layer[] => [layer, ...(index.get(layer.id) ?? []).flatMap(walk)]
  const layer = layerOf(records, id)
  return layer === undefined ? [] : walk(layer)
}

/** The groups a layer lies in, the innermost first. */
export function ancestorsOf(records: Records, id: LayerId): Layer[] {
  const found: Layer[] = []
  let layer = layerOf(records, id)
  while (layer !== undefined && layer.parent !== null) {
    layer = layerOf(records, layer.parent)
    if (layer !== undefined) found.push(layer)
  }
  return found
}

/** The rows of a layers panel, from top to bottom, groups above what they hold; `depth` 0 is the top of the tree. */
export function panelRows(records: Records): { readonly layer: Layer; readonly depth: number }[] {
  const index = indexChildren(records)
  const rows = (parent: LayerId | null, depth: number): { layer: Layer; depth: number }[] =>
    (index.get(parent) ?? []).toReversed().flatMap((layer) => [{ layer, depth }, ...rows(layer.id, depth + 1)])
  return rows(null, 0)
}

/** The locked layer that keeps `id` from being changed: itself, or a group around it. */
export function lockOf(records: Records, id: LayerId): Layer | undefined {
  const layer = layerOf(records, id)
  return [...(layer === undefined ? [] : [layer]), ...ancestorsOf(records, id)].find(({ locked }) => locked)
}

/** False where the layer or a group around it is hidden. */
export function isShown(records: Records, id: LayerId): boolean {
  const layer = layerOf(records, id)
  return layer !== undefined && [layer, ...ancestorsOf(records, id)].every(({ visible }) => visible)
}

const baseNames = { raster: 'Layer', group: 'Group', mask: 'Mask' } as const

/** 'Layer 3' where 'Layer 2' is the highest there is. */
export function nextName(records: Records, kind: Layer['kind']): string {
  const base = baseNames[kind]
  let highest = 0
  for (const record of records.values()) {
    if (record.kind === 'canvas' || !record.name.startsWith(`${base} `)) continue
    const number = record.name.slice(base.length + 1)
    if (/^\d{1,6}$/.test(number)) highest = Math.max(highest, Number(number))
  }
  return `${base} ${highest + 1}`
}
