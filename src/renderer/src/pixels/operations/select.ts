/** Selections: shapes joined to them, grown, shrunk, feathered, turned inside out, taken from layers. Always inside the canvas. */
import type { Surface } from '../../../../document/index.ts'
import type { SelectionMode, SelectionShape } from '../../../../editor/index.ts'
import { combineSelections, featherSelection, growSelection, shrinkSelection } from '../../../../raster/selection.ts'
import { ellipseCoverage, polygonCoverage, rectCoverage } from '../../../../raster/selection-shapes.ts'
import { StrokeBuilder } from '../../../../raster/stroke.ts'
import { readRect, tileParts, tileRect, tileSide } from '../../../../raster/tiles.ts'
import { crop } from '../../../../raster/turn.ts'
import { union } from '../../../../raster/union.ts'
import type { Pixels } from '../../../../shared/contract/picture.ts'
import { intersect, type Rect } from '../../../../shared/geometry/rect.ts'
import { nodesAlone } from '../nodes-alone.ts'
import { newTile } from '../minting.ts'
import type { OperationResult, PixelOperation } from '../pixels-api.ts'
import { drawPart } from './draw.ts'
import {
  canvasRect,
  draftOf,
  eachTile,
  type Job,
  keysIn,
  nothing,
  partOf,
  selected,
  selectionOf,
  tilesAt,
} from './job.ts'

type Operation<Name extends PixelOperation['do']> = Extract<PixelOperation, { do: Name }>

const none: Surface = { channels: 1, tiles: {} }

/** Nothing selected stays so under 'subtract' and 'intersect'; 'add' and 'replace' begin anew. */
export async function select(job: Job, { shape, mode }: Operation<'select'>): Promise<OperationResult> {
  const old = selectionOf(job)
  if (old === null && (mode === 'subtract' || mode === 'intersect')) return nothing
  const canvas = canvasRect(job)
  const drawn = shapeOf(shape, canvas)
  const reach = drawn && intersect(drawn.bounds, canvas)
  const keys = reach === undefined ? [] : keysIn(reach)
  // What a shape does not reach stays, but is gone from an intersection.
  const base = old === null || mode === 'replace' || mode === 'intersect' ? none : old
  const before = mode === 'replace' ? null : old
  const draft = draftOf(job, base)
  await eachTile(
    job,
    mode === 'intersect' ? keys.filter((key) => old?.tiles[key] !== undefined) : keys,
    (key) => tilesAt(key, before),
    (key) => {
      const part = partOf(key, canvas)
      if (drawn === undefined) return
      draft.put(
        key,
        tileOf(key, part, joined(before && readRect(before, part, job.tiles.get), drawn.cover(part), mode)),
      )
    },
  )
  return selected(job, await draft.finish())
}

export async function selectAll(job: Job): Promise<OperationResult> {
  return selected(job, await wholeCanvas(job))
}

export async function selectInvert(job: Job): Promise<OperationResult> {
  const selection = selectionOf(job)
  if (selection === null) return selectAll(job)
  const canvas = canvasRect(job)
  const draft = draftOf(job, none)
  await eachTile(
    job,
    keysIn(canvas),
    (key) => tilesAt(key, selection),
    (key) => {
      const part = partOf(key, canvas)
      const { data } = readRect(selection, part, job.tiles.get)
      draft.put(
        key,
        tileOf(
          key,
          part,
          data.map((value) => 255 - value),
        ),
      )
    },
  )
  return selected(job, await draft.finish())
}

/** Large pictures are worked on in blocks: each sees as much around it as can change what is in it. */
const blockSide = 4 * tileSide

export async function selectChange(
  job: Job,
  operation: Operation<'select-grow' | 'select-shrink' | 'select-feather'>,
): Promise<OperationResult> {
  const selection = selectionOf(job)
  const { px } = operation
  if (selection === null || px <= 0) return nothing
  // Feathering fades over px to either side; three passes of a box reach a little farther than three sigma.
  const reach = Math.ceil(operation.do === 'select-feather' ? 1.5 * px + 8 : px + 2)
  const canvas = canvasRect(job)
  const draft = draftOf(job, none)
  for (const block of blocksOf(canvas)) {
    const around = intersect(widened(block, reach), canvas) ?? block
    const ids = keysIn(around).flatMap((key) => tilesAt(key, selection))
    if (ids.length === 0) continue
    const { x, y, width, height } = block
    const mask = await job.tiles.use(ids, () => {
      const before = readRect(selection, around, job.tiles.get)
      const after = isUniform(before) ? before : changeMask(before, operation.do, px)
      return crop(after, { x: x - around.x, y: y - around.y, width, height })
    })
    for (const { key, part } of tileParts(block)) {
      draft.put(key, tileOf(key, part, crop(mask, { ...part, x: part.x - x, y: part.y - y }).data))
    }
    await job.minting.room()
    await job.pause()
  }
  return selected(job, await draft.finish())
}

