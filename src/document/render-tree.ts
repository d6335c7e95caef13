/**
 * What there is to draw, as a value that raster can render without knowing documents: nested nodes, bottom to top. Mask
 * layers are no pictures and are left out; so are masks that are switched off.
 */
import type { Size } from '../shared/geometry/rect.ts'
import type { Records } from './invariants.ts'
import type { BlendMode, Layer, LayerId, Surface } from './records.ts'
import { type ChildIndex, indexChildren } from './tree.ts'

interface RenderCommon {
  readonly id: LayerId
  readonly visible: boolean
  /** 0..1 */
  readonly opacity: number
  readonly blendMode: BlendMode
  /** One channel; null = all of it shows. */
  readonly mask: Surface | null
}

export interface RenderLayer extends RenderCommon {
  readonly kind: 'layer'
  /** Four channels, straight alpha. */
  readonly surface: Surface
}

export interface RenderGroup extends RenderCommon {
  readonly kind: 'group'
  /**
   * True: its children are drawn into a picture of their own, which is then blended with what is below. False: opacity is 1,
   * mode normal, no mask, and the children blend with what is below the group, as if they were not in one.
   */
  readonly isolated: boolean
  /** From bottom to top. */
  readonly children: readonly RenderNode[]
}

export type RenderNode = RenderLayer | RenderGroup

export interface RenderTree extends Size {
  /** From bottom to top, on a transparent canvas. */
  readonly children: readonly RenderNode[]
}

export function renderTree(records: Records, { width, height }: Size): RenderTree {
  return { width, height, children: nodesIn(indexChildren(records), null) }
}

/** A layer with all it holds; undefined for a mask layer. */
export function renderNode(index: ChildIndex, layer: Layer): RenderNode | undefined {
  if (layer.kind === 'mask') return undefined
  const { id, visible, opacity, blendMode } = layer
  const mask = layer.mask?.enabled ? layer.mask.surface : null
  const common = { id, visible, opacity, blendMode, mask }
  if (layer.kind === 'raster') return { kind: 'layer', ...common, surface: layer.surface }
  // As in CSS and OpenRaster, a group with an effect of its own is a picture of its own.
  const isolated = layer.isolated || opacity < 1 || blendMode !== 'normal' || mask !== null
  return { kind: 'group', ...common, isolated, children: nodesIn(index, id) }
}

function nodesIn(index: ChildIndex, parent: LayerId | null): RenderNode[] {
  return (index.get(parent) ?? []).flatMap((layer) => renderNode(index, layer) ?? [])
}
