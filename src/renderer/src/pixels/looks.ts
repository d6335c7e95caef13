/**
 * What the picture shows in a rectangle, answered with yes or no: tile by tile, and only as far as it takes to know. Nothing of
 * it leaves the worker, so that it can be asked after every change.
 */
import type { LayerId } from '../../../document/index.ts'
import { tileParts } from '../../../raster/tiles.ts'
import { intersect, type Rect } from '../../../shared/geometry/rect.ts'
import { flatNodes } from './level-tree.ts'
import { drawPart, readPart } from './operations/draw.ts'
import type { Reader } from './reads.ts'

/** Px a side of what is looked at of large rectangles: less of it tells as much. */
const fineEnough = 1024

/** False where all px are transparent, or of one colour: a bare background is no picture. */
export async function hasContent(reader: Reader, rect: Rect): Promise<boolean> {
  const { document, tiles } = reader
  const { width, height } = document.canvas
  const inside = intersect(rect, { x: 0, y: 0, width, height })
  if (inside === undefined) return false
  const level = Math.max(0, Math.ceil(Math.log2(Math.max(inside.width, inside.height) / fineEnough)))
  const { children } = document.tree
  const nodes =
    level === 0
      ? children
      : flatNodes(children, (surface) => tiles.at(surface, level), new Map()).map(({ node }) => node)
  let first: number | undefined
  for (const { part } of tileParts(atLevel(inside, level))) {
    const { data } = await drawPart(reader, nodes, part)
    for (const colour of new Uint32Array(data.buffer, data.byteOffset, data.length / 4)) {
      first ??= shown(colour)
      if (shown(colour) !== first) return true
    }
  }
  return false
}

/** Px of the level that lie in the rectangle as a whole. */
function atLevel({ x, y, width, height }: Rect, level: number): Rect {
  const scale = 2 ** level
  const [left, top] = [Math.ceil(x / scale), Math.ceil(y / scale)]
  const [right, bottom] = [Math.floor((x + width) / scale), Math.floor((y + height) / scale)]
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** Transparent px are all alike, whatever colour they hide. Alpha is the highest byte: everything that runs this is little endian. */
const shown = (colour: number): number => (colour >>> 24 === 0 ? 0 : colour)

export async function shows(reader: Reader, layer: LayerId, rect: Rect): Promise<boolean> {
  const { surface } = reader.document.placeOf({ layer, part: 'pixels' })
  for (const part of partsInside(reader, rect)) {
    const picture = await drawPart(reader, reader.document.tree.children, part)
    const own = await readPart(reader, surface, part)
    if (own.data.length !== picture.data.length || own.data.some((byte, i) => byte !== picture.data[i])) return false
  }
  return true
}

function* partsInside({ document }: Reader, rect: Rect): Generator<Rect> {
  const { width, height } = document.canvas
  const inside = intersect(rect, { x: 0, y: 0, width, height })
  if (inside !== undefined) for (const { part } of tileParts(inside)) yield part
}
