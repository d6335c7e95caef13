/** Colour onto a layer or a mask, or off it, inside the selection and the canvas: strokes, fills, the bucket, clearing. */
import type { Surface } from '../../../../document/index.ts'
import type { StrokePoint } from '../../../../editor/index.ts'
import { floodInPlace, likeCoverage } from '../../../../raster/flood.ts'
import { StrokeBuilder } from '../../../../raster/stroke.ts'
import { readRect, tileRect, tilesBounds, tileSide } from '../../../../raster/tiles.ts'
import type { Pixels } from '../../../../shared/contract/picture.ts'
import { intersect, type Rect } from '../../../../shared/geometry/rect.ts'
import { brushAt, type Paint, paintOf, paintOver } from '../brush-paint.ts'
import { newTile } from '../minting.ts'
import type { Place } from '../mirror.ts'
import type { OperationResult, PixelOperation, StrokeStart } from '../pixels-api.ts'
import {
  canvasRect,
  changed,
  draftOf,
  eachTile,
  type Job,
  keysIn,
  nothing,
  partOf,
  selectionOf,
  tilesAt,
} from './job.ts'

type Operation<Name extends PixelOperation['do']> = Extract<PixelOperation, { do: Name }>

/** Coverage of a part of a tile, one byte a px; undefined where nothing of it is covered. */
type CoverageOf = (part: Rect, key: string) => Uint8Array | undefined

export async function stroke(
  job: Job,
  start: StrokeStart,
  points: readonly StrokePoint[],
  place: Place = job.document.placeOf(start.target),
  selection: Surface | null = selectionOf(job),
  drawn?: StrokeBuilder,
): Promise<OperationResult> {
  const region = canvasRect(job)
  const builder = drawn ?? new StrokeBuilder(brushAt(start, 0), region)
  if (drawn === undefined) for (const point of points) builder.add(point)
  if (builder.bounds === undefined) return nothing
  const coverage: CoverageOf = (part, key) => (builder.has(key) ? builder.read(part) : undefined)
  const keys = keysIn(builder.bounds).filter((key) => builder.has(key))
  return changed(place, await painted(job, place.surface, selection, keys, region, coverage, paintOf(start)))
}

export async function fill(job: Job, { target, colour }: Operation<'fill'>): Promise<OperationResult> {
  return everywhere(job, job.document.placeOf(target), { how: 'colour', colour, opacity: 1 })
}

export async function clear(job: Job, { target }: Operation<'clear'>): Promise<OperationResult> {
  const place = job.document.placeOf(target)
  // Without a selection all of the layer is meant, what lies beyond the canvas too.
  if (selectionOf(job) === null) return changed(place, { channels: place.surface.channels, tiles: {} })
  return everywhere(job, place, { how: 'erase', colour: [0, 0, 0], opacity: 1 })
}

async function everywhere(job: Job, place: Place, paint: Paint): Promise<OperationResult> {
  const region = canvasRect(job)
  const full = new Uint8Array(tileSide * tileSide).fill(255)
  const coverage: CoverageOf = ({ width, height }) => full.subarray(0, width * height)
  return changed(place, await painted(job, place.surface, selectionOf(job), keysIn(region), region, coverage, paint))
}

/**
 * The bucket: what is like the px at a point, and reached from it through the selection where it has to be contiguous. Costs a
 * byte for every px of the canvas, or of what is selected.
 */
export async function flood(job: Job, operation: Operation<'flood'>): Promise<OperationResult> {
  const { target, colour, tolerance, contiguous } = operation
  const place = job.document.placeOf(target)
  const region = floodRegion(job)
  const point = { x: Math.floor(operation.point.x), y: Math.floor(operation.point.y), width: 1, height: 1 }
  if (region === undefined || intersect(region, point) === undefined) return nothing
  const { surface } = place
  const selection = selectionOf(job)
  const [key] = keysIn(point)
  const like = await job.tiles.use(tilesAt(key ?? '', surface), () => readRect(surface, point, job.tiles.get).data)
  const open = new Uint8Array(region.width * region.height)
  await eachTile(
    job,
    keysIn(region).filter((key) => selection === null || selection.tiles[key] !== undefined),
    (key) => tilesAt(key, surface, selection),
    (key) => {
      const part = partOf(key, region)
      const coverage = likeCoverage(readRect(surface, part, job.tiles.get), like, tolerance)
      if (selection !== null) {
        const { data } = readRect(selection, part, job.tiles.get)
        for (let px = 0; px < data.length; px++) if (data[px] === 0) coverage[px] = 0
      }
      put(open, region, coverage, part)
    },
  )
  const start = (point.y - region.y) * region.width + point.x - region.x
  if (open[start] === 0) return nothing
  if (contiguous) {
    for (const _ of floodInPlace(open, region.width, point.x - region.x, point.y - region.y)) await job.pause()
  }
  const paint: Paint = { how: 'colour', colour, opacity: 1 }
  const coverage: CoverageOf = (part) => {
    const bytes = cut(open, region, part)
    return bytes.includes(255) ? bytes : undefined
  }
  return changed(place, await painted(job, surface, selection, keysIn(region), region, coverage, paint))
}

