/**
 * All that is drawn at a level: the layers, with what is live in place of their own px, and the red overlay. A scene is valid until
 * the document, the overlay, the live thing or the level is another one.
 */
import type { Target } from '../../../editor/index.ts'
import type { TreeNode } from '../../../raster/composite-tree.ts'
import type { TileSurface } from '../../../raster/tiles.ts'
import type { Size } from '../../../shared/geometry/rect.ts'
import { type FlatNode, flatNodes, signature, tilesRead } from './level-tree.ts'
import type { Live } from './live.ts'
import type { Mirror } from './mirror.ts'
import type { Tiles } from './tiles.ts'

export interface LevelScene extends Size {
  readonly level: number
  /** How much of the last column and of the last row of px lies on the canvas, above 0 and at most 1. */
  readonly edge: { readonly column: number; readonly row: number }
  /** What lies below everything live; nothing where nothing is live. */
  readonly below: Stack
  /** From bottom to top: what is live and what has to be drawn with it, layer by layer. */
  readonly middle: readonly TreeNode[]
  /** What lies above and can be drawn as one picture. */
  readonly above: Stack
  /** Red where it is 0. */
  readonly overlay: TileSurface | null
  readonly live: Live | null
}

/** Layers that stay as they are while something is live, so that their picture can be kept. */
export interface Stack {
  readonly nodes: readonly TreeNode[]
  /** What they look like in tiles that are drawn again and again. */
  readonly kept: Map<string, Kept>
}

export interface Kept {
  /** Px that were drawn without it. */
  spent: number
  /** RGBA of the tile, once that is cheaper. */
  bytes: Uint8Array | null
}

export const sizeAt = ({ width, height }: Size, level: number): Size => ({
  width: Math.ceil(width / 2 ** level),
  height: Math.ceil(height / 2 ** level),
})

export class Scenes {
  readonly #mirror: Mirror
  readonly #tiles: Tiles
  #scene: LevelScene | undefined
  #live: Live | null = null
  #overlay: Target | 'selection' | null = null

  constructor(mirror: Mirror, tiles: Tiles) {
    this.#mirror = mirror
    this.#tiles = tiles
  }

  get live(): Live | null {
    return this.#live
  }

  set live(live: Live | null) {
    this.#live = live
    this.invalidate()
  }

  set overlay(overlay: Target | 'selection' | null) {
    this.#overlay = overlay
    this.invalidate()
  }

  invalidate(): void {
    this.#scene = undefined
  }

  at(level: number): LevelScene {
    // What is live is so at one level at a time, and so is everything.
    if (this.#scene?.level === level) return this.#scene
    const live = this.#live
    const overrides = live?.overrides(level) ?? new Map()
    const flat = flatNodes(this.#mirror.now.tree.children, (surface) => this.#tiles.at(surface, level), overrides)
    const isLive = ({ layers }: FlatNode): boolean => layers.some((id) => overrides.has(id))
    const nodes = flat.map(({ node }) => node)
    const first = flat.findIndex(isLive)
    const split = live === null ? 0 : first < 0 ? nodes.length : first
    const end = flat.findLastIndex(isLive) + 1
    // Drawing normal layers onto each other first is another rounding, and nothing else.
    const isOne =
      live !== null && !live.isExact(level) && nodes.slice(end).every(({ blendMode }) => blendMode === 'normal')
    const top = isOne ? Math.max(split, end) : nodes.length
    const { canvas } = this.#mirror.now
    const size = sizeAt(canvas, level)
    this.#scene = {
      ...size,
      level,
      edge: { column: canvas.width / 2 ** level - size.width + 1, row: canvas.height / 2 ** level - size.height + 1 },
      below: { nodes: nodes.slice(0, split), kept: new Map() },
      middle: nodes.slice(split, top),
      above: { nodes: nodes.slice(top), kept: new Map() },
      overlay: this.#overlayAt(level),
      live,
    }
    return this.#scene
  }

  #overlayAt(level: number): TileSurface | null {
    const overlay = this.#overlay
    if (overlay === null) return null
    if (overlay === 'selection') {
      const { selection } = this.#mirror.now.canvas
      return selection && this.#tiles.at(selection, level)
    }
    // The layer may have gone, or lost its mask: then there is nothing to lay over.
    const place = this.#mirror.now.find(overlay)
    if (place === undefined || place.surface.channels !== 1) return null
    return this.#live?.overrides(level).get(place.layer.id)?.[place.field] ?? this.#tiles.at(place.surface, level)
  }
}

/** The tiles that have to be in memory to draw a tile of the display. */
export function sceneNeeds(scene: LevelScene, key: string): Set<string> {
  const { level, overlay, live } = scene
  const ids = new Set<string>(nodesOf(scene).flatMap((nodes) => [...tilesRead(nodes, key)]))
  const red = overlay?.tiles[key]
  if (red !== undefined) ids.add(red)
  if (live === null) return ids
  for (const id of ids) if (live.owns(id)) ids.delete(id)
  for (const id of live.needs(level, key)) ids.add(id)
  return ids
}

/** The same text for the same px of a tile of the display. */
export function sceneSignature(scene: LevelScene, key: string): string {
  const { level, overlay, live } = scene
  live?.touch(level, key)
  const red = overlay === null ? '' : `red ${overlay.tiles[key] ?? 'all'}`
  const shown = nodesOf(scene).map((nodes) => signature(nodes, key))
  return [...shown, red].join('')
}

const nodesOf = ({ below, middle, above }: LevelScene): (readonly TreeNode[])[] => [below.nodes, middle, above.nodes]
