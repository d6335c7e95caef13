/**
 * What the picture shows in a rectangle, answered with yes or no: tile by tile, and only as far as it takes to know. Nothing of
 * it leaves the worker, so that it can be asked after every change.
 */
import type { LayerId } from '../../../document/index.ts'
import { tileParts } from '../../../raster/tiles.ts'
import { intersect, type Rect } from '../../../shared/geometry/rect.ts'
import { drawPart, readPart } from './operations/draw.ts'
import type { Reader } from './reads.ts'

/** False where all px are transparent, or of one colour: a bare background is no picture. */
export async function hasContent(reader: Reader, rect: Rect): Promise<boolean> {
  let first: number | undefined
  for (const part of partsInside(reader, rect)) {
    const { data } = await drawPart(reader, reader.document.tree.children, part)
    for (const colour of new Uint32Array(data.buffer, data.byteOffset, data.length / 4)) {
      first ??= shown(colour)
      if (shown(colour) !== first) return true
    }
  }
  return false
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
