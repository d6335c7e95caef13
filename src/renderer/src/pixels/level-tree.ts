/**
 * What is drawn at one level: the render tree with its surfaces at that level, groups that pass through opened up, so that it is
 * one list from bottom to top. Says which tiles a tile of the display is made of, and whether they have changed.
 */
import type { RenderNode } from '../../../document/index.ts'
import { passesThrough, type TreeNode } from '../../../raster/composite-tree.ts'
import type { TileSurface } from '../../../raster/tiles.ts'

/** Surfaces that stand in for a layer's own, by layer. */
export type Overrides = ReadonlyMap<string, { readonly surface?: TileSurface; readonly mask?: TileSurface }>

export interface FlatNode {
  readonly node: TreeNode
  /** The layers in it, itself included. */
  readonly layers: readonly string[]
}

/** @param at a surface at the level */
export function flatNodes(
  nodes: readonly RenderNode[],
  at: (surface: TileSurface) => TileSurface,
  overrides: Overrides,
): FlatNode[] {
  return nodes.flatMap((source) => {
    const node = nodeAt(source, at, overrides)
    if (source.kind === 'group' && node.visible && node.kind === 'group' && passesThrough(node)) {
      return flatNodes(source.children, at, overrides)
    }
    return [{ node, layers: layersOf(source) }]
  })
}

function nodeAt(source: RenderNode, at: (surface: TileSurface) => TileSurface, overrides: Overrides): TreeNode {
  const override = overrides.get(source.id)
  const mask = source.mask === null ? null : (override?.mask ?? at(source.mask))
  const { visible, opacity, blendMode } = source
  const common = { visible, opacity, blendMode, mask }
  if (source.kind === 'layer') return { kind: 'layer', ...common, surface: override?.surface ?? at(source.surface) }
  const children = source.children.map((child) => nodeAt(child, at, overrides))
  return { kind: 'group', ...common, isolated: source.isolated, children }
}

function layersOf(node: RenderNode): string[] {
  return node.kind === 'group' ? [node.id, ...node.children.flatMap(layersOf)] : [node.id]
}

/** The tiles that `compositeTree` reads for a tile of the display. */
export function* tilesRead(nodes: Iterable<TreeNode>, key: string): Generator<string> {
  for (const node of nodes) {
    if (!node.visible || node.opacity === 0) continue
    const mask = node.mask?.tiles[key]
    if (node.kind === 'group') yield* tilesRead(node.children, key)
    else {
      const id = node.surface.tiles[key]
      if (id === undefined || (node.mask !== null && mask === undefined)) continue
      yield id
    }
    if (mask !== undefined) yield mask
  }
}

/** Ids are hashes, or short: so many characters tell any two of them apart. */
const told = 16

/** The same text for the same picture in a tile of the display; '' where nothing shows. */
export function signature(nodes: Iterable<TreeNode>, key: string): string {
  let text = ''
  for (const node of nodes) {
    if (!node.visible || node.opacity === 0) continue
    const mask = node.mask?.tiles[key]
    if (node.mask !== null && mask === undefined) continue
    const inner = node.kind === 'group' ? signature(node.children, key) : node.surface.tiles[key]?.slice(0, told)
    if (inner === undefined || inner === '') continue
    const shown = node.kind === 'group' && passesThrough(node) ? inner : `(${inner})`
    text += `${shown}${node.blendMode} ${node.opacity} ${mask?.slice(0, told) ?? ''};`
  }
  return text
}
