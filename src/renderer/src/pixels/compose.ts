/**
 * The px of a tile of the display, or of a part of it, from tiles in memory. At level 0 they are byte for byte those of
 * `compositeTree`, however little of the picture was drawn to get them; but while something is moved, roundings may differ.
 */
import { blendBlock, over } from '../../../raster/blend.ts'
import { blendTree, type TreeNode } from '../../../raster/composite-tree.ts'
import { readRect, type TileSurface, tileRect, tileSide } from '../../../raster/tiles.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { Rect } from '../../../shared/geometry/rect.ts'
import type { LevelScene, Stack } from './scene.ts'

type Get = (id: string) => Uint8Array

interface Canvas extends Pixels {
  readonly data: Uint8Array<ArrayBuffer>
}

/** #ff3b30 at half strength. */
const red = [255, 59, 48] as const
const redAlpha = 0.5

/**
 * @param key of the tile
 * @param rect a part of it, in px of the level
 * @param get tiles of the document; those that are live come from the scene
 */
export function compose(scene: LevelScene, key: string, rect: Rect, get: Get): Uint8ClampedArray<ArrayBuffer> {
  const { live, below, middle, above, overlay } = scene
  const getAny: Get = (id) => live?.get(id) ?? get(id)
  const getStill = (id: string): Uint8Array | undefined => (live?.owns(id) ? undefined : get(id))
  const canvas = newCanvas(rect)
  if (topmostOpaque(above.nodes, key, get) < 0) {
    const top = topmostOpaque(middle, key, getStill)
    if (top < 0) layStack(below, live !== null, key, canvas, rect, get)
    blendTree(middle.slice(Math.max(0, top)), canvas, rect, getAny)
  }
  layStack(above, live !== null, key, canvas, rect, get)
  mendEdge(canvas, rect, scene)
  if (overlay !== null) layRed(canvas.data, overlay, rect, getAny)
  return new Uint8ClampedArray(canvas.data.buffer)
}

/** A tile is kept when so many times its px have been drawn in parts: a small brush that passes through never pays for it. */
const worthKeeping = 4

/** @param isKept whether it will be drawn again as it is */
function layStack(stack: Stack, isKept: boolean, key: string, canvas: Canvas, rect: Rect, get: Get): void {
  const { nodes, kept } = stack
  if (nodes.length === 0) return
  const draw = (target: Canvas, rect: Rect): void =>
    blendTree(nodes.slice(Math.max(0, topmostOpaque(nodes, key, get))), target, rect, get)
  if (!isKept) return draw(canvas, rect)
  let tile = kept.get(key)
  if (tile === undefined) kept.set(key, (tile = { spent: 0, bytes: null }))
  const area = rect.width * rect.height
  const tileArea = tileSide * tileSide
  tile.spent += area
  const whole = tileRect(key)
  if (tile.bytes === null && (area === tileArea || tile.spent > worthKeeping * tileArea)) {
    const picture = newCanvas(whole)
    draw(picture, whole)
    tile.bytes = picture.data
  }
  if (tile.bytes === null) return draw(canvas, rect)
  const at = (rect.y - whole.y) * tileSide + rect.x - whole.x
  blendBlock(
    { data: canvas.data, at: 0, line: rect.width },
    { data: tile.bytes, at, line: tileSide },
    rect,
    'normal',
    1,
  )
}

/** The index of the topmost layer that hides all below it in this tile; -1 where none does. */
function topmostOpaque(nodes: readonly TreeNode[], key: string, get: (id: string) => Uint8Array | undefined): number {
  return nodes.findLastIndex((node) => {
    if (node.kind === 'group' || !node.visible || node.opacity < 1 || node.blendMode !== 'normal' || node.mask !== null)
      return false
    const id = node.surface.tiles[key]
    const bytes = id === undefined ? undefined : get(id)
    return bytes !== undefined && isOpaque(bytes)
  })
}

const opaque = new WeakMap<Uint8Array, boolean>()

function isOpaque(bytes: Uint8Array): boolean {
  const known = opaque.get(bytes)
  if (known !== undefined) return known
  let i = 3
  while (i < bytes.length && bytes[i] === 255) i += 4
  const is = i >= bytes.length
  opaque.set(bytes, is)
  return is
}

function layRed(data: Uint8Array, mask: TileSurface, rect: Rect, get: Get): void {
  const shown = readRect(mask, rect, get).data
  const [r, g, b] = red
  for (let px = 0; px < shown.length; px++) {
    const hidden = 255 - shown[px]!
    if (hidden > 0) over(data, px * 4, r, g, b, (redAlpha * hidden) / 255)
  }
}

/** Px that lie on the canvas in part were made from nothing as well: what is opaque must not let light through there. */
function mendEdge({ data }: Canvas, rect: Rect, { width, height, edge }: LevelScene): void {
  const mend = (x: number, y: number, share: number): void => {
    const at = ((y - rect.y) * rect.width + x - rect.x) * 4 + 3
    data[at] = Math.min(255, Math.round(data[at]! / share))
  }
  if (edge.column < 1 && rect.x + rect.width === width) {
    for (let y = rect.y; y < rect.y + rect.height; y++) mend(width - 1, y, edge.column)
  }
  if (edge.row < 1 && rect.y + rect.height === height) {
    for (let x = rect.x; x < rect.x + rect.width; x++) mend(x, height - 1, edge.row)
  }
}

function newCanvas({ width, height }: Rect): Canvas {
  return { width, height, channels: 4, data: new Uint8Array(width * height * 4) }
}
