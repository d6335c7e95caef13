/** Moving, duplicating and removing layers, with all they hold. Each is one step of the history. */
import { StudioError } from '../../shared/contract/errors.ts'
import type { Draft } from '../draft.ts'
import type { Records } from '../invariants.ts'
import type { LayerId } from '../records.ts'
import type { DocumentStore } from '../store.ts'
import { ancestorsOf, panelRows, withDescendants } from '../tree.ts'
import { requireAllUnlocked, requireDepth, requireGroup, requireLayer, requireRoom, requireUnlocked } from './guard.ts'
import { orderAt, type Place, parentOf } from './place.ts'
import { cleanName } from './properties.ts'

/** @throws StudioError 'bad-request' where one of them, or a layer in one of them, is locked or gone */
export function removeLayers(store: DocumentStore, ids: readonly LayerId[]): void {
  store.edit(ids.length === 1 ? 'Remove layer' : 'Remove layers', (draft) => {
    for (const id of outermost(draft.records, ids)) {
      for (const layer of requireAllUnlocked(draft.records, id).reverse()) draft.remove(layer.id)
    }
  })
}

/**
 * Moves layers to a place; among themselves they keep their order.
 * @throws StudioError 'bad-request' where one is locked or gone, or the place is locked, gone, no group, or inside of one of them
 */
export function moveLayers(store: DocumentStore, ids: readonly LayerId[], place: Place): void {
  store.edit(ids.length === 1 ? 'Move layer' : 'Move layers', (draft) => {
    const moved = outermost(draft.records, ids)
    const parent = checkedParent(draft, place)
    let target = place
    // Each goes above the one before, so that they end up in their own order. Above itself, a layer stays where it is.
    for (const id of moved) {
      const layer = requireUnlocked(draft.records, id)
      if (parent !== null && [parent, ...ancestorsOf(draft.records, parent).map(({ id }) => id)].includes(id)) {
        throw new StudioError('bad-request', `'${layer.name}' cannot go into itself. Choose a place outside of it.`)
      }
      requireDepth(draft.records, parent, layer)
      if (!('above' in target && target.above === id)) {
        draft.update(layer, { parent, order: orderAt(draft, target, id) })
      }
      target = { above: id }
    }
  })
}

/**
 * Copies layers with all they hold; each copy lies directly above its original. Locked layers can be copied, and their
 * copies are locked too.
 * @returns the ids of the copies of `ids`, bottom to top, without those that lie in another of them
 * @throws StudioError 'bad-request' where one is gone, lies in a locked group, or there are too many layers
 */
export function duplicateLayers(store: DocumentStore, ids: readonly LayerId[]): LayerId[] {
  const copies: LayerId[] = []
  store.edit(ids.length === 1 ? 'Duplicate layer' : 'Duplicate layers', (draft) => {
    for (const id of outermost(draft.records, ids)) {
      requireGroup(draft.records, requireLayer(draft.records, id).parent)
      const originals = withDescendants(draft.records, id)
      requireRoom(draft.records, originals.length)
      const copyIds = new Map(originals.map((layer) => [layer.id, store.newId()]))
      for (const layer of originals) {
        const copyId = copyIds.get(layer.id) ?? layer.id
        const changes =
          layer.id === id
            ? { order: orderAt(draft, { above: id }), name: cleanName(`${layer.name} copy`) }
            : { parent: copyIds.get(layer.parent ?? '') ?? null }
        draft.put({ ...layer, ...changes, id: copyId })
      }
      copies.push(copyIds.get(id) ?? id)
    }
  })
  return copies
}

/** Each once, bottom to top, without those that lie in another of them. @throws StudioError 'bad-request' where one is gone */
function outermost(records: Records, ids: readonly LayerId[]): LayerId[] {
  const wanted = new Set(ids)
  for (const id of wanted) requireLayer(records, id)
  const free = (id: LayerId) => wanted.has(id) && !ancestorsOf(records, id).some((group) => wanted.has(group.id))
  return panelRows(records)
    .map(({ layer }) => layer.id)
    .filter(free)
    .reverse()
}

function checkedParent(draft: Draft, place: Place): LayerId | null {
  if ('above' in place) requireLayer(draft.records, place.above)
  const parent = parentOf(draft, place)
  requireGroup(draft.records, parent)
  return parent
}
