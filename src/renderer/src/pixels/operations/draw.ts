/** Layers drawn into px, part by part: what a merge keeps and what the model and the clipboard read. */
import type { RenderNode } from '../../../../document/index.ts'
import { compositeTree, type TreeNode } from '../../../../raster/composite-tree.ts'
import { readRect, type TileSurface, tileParts, tileRect } from '../../../../raster/tiles.ts'
import type { Pixels } from '../../../../shared/contract/picture.ts'
import type { Rect } from '../../../../shared/geometry/rect.ts'
import { tilesRead } from '../level-tree.ts'
import { draftOf, eachTile, type Job, tilesAt } from './job.ts'

type Reader = Pick<Job, 'tiles' | 'pause'>

/** While a part is worked on, what those of so many after it read is asked for. */
const lookahead = 4

/** What the nodes show in a rectangle of any size, over nothing. */
export function drawPart(job: Reader, nodes: readonly TreeNode[], rect: Rect): Promise<Pixels> {
  return gather(
    job,
    rect,
    4,
    (key) => [...tilesRead(nodes, key)],
    (part) => compositeTree(nodes, part, job.tiles.get),
  )
}

/** The px of a surface in a rectangle of any size. */
export function readPart(job: Reader, surface: TileSurface, rect: Rect): Promise<Pixels> {
  return gather(
    job,
    rect,
    surface.channels,
    (key) => tilesAt(key, surface),
    (part) => readRect(surface, part, job.tiles.get),
  )
}

/** All that the nodes show, as a surface; what lies beyond the canvas too. */
export async function merged(job: Job, nodes: readonly RenderNode[]): Promise<TileSurface> {
  const draft = draftOf(job, { channels: 4, tiles: {} })
  const keys = new Set<string>()
  for (const node of nodes) for (const key of shownKeys(node)) keys.add(key)
  await eachTile(
    job,
    [...keys],
    (key) => tilesRead(nodes, key),
    (key) => draft.put(key, compositeTree(nodes, tileRect(key), job.tiles.get).data),
  )
  return draft.finish()
}

function* shownKeys(node: RenderNode): Generator<string> {
  if (!node.visible || node.opacity === 0) return
  if (node.kind === 'group') for (const child of node.children) yield* shownKeys(child)
  else yield* Object.keys(node.surface.tiles)
}

/** Puts a rectangle together from its parts, each within one tile; where a part reads no tile, all is 0. */
async function gather(
  { tiles, pause }: Reader,
  rect: Rect,
  channels: 1 | 4,
  reads: (key: string) => readonly string[],
  draw: (part: Rect) => Pixels,
): Promise<Pixels> {
  const { width, height } = rect
  const data = new Uint8Array(width * height * channels)
  const parts = [...tileParts(rect)].filter(({ key }) => reads(key).length > 0)
  for (const [i, { key, part }] of parts.entries()) {
    for (const next of parts.slice(i + 1, i + 1 + lookahead)) tiles.prefetch(reads(next.key))
    await tiles.use(reads(key), () => paste(data, rect, draw(part), part))
    await pause()
  }
  return { width, height, channels, data }
}

/** @param all px of `rect`, of as many channels as `pixels` */
function paste(all: Uint8Array, rect: Rect, { channels, data }: Pixels, part: Rect): void {
  const line = part.width * channels
  for (let y = 0; y < part.height; y++) {
    const to = ((part.y - rect.y + y) * rect.width + part.x - rect.x) * channels
    all.set(data.subarray(y * line, (y + 1) * line), to)
  }
}
