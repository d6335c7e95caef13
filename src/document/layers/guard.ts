/** What an operation checks before it changes anything: that the layer is there, may be changed, and that there is room. */
import { StudioError } from '../../shared/contract/errors.ts'
import type { Records } from '../invariants.ts'
import { limits } from '../limits.ts'
import type { Layer, LayerId } from '../records.ts'
import { ancestorsOf, indexChildren, layerOf, lockOf, withDescendants } from '../tree.ts'

const refuse = (message: string): StudioError => new StudioError('bad-request', message)

/** @throws StudioError 'bad-request' where the layer is gone */
export function requireLayer(records: Records, id: LayerId): Layer {
  const layer = layerOf(records, id)
  if (layer === undefined) throw refuse('This layer is no longer in the document. Choose another one.')
  return layer
}

/** @throws StudioError 'bad-request' where the layer is gone, or it or a group around it is locked */
export function requireUnlocked(records: Records, id: LayerId): Layer {
  const layer = requireLayer(records, id)
  const lock = lockOf(records, id)
  if (lock === undefined) return layer
  const where = lock.id === id ? 'is locked. Unlock it' : `lies in the locked group '${lock.name}'. Unlock the group`
  throw refuse(`The layer '${layer.name}' ${where}, then try again.`)
}

/** As requireUnlocked, for the layer and everything in it, in the order of withDescendants. */
export function requireAllUnlocked(records: Records, id: LayerId): Layer[] {
  requireUnlocked(records, id)
  return withDescendants(records, id).map((layer) => requireUnlocked(records, layer.id))
}

/**
 * @param parent where layers shall go; null = the top
 * @throws StudioError 'bad-request' where it is gone, locked or no group
 */
export function requireGroup(records: Records, parent: LayerId | null): void {
  if (parent === null) return
  const group = requireUnlocked(records, parent)
  if (group.kind !== 'group') throw refuse(`'${group.name}' is not a group. Choose a group to put layers into.`)
}

/** @throws StudioError 'bad-request' where `count` more layers are too many */
export function requireRoom(records: Records, count: number): void {
  if (records.size - 1 + count <= limits.layers) return
  throw refuse(`A document has at most ${limits.layers} layers. Merge or remove some, then try again.`)
}

/**
 * @param moved what goes there, if it exists already
 * @throws StudioError 'bad-request' where groups would be nested too deep
 */
export function requireDepth(records: Records, parent: LayerId | null, moved?: Layer): void {
  const above = parent === null ? 0 : ancestorsOf(records, parent).length + 1
  if (above + (moved === undefined ? 0 : heightOf(records, moved)) <= limits.depth) return
  throw refuse(`Groups can be nested ${limits.depth} deep. Put the layer into a group further out.`)
}

/** How many levels of layers lie in it: 0 for what has no children. */
function heightOf(records: Records, layer: Layer): number {
  const index = indexChildren(records)
  const height = (id: LayerId): number =>
    (index.get(id) ?? []).reduce((most, child) => Math.max(most, height(child.id) + 1), 0)
  return height(layer.id)
}
