/** Questions about px: pictures for the model and the clipboard, bounds, thumbnails, a colour. */
import type { Colour, Target } from '../../../editor/index.ts'
import { resize } from '../../../raster/resize.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import { isTooLarge, pictureLimitsText } from '../../../shared/contract/picture-limits.ts'
import { StudioError } from '../../../shared/contract/errors.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import { intersect, type Rect } from '../../../shared/geometry/rect.ts'
import { union } from '../../../raster/union.ts'
import { flatNodes } from './level-tree.ts'
import type { DocumentView } from './mirror.ts'
import { nodesAlone } from './nodes-alone.ts'
import { boundsOf } from './operations/bounds.ts'
import { drawPart, readPart } from './operations/draw.ts'
import { placesOf } from './operations/move.ts'
import type { ReadRequest } from './pixels-api.ts'
import type { Tiles } from './tiles.ts'

export interface Reader {
  readonly document: DocumentView
  readonly tiles: Tiles
  readonly pause: () => Promise<void>
}

/** @throws StudioError (rejects) 'picture-too-large', 'bad-request', 'document-broken' */
export async function read(reader: Reader, request: ReadRequest): Promise<Pixels> {
  const { rect } = request
  if (isTooLarge(rect)) {
    throw new StudioError(
      'picture-too-large',
      `A picture of ${rect.width} x ${rect.height} px is too large: at most ${pictureLimitsText}. Choose a smaller part.`,
    )
  }
  switch (request.what) {
    case 'picture':
      return picture(reader, rect)
    case 'selection':
      return selection(reader, rect)
    case 'surface':
      return readPart(reader, request.surface, rect)
    case 'target': {
      const pixels = await target(reader, request.target, rect)
      if (!request.selected || reader.document.canvas.selection === null) return pixels
      return selectedOf(pixels, await selection(reader, rect))
    }
  }
}

/** Nothing of a layer shows beyond the canvas. */
async function picture(reader: Reader, rect: Rect): Promise<Pixels> {
  const { document } = reader
  const { width, height } = document.canvas
  const inside = intersect(rect, { x: 0, y: 0, width, height })
  const all: Pixels = {
    width: rect.width,
    height: rect.height,
    channels: 4,
    data: new Uint8Array(rect.width * rect.height * 4),
  }
  if (inside === undefined) return all
  const pixels = await drawPart(reader, document.tree.children, inside)
  if (inside.width === rect.width && inside.height === rect.height) return pixels
  const line = inside.width * 4
  for (let y = 0; y < inside.height; y++) {
    const to = ((inside.y - rect.y + y) * rect.width + inside.x - rect.x) * 4
    all.data.set(pixels.data.subarray(y * line, (y + 1) * line), to)
  }
  return all
}

/** A layer's own px, without its mask; of a group what it holds. */
async function target(reader: Reader, target: Target, rect: Rect): Promise<Pixels> {
  const place = reader.document.find(target)
  if (place !== undefined) return readPart(reader, place.surface, rect)
  const nodes = groupAlone(reader, target)
  if (nodes === undefined) reader.document.placeOf(target)
  return drawPart(reader, nodes ?? [], rect)
}

async function selection(reader: Reader, rect: Rect): Promise<Pixels> {
  const { selection } = reader.document.canvas
  if (selection !== null) return readPart(reader, selection, rect)
  const { width, height } = rect
  return { width, height, channels: 1, data: new Uint8Array(width * height).fill(255) }
}

/** Px that are not selected at all are 0 in all channels. */
function selectedOf(pixels: Pixels, { data: selected }: Pixels): Pixels {
  const { channels } = pixels
  const data = new Uint8Array(pixels.data)
  for (let px = 0, last = channels - 1; px < selected.length; px++, last += channels) {
    const value = Math.round((data[last]! * selected[px]!) / 255)
    data[last] = value
    if (value === 0) data.fill(0, px * channels, last)
  }
  return { ...pixels, data }
}

export async function bounds(reader: Reader, target: Target | 'selection'): Promise<Rect | null> {
  const { document } = reader
  let sum: Rect | undefined
  for (const surface of surfacesOf(document, target)) {
    const found = await boundsOf(reader, surface)
    if (found !== undefined) sum = union(sum, found)
  }
  return sum ?? null
}

function surfacesOf(document: DocumentView, target: Target | 'selection') {
  if (target === 'selection') return document.canvas.selection === null ? [] : [document.canvas.selection]
  const place = document.find(target)
  if (place !== undefined) return [place.surface]
  // Of a group, the px of the layers in it.
  return placesOf(document, target).flatMap(({ field, surface }) => (field === 'surface' ? [surface] : []))
}

/** RGBA; masks are grey. From a level that is large enough, so that large canvases cost little. */
export async function thumbnail(reader: Reader, target: Target, side: number): Promise<Pixels | null> {
  const { document, tiles } = reader
  const { width, height } = document.canvas
  const longer = Math.max(width, height)
  const shrink = Math.min(1, side / longer)
  const size = {
    width: Math.max(1, Math.round(width * shrink)),
    height: Math.max(1, Math.round(height * shrink)),
  }
  // One level finer than the size asks for: what of its last px lies beyond the canvas is left out, and must not be missed.
  const level = Math.max(0, Math.floor(Math.log2(1 / shrink)) - 1)
  const whole = (length: number): number => Math.max(1, Math.floor(length / 2 ** level))
  const rect = { x: 0, y: 0, width: whole(width), height: whole(height) }
  const place = document.find(target)
  const nodes = place === undefined ? groupAlone(reader, target) : undefined
  if (place === undefined && nodes === undefined) return null
  const pixels =
    place === undefined
      ? await drawPart(
          reader,
          flatNodes(nodes ?? [], (surface) => tiles.at(surface, level), new Map()).map(({ node }) => node),
          rect,
        )
      : await readPart(reader, tiles.at(place.surface, level), rect)
  if (isBlank(pixels)) return null
  const small = resize(pixels, size, 'bilinear')
  return small.channels === 1 ? greys(small) : small
}

function groupAlone({ document }: Reader, { layer, part }: Target) {
  return part === 'mask' ? undefined : nodesAlone(document.records, layer, 'bare')
}

function isBlank({ data, channels }: Pixels): boolean {
  for (let i = channels - 1; i < data.length; i += channels) if (data[i] !== 0) return false
  return true
}

function greys({ width, height, data }: Pixels): Pixels {
  const rgba = new Uint8Array(data.length * 4)
  for (let px = 0; px < data.length; px++) {
    rgba.fill(data[px]!, px * 4, px * 4 + 3)
    rgba[px * 4 + 3] = 255
  }
  return { width, height, channels: 4, data: rgba }
}

export async function colourAt(reader: Reader, { x, y }: Point): Promise<Colour | null> {
  const { data } = await picture(reader, { x: Math.floor(x), y: Math.floor(y), width: 1, height: 1 })
  const [r = 0, g = 0, b = 0, alpha = 0] = data
  return alpha === 0 ? null : [r, g, b]
}
