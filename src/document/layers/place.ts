/** Finding an order key for a layer among its future siblings. */
import type { Draft } from '../draft.ts'
import { limits } from '../limits.ts'
import { freshKeys, keyBetween } from '../order.ts'
import type { LayerId } from '../records.ts'
import { childrenOf } from '../tree.ts'

/** Where a layer goes: directly above `above` in its group, or into `parent` (null = the top of the tree), on top or at the bottom. */
export type Place = { readonly above: LayerId } | { readonly parent: LayerId | null; readonly at?: 'top' | 'bottom' }

/** The parent that a place lies in. */
export function parentOf(draft: Draft, place: Place): LayerId | null {
  if (!('above' in place)) return place.parent
  const layer = draft.get(place.above)
  return layer === undefined || layer.kind === 'canvas' ? null : layer.parent
}

/**
 * An order key for the place. Where keys have become long, the siblings are numbered afresh first.
 * @param moving the layer that is to go there, which is no neighbour of itself
 */
export function orderAt(draft: Draft, place: Place, moving?: LayerId): string {
  const key = keyAt(draft, place, moving)
  if (key.length <= limits.order) return key
  const siblings = childrenOf(draft.records, parentOf(draft, place))
  const keys = freshKeys(siblings.length)
  siblings.forEach((layer, i) => draft.update(layer, { order: keys[i] ?? layer.order }))
  return keyAt(draft, place, moving)
}

function keyAt(draft: Draft, place: Place, moving: LayerId | undefined): string {
  const siblings = childrenOf(draft.records, parentOf(draft, place)).filter(({ id }) => id !== moving)
  let index = siblings.length
  if ('above' in place) index = siblings.findIndex(({ id }) => id === place.above) + 1
  else if (place.at === 'bottom') index = 0
  return keyBetween(siblings[index - 1]?.order ?? null, siblings[index]?.order ?? null)
}
