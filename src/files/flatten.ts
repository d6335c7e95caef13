/**
 * A document flattened, for the merged image of a saved one, for exports and for the command line. Works through the picture block
 * by block with pauses in between, so that a thread that has to answer others does, and only what one block shows is in memory.
 */
import { createHash } from 'node:crypto'
import { setImmediate as pause } from 'node:timers/promises'
import type { Records } from '../document/invariants.ts'
import { type Canvas, type Surface, tileSide } from '../document/records.ts'
import { type RenderNode, renderTree } from '../document/render-tree.ts'
import { compositeTree } from '../raster/composite-tree.ts'
import { tileParts } from '../raster/tiles.ts'
import { assert } from '../shared/base/assert.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import type { Rect } from '../shared/geometry/rect.ts'
import type { StripPicture } from './picture-strips.ts'

/** The bytes of a tile. @throws StudioError 'document-broken' */
export type LoadTile = (id: string) => Promise<Uint8Array>

/** ms of work after which others get their turn. */
const patience = 8

/** @param area part of the canvas, whole px; all of it unless told */
export function flattened(records: Records, load: LoadTile, area: Rect = wholeCanvas(records)): StripPicture {
  const nodes = renderTree(records, area).children.filter(isSeen)
  const count = Math.ceil(area.height / tileSide)
  const strips = Array.from({ length: count }, (_, index) => {
    const y = index * tileSide
    const rect = { ...area, y: area.y + y, height: Math.min(tileSide, area.height - y) }
    const content = described(
      nodes,
      [...tileParts(rect)].map(({ key }) => key),
    )
    const place = `${rect.width}x${rect.height} from ${rect.x % tileSide},${rect.y % tileSide}`
    const key = createHash('sha256').update(`flat ${place}\n${content}`).digest('hex')
    return { y, key, isBlank: content === '', make: () => flattenStrip(nodes, rect, load) }
  })
  return { width: area.width, height: area.height, channels: 4, strips }
}

export function wholeCanvas(records: Records): Rect {
  const canvas = records.get('canvas') as Canvas | undefined
  assert(canvas !== undefined, 'a document has a canvas')
  return { x: 0, y: 0, width: canvas.width, height: canvas.height }
}

async function flattenStrip(nodes: readonly RenderNode[], rect: Rect, load: LoadTile): Promise<Pixels> {
  const data = new Uint8Array(rect.width * rect.height * 4)
  let since = performance.now()
  for (let x = 0; x < rect.width; x += tileSide) {
    const block = { ...rect, x: rect.x + x, width: Math.min(tileSide, rect.width - x) }
    const tiles = await loadTiles(nodes, block, load)
    const pixels = compositeTree(nodes, block, (id) => tiles.get(id)!)
    for (let y = 0; y < block.height; y++) {
      const row = pixels.data.subarray(y * block.width * 4, (y + 1) * block.width * 4)
      data.set(row, (y * rect.width + x) * 4)
    }
    if (performance.now() - since < patience) continue
    await pause()
    since = performance.now()
  }
  return { width: rect.width, height: rect.height, channels: 4, data }
}

/** Every tile that compositing the rectangle may ask for. */
async function loadTiles(
  nodes: readonly RenderNode[],
  rect: Rect,
  load: LoadTile,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const wanted = new Map<string, number>()
  collect(
    nodes,
    [...tileParts(rect)].map(({ key }) => key),
    wanted,
  )
  const loaded = await Promise.all(
    [...wanted].map(async ([id, bytes]) => [id, await checkedTile(id, bytes, load)] as const),
  )
  return new Map(loaded)
}

/** @param wanted gets the ids, and how many bytes a tile of its surface has */
function collect(nodes: readonly RenderNode[], keys: readonly string[], wanted: Map<string, number>): void {
  for (const node of nodes) {
    const surfaces = node.kind === 'layer' ? [node.surface, node.mask] : [node.mask]
    for (const surface of surfaces) {
      for (const key of keys) {
        const id = surface?.tiles[key]
        if (surface !== null && id !== undefined) wanted.set(id, tileSide * tileSide * surface.channels)
      }
    }
    if (node.kind === 'group') collect(node.children.filter(isSeen), keys, wanted)
  }
}

async function checkedTile(id: string, bytes: number, load: LoadTile): Promise<Uint8Array> {
  const tile = await load(id)
  if (tile.length === bytes) return tile
  throw new StudioError(
    'document-broken',
    `A layer's tile ${id.slice(0, 12)} has ${tile.length} bytes where ${bytes} belong: open an earlier version of the document.`,
    { detail: id },
  )
}

const isSeen = (node: RenderNode): boolean => node.visible && node.opacity > 0

/**
 * All that the pixels of the rectangle depend on, in words; '' where nothing is in it. What has no tiles there is left out, so that
 * a new layer changes only the strips that it touches.
 */
function described(nodes: readonly RenderNode[], keys: readonly string[]): string {
  return nodes
    .filter(isSeen)
    .map((node) => {
      const own = node.kind === 'layer' ? tilesIn(node.surface, keys) : described(node.children, keys)
      if (own === '') return ''
      const mask = node.mask === null ? 'all' : tilesIn(node.mask, keys)
      const isolated = node.kind === 'group' && node.isolated
      return `${node.kind} ${isolated} ${node.opacity} ${node.blendMode} ${mask} {${own}}\n`
    })
    .join('')
}

function tilesIn(surface: Surface, keys: readonly string[]): string {
  const ids = keys.map((key) => surface.tiles[key] ?? '')
  return ids.every((id) => id === '') ? '' : ids.join()
}
