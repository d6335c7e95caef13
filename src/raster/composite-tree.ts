/**
 * A tree of layers and groups rendered bottom to top for one rectangle. This is what the screen, export and the command
 * line all show. Only tiles that the rectangle touches are read, and under a mask only those that the mask shows.
 */
import type { Pixels } from '../shared/contract/picture.ts'
import type { Rect } from '../shared/geometry/rect.ts'
import { type BlendMode, blendBlock, blendPixels } from './blend.ts'
import { type GetTile, readRect, type TileSurface, tileParts, tileSide } from './tiles.ts'

interface NodeCommon {
  readonly visible: boolean
  /** 0..1 */
  readonly opacity: number
  readonly blendMode: BlendMode
  /** One channel; 0, and so what has no tile, hides. null = nothing is hidden. */
  readonly mask: TileSurface | null
}

export interface TreeLayer extends NodeCommon {
  readonly kind: 'layer'
  readonly surface: TileSurface
}

export interface TreeGroup extends NodeCommon {
  readonly kind: 'group'
  /**
   * True: the children blend with each other alone, and their picture with what lies below. False ('pass through'): they
   * blend with what lies below, as if there were no group. A group that passes through but has an opacity, a mode or a mask
   * of its own is rendered isolated: these work on the picture of a group, which a group that passes through has not.
   */
  readonly isolated: boolean
  /** From bottom to top. */
  readonly children: readonly TreeNode[]
}

export type TreeNode = TreeLayer | TreeGroup

/** RGBA of the rectangle over transparency; `nodes` from bottom to top. Costs a picture of that size per nested group. */
export function compositeTree(nodes: readonly TreeNode[], rect: Rect, getTile: GetTile): Pixels {
  const { width, height } = rect
  const target: Pixels = { width, height, channels: 4, data: new Uint8Array(width * height * 4) }
  blendTree(nodes, target, rect, getTile)
  return target
}

/** The same over what is there already, in place: nodes drawn in two goes are drawn as in one, byte for byte. */
export function blendTree(nodes: readonly TreeNode[], target: Pixels, rect: Rect, getTile: GetTile): void {
  for (const node of nodes) blendNode(node, target, rect, getTile)
}

function blendNode(node: TreeNode, target: Pixels, rect: Rect, getTile: GetTile): void {
  if (!node.visible || node.opacity === 0) return
  if (node.kind === 'layer') blendLayer(node, target, rect, getTile)
  else if (passesThrough(node)) blendTree(node.children, target, rect, getTile)
  else {
    const group = compositeTree(node.children, rect, getTile)
    const weights = node.mask === null ? undefined : readRect(node.mask, rect, getTile).data
    blendPixels(target.data, group.data, node.blendMode, node.opacity, weights)
  }
}

/** False where the group is drawn into a picture of its own. */
export function passesThrough(group: TreeGroup): boolean {
  return !group.isolated && group.opacity === 1 && group.blendMode === 'normal' && group.mask === null
}

/** Tile by tile, straight from the tiles' own memory. */
function blendLayer(layer: TreeLayer, target: Pixels, rect: Rect, getTile: GetTile): void {
  const { mask } = layer
  for (const { key, part, offset } of tileParts(rect)) {
    const id = layer.surface.tiles[key]
    const maskId = mask?.tiles[key]
    if (id === undefined || (mask !== null && maskId === undefined)) continue
    const tile = getTile(id)
    const weights = maskId === undefined ? undefined : getTile(maskId)
    const to = (part.y - rect.y) * rect.width + part.x - rect.x
    blendBlock(
      { data: target.data, at: to, line: rect.width },
      { data: tile, at: offset, line: tileSide },
      part,
      layer.blendMode,
      layer.opacity,
      weights,
    )
  }
}