/** What shows of a layer (its alpha, under its mask), or a mask as it is. */
export async function selectLayer(job: Job, { target }: Operation<'select-layer'>): Promise<OperationResult> {
  const canvas = canvasRect(job)
  const place = job.document.find(target)
  const draft = draftOf(job, none)
  if (place?.surface.channels === 1) {
    await eachTile(
      job,
      keysIn(canvas),
      (key) => tilesAt(key, place.surface),
      (key) => {
        const part = partOf(key, canvas)
        draft.put(key, tileOf(key, part, readRect(place.surface, part, job.tiles.get).data))
      },
    )
    return selected(job, await draft.finish())
  }
  const nodes = nodesAlone(job.document.records, target.layer, 'masked')
  // Refuses what is no layer, or has no mask.
  if (nodes === undefined || target.part === 'mask') job.document.placeOf(target)
  for (const key of keysIn(canvas)) {
    const part = partOf(key, canvas)
    const { data } = await drawPart(job, nodes ?? [], part)
    draft.put(
      key,
      tileOf(
        key,
        part,
        Uint8Array.from({ length: data.length / 4 }, (_, px) => data[px * 4 + 3]!),
      ),
    )
    await job.minting.room()
    await job.pause()
  }
  return selected(job, await draft.finish())
}

/** The selection as it is, or all of the canvas. */
export async function maskOfSelection(job: Job): Promise<OperationResult> {
  return { ...nothing, surface: selectionOf(job) ?? (await wholeCanvas(job)) }
}

async function wholeCanvas(job: Job): Promise<Surface> {
  const canvas = canvasRect(job)
  const draft = draftOf(job, none)
  const full = newTile(1).fill(255)
  for (const key of keysIn(canvas)) {
    const part = partOf(key, canvas)
    const isWhole = part.width === tileSide && part.height === tileSide
    draft.put(key, isWhole ? full : tileOf(key, part, full.subarray(0, part.width * part.height)))
  }
  return draft.finish()
}

interface Drawn {
  /** Around all that it covers. */
  readonly bounds: Rect
  cover(part: Rect): Uint8Array
}

function shapeOf(shape: SelectionShape, canvas: Rect): Drawn | undefined {
  switch (shape.kind) {
    case 'rectangle':
      return { bounds: outer(shape.rect), cover: (part) => rectCoverage(part, shape.rect).data }
    case 'ellipse':
      return { bounds: outer(shape.rect), cover: (part) => ellipseCoverage(part, shape.rect).data }
    case 'lasso': {
      let bounds: Rect | undefined
      for (const { x, y } of shape.points)
        bounds = union(bounds, { x: Math.floor(x), y: Math.floor(y), width: 1, height: 1 })
      return bounds && { bounds, cover: (part) => polygonCoverage(part, shape.points).data }
    }
    case 'brush': {
      const { opacity } = shape.brush
      const builder = new StrokeBuilder(shape.brush, canvas)
      for (const point of shape.points) builder.add(point)
      const cover = (part: Rect): Uint8Array => builder.read(part).map((value) => Math.round(value * opacity))
      return builder.bounds && { bounds: builder.bounds, cover }
    }
  }
}

function outer({ x, y, width, height }: Rect): Rect {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  return { x: left, y: top, width: Math.ceil(x + width) - left, height: Math.ceil(y + height) - top }
}

function joined(before: Pixels | null, shape: Uint8Array, mode: SelectionMode): Uint8Array {
  if (before === null || mode === 'replace') return shape
  return combineSelections(before, { ...before, data: shape }, mode).data
}

/** A whole tile that holds a part, and nothing else. */
function tileOf(key: string, part: Rect, bytes: Uint8Array): Uint8Array {
  if (part.width === tileSide && part.height === tileSide) return bytes
  const tile = newTile(1)
  const { x, y } = tileRect(key)
  for (let row = 0; row < part.height; row++) {
    tile.set(bytes.subarray(row * part.width, (row + 1) * part.width), (part.y - y + row) * tileSide + part.x - x)
  }
  return tile
}

function changeMask(mask: Pixels, how: `select-${'grow' | 'shrink' | 'feather'}`, px: number): Pixels {
  if (how === 'select-feather') return featherSelection(mask, px)
  return how === 'select-grow' ? growSelection(mask, px) : shrinkSelection(mask, px)
}

/** Nothing or everything: neither grows, shrinks or fades. */
const isUniform = ({ data }: Pixels): boolean =>
  (data[0] === 0 || data[0] === 255) && data.every((value) => value === data[0])

function* blocksOf(canvas: Rect): Generator<Rect> {
  for (let y = 0; y < canvas.height; y += blockSide) {
    for (let x = 0; x < canvas.width; x += blockSide) {
      yield { x, y, width: Math.min(blockSide, canvas.width - x), height: Math.min(blockSide, canvas.height - y) }
    }
  }
}

const widened = ({ x, y, width, height }: Rect, by: number): Rect => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by,
})
