/**
 * Merging in two steps, because the pixels are made elsewhere: a plan says what is to be drawn, raster draws it, and the commit
 * puts the result in the place of its sources, in one step of the history. Mask layers are never merged away.
 */
import { StudioError } from '../../shared/contract/errors.ts'
import type { Records } from '../invariants.ts'
import { type Part, patchBetween } from '../patch.ts'
import type { Layer, LayerId, RasterLayer, Surface } from '../records.ts'
import { type RenderNode, renderNode } from '../render-tree.ts'
import type { DocumentStore } from '../store.ts'
import { childrenOf, indexChildren, isShown, layerOf, lockOf, withDescendants } from '../tree.ts'
import { requireAllUnlocked, requireLayer } from './guard.ts'
import { orderAt } from './place.ts'

export interface MergePlan {
  readonly label: string
  /** To be drawn on nothing, from bottom to top; hidden ones among them do not show. Pixels beyond the canvas count too. */
  readonly nodes: readonly RenderNode[]
  /** The layers as they were planned: all that the result replaces, groups before what they hold. */
  readonly sources: readonly Layer[]
  /** What the result is like; its opacity is 1, and it has no mask: those of the sources are in its pixels. */
  readonly target: Pick<RasterLayer, 'parent' | 'order' | 'name' | 'blendMode'> & {
    /** The source that becomes the result, or null for a new layer. */
    readonly id: LayerId | null
  }
}

/**
 * The layer into the raster layer below it (mask layers between them do not count). The result keeps id, name and mode of the
 * lower one, so it looks the same where that mode is 'normal'.
 * @throws StudioError 'bad-request' where there is nothing to merge with, or one is locked or hidden
 */
export function mergeDownPlan(records: Records, id: LayerId): MergePlan {
  const layer = requireLayer(records, id)
  const lower = mergePartner(records, layer)
  if (lower === undefined) {
    throw refuse(`There is no visible picture layer below '${layer.name}' to merge it into. Move or show one there.`)
  }
  const sources = [lower, layer].flatMap((source) => requireAllUnlocked(records, source.id))
  return { label: 'Merge down', nodes: nodesOf(records, [lower, layer]), sources, target: lower }
}

/** Whether mergeDownPlan would make a plan. */
export function canMergeDown(records: Records, id: LayerId): boolean {
  const layer = layerOf(records, id)
  const lower = layer && mergePartner(records, layer)
  if (layer === undefined || lower === undefined) return false
  return [lower, ...withDescendants(records, id)].every((source) => lockOf(records, source.id) === undefined)
}

/** A group into one layer. @throws StudioError 'bad-request' where it is no group, or it or a layer in it is locked */
export function mergeGroupPlan(records: Records, id: LayerId): MergePlan {
  const group = requireLayer(records, id)
  if (group.kind !== 'group') throw refuse(`'${group.name}' is not a group. Choose a group to merge.`)
  const sources = requireAllUnlocked(records, id)
  return {
    label: 'Merge group',
    nodes: nodesOf(records, [{ ...group, visible: true }]),
    sources,
    target: { ...group, id: null },
  }
}

/**
 * All visible layers at the top of the tree, with what they hold, into one. 'flatten' removes the hidden ones as well.
 * @throws StudioError 'bad-request' where nothing is visible, or one of them is locked
 */
export function mergeVisiblePlan(records: Records, mode: 'merge' | 'flatten'): MergePlan {
  const pictures = childrenOf(records, null).filter(({ kind }) => kind !== 'mask')
  const visible = pictures.filter((layer) => layer.visible)
  const [lowest] = visible
  if (lowest === undefined) throw refuse('No layer is visible. Show the layers to merge, then try again.')
  const replaced = mode === 'flatten' ? pictures : visible
  return {
    label: mode === 'flatten' ? 'Flatten' : 'Merge visible',
    nodes: nodesOf(records, visible),
    sources: replaced.flatMap((layer) => requireAllUnlocked(records, layer.id)),
    target: { id: null, parent: null, order: lowest.order, name: lowest.name, blendMode: 'normal' },
  }
}

/** What comes of several layers was made by no run. */
const madeByNobody = { recipe: null, generated: null } as const

/**
 * @param surface the nodes of the plan, drawn; 4 channels
 * @returns the id of the result
 * @throws StudioError 'bad-request' where the layers have changed since they were planned; nothing has changed then
 */
export function commitMerge(store: DocumentStore, plan: MergePlan, surface: Surface): LayerId {
  const { parent, order, name, blendMode } = plan.target
  const id = plan.target.id ?? store.newId()
  store.edit(plan.label, (draft) => {
    if (!plan.sources.every((source) => isUnchanged(draft.get(source.id), source))) {
      throw refuse('The layers have changed while they were being merged. Merge them once more.')
    }
    for (const source of plan.sources) if (source.kind !== 'mask' && source.id !== id) draft.remove(source.id)
    const merged = { parent, order, name, blendMode, opacity: 1, mask: null, visible: true, surface, ...madeByNobody }
    draft.put({ id, kind: 'raster', locked: false, ...merged })
    let above = id
    for (const mask of plan.sources.filter(({ kind }) => kind === 'mask')) {
      draft.update(mask, { parent, order: orderAt(draft, { above }) })
      above = mask.id
    }
  })
  return id
}

/** The nearest sibling below that is a picture, if it is one to merge into. */
function mergePartner(records: Records, layer: Layer): RasterLayer | undefined {
  if (layer.kind === 'mask' || !isShown(records, layer.id)) return undefined
  const below = childrenOf(records, layer.parent).filter(({ kind, order }) => kind !== 'mask' && order < layer.order)
  const lower = below.at(-1)
  return lower?.kind === 'raster' && lower.visible ? lower : undefined
}

function nodesOf(records: Records, layers: readonly Layer[]): RenderNode[] {
  const index = indexChildren(records)
  return layers.flatMap((layer) => renderNode(index, layer) ?? [])
}

const isUnchanged = (now: unknown, planned: Layer): boolean =>
  now !== undefined && patchBetween(now as Part, planned as unknown as Part) === undefined

const refuse = (message: string): StudioError => new StudioError('bad-request', message)
