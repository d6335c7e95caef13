/** Which pictures of the gallery are chosen: by their ids, as their places change whenever a new one comes. */
import type { PictureId } from '../../../../shared/contract/gallery-api.ts'

export interface Selection {
  readonly ids: ReadonlySet<PictureId>
  /** Where keys go on from. */
  readonly active: PictureId | null
  /** Where a range begins. */
  readonly anchor: PictureId | null
}

export const nothing: Selection = { ids: new Set(), active: null, anchor: null }

export const only = (id: PictureId): Selection => ({ ids: new Set([id]), active: id, anchor: id })

export function toggled({ ids }: Selection, id: PictureId): Selection {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return { ids: next, active: id, anchor: id }
}

/** @param range ids from the anchor to `id`, in whichever direction */
export const ranged = ({ anchor }: Selection, id: PictureId, range: readonly PictureId[]): Selection => ({
  ids: new Set(range),
  active: id,
  anchor,
})

/** Without those that are gone. */
export function without(selection: Selection, gone: readonly PictureId[]): Selection {
  const ids = new Set([...selection.ids].filter((id) => !gone.includes(id)))
  const keep = (id: PictureId | null) => (id !== null && gone.includes(id) ? null : id)
  return { ids, active: keep(selection.active), anchor: keep(selection.anchor) }
}