export async function invertMask(job: Job, { layer }: Operation<'invert-mask'>): Promise<OperationResult> {
  const place = job.document.placeOf({ layer, part: 'mask' })
  const region = canvasRect(job)
  const invert = (before: Pixels, selection: Uint8Array | undefined): Uint8Array =>
    before.data.map((value, px) => {
      const share = selection === undefined ? 1 : selection[px]! / 255
      return Math.round(value + (255 - 2 * value) * share)
    })
  const { surface } = place
  return changed(place, await replaced(job, surface, selectionOf(job), keysIn(region), region, invert))
}

function painted(
  job: Job,
  surface: Surface,
  selection: Surface | null,
  keys: readonly string[],
  region: Rect,
  coverageOf: CoverageOf,
  paint: Paint,
): Promise<Surface> {
  return replaced(job, surface, selection, keys, region, (before, selected, part, key) => {
    const coverage = coverageOf(part, key)
    return coverage && paintOver(before, coverage, paint, selected).data
  })
}

/** The surface with px replaced by what `change` makes of them, where anything is selected; undefined leaves them. */
async function replaced(
  job: Job,
  surface: Surface,
  selection: Surface | null,
  keys: readonly string[],
  region: Rect,
  change: (before: Pixels, selected: Uint8Array | undefined, part: Rect, key: string) => Uint8Array | undefined,
): Promise<Surface> {
  const draft = draftOf(job, surface)
  const { get } = job.tiles
  await eachTile(
    job,
    keys.filter((key) => selection === null || selection.tiles[key] !== undefined),
    (key) => tilesAt(key, surface, selection),
    (key) => {
      const part = partOf(key, region)
      const selected = selection === null ? undefined : readRect(selection, part, get).data
      const bytes = change(readRect(surface, part, get), selected, part, key)
      if (bytes === undefined) return
      const isWhole = part.width === tileSide && part.height === tileSide
      draft.put(key, isWhole ? bytes : withPart(surface, key, bytes, part, get))
    },
  )
  return draft.finish()
}

/** A whole tile of which a part is replaced. */
function withPart(
  surface: Surface,
  key: string,
  bytes: Uint8Array,
  part: Rect,
  get: (id: string) => Uint8Array,
): Uint8Array {
  const { channels } = surface
  const id = surface.tiles[key]
  const tile = id === undefined ? newTile(channels) : new Uint8Array(get(id))
  const { x, y } = tileRect(key)
  const line = part.width * channels
  for (let row = 0; row < part.height; row++) {
    const to = ((part.y - y + row) * tileSide + part.x - x) * channels
    tile.set(bytes.subarray(row * line, (row + 1) * line), to)
  }
  return tile
}

/** The canvas, or the part of it that has tiles of the selection. */
function floodRegion(job: Job): Rect | undefined {
  const canvas = canvasRect(job)
  const selection = selectionOf(job)
  if (selection === null) return canvas
  const bounds = tilesBounds(selection)
  return bounds && intersect(bounds, canvas)
}

function put(all: Uint8Array, region: Rect, bytes: Uint8Array, part: Rect): void {
  for (let y = 0; y < part.height; y++) {
    const to = (part.y - region.y + y) * region.width + part.x - region.x
    all.set(bytes.subarray(y * part.width, (y + 1) * part.width), to)
  }
}

function cut(all: Uint8Array, region: Rect, part: Rect): Uint8Array {
  const bytes = new Uint8Array(part.width * part.height)
  for (let y = 0; y < part.height; y++) {
    const from = (part.y - region.y + y) * region.width + part.x - region.x
    bytes.set(all.subarray(from, from + part.width), y * part.width)
  }
  return bytes
}
