/**
 * Px to other places: transforms and flips of layers, and what is done to the whole picture (crop, canvas size, quarter turns,
 * flips), which takes every layer, mask and the selection along. Where a map only puts px elsewhere, their bytes stay.
 */
import type { Layer, SurfaceChange } from '../../../../document/index.ts'
import { withDescendants } from '../../../../document/tree.ts'
import type { Target } from '../../../../editor/index.ts'
import { mappedRect } from '../../../../raster/transform.ts'
import { union } from '../../../../raster/union.ts'
import { StudioError } from '../../../../shared/contract/errors.ts'
import { type Affine, scaling, translation } from '../../../../shared/geometry/affine.ts'
import type { Point } from '../../../../shared/geometry/point.ts'
import { intersect, type Rect, type Size } from '../../../../shared/geometry/rect.ts'
import { hasInverse, isExact } from '../lifted.ts'
import type { DocumentView, Place } from '../mirror.ts'
import type { OperationResult, PixelOperation } from '../pixels-api.ts'
import { boundsOf } from './bounds.ts'
import { canvasRect, changesOf, type Job, nothing, selected, selectionOf } from './job.ts'
import { anywhere, mapped, nearCanvas } from './mapped.ts'

type Operation<Name extends PixelOperation['do']> = Extract<PixelOperation, { do: Name }>

export async function transform(job: Job, { target, matrix }: Operation<'transform'>): Promise<OperationResult> {
  return move(job, target, matrix)
}

/** In place: about the middle of what shows, or of what is selected of it. */
export async function flipLayer(job: Job, { target, axis }: Operation<'flip-layer'>): Promise<OperationResult> {
  const selection = selectionOf(job)
  let box: Rect | undefined
  for (const { surface, field } of placesOf(job.document, target)) {
    // A mask that goes along is turned about the middle of its layer.
    if (target.part === 'pixels' && field === 'mask') continue
    const bounds = await boundsOf(job, surface)
    if (bounds !== undefined) box = union(box, bounds)
  }
  if (box !== undefined && selection !== null) {
    const bounds = await boundsOf(job, selection)
    box = bounds && intersect(box, bounds)
  }
  if (box === undefined) return nothing
  const { x, y, width, height } = box
  return move(job, target, axis === 'horizontal' ? flipped('x', 2 * x + width) : flipped('y', 2 * y + height))
}

async function move(job: Job, target: Target, map: Affine): Promise<OperationResult> {
  if (!hasInverse(map)) {
    throw new StudioError('bad-request', 'A layer cannot be made flat. Choose a width and a height above 0.')
  }
  const selection = selectionOf(job)
  const clip = isExact(map) ? anywhere : nearCanvas(job)
  const changes = []
  for (const place of placesOf(job.document, target)) {
    changes.push({ place, surface: await mapped(job, place.surface, selection, map, clip) })
  }
  if (selection === null) return { ...nothing, changes: movedTo(changesOf(changes), shiftOf(map)) }
  const result = { ...nothing, changes: changesOf(changes) }
  const along = await mapped(job, selection, null, map, canvasRect(job))
  return { ...result, picture: selected(job, along).picture }
}

/**
 * The surfaces that a target's transform moves: a layer's px with its mask, a mask alone, all that a group holds. Masks stay where
 * they are while a selection cuts into what they belong to.
 *
 * @throws StudioError 'bad-request'
 */
export function placesOf(document: DocumentView, target: Target): Place[] {
  const record = document.records.get(target.layer)
  const layers: Layer[] =
    record?.kind === 'group' && target.part === 'pixels' ? withDescendants(document.records, record.id) : []
  const alone = document.canvas.selection !== null
  if (layers.length === 0) {
    const place = document.placeOf(target)
    if (place.field === 'mask' || alone) return [place]
    return [place, ...maskOf(document, place.layer)]
  }
  return layers.flatMap((layer) => {
    const own = layer.kind === 'group' ? [] : [document.placeOf({ layer: layer.id, part: 'pixels' })]
    return alone ? own : [...own, ...maskOf(document, layer)]
  })
}

function maskOf(document: DocumentView, { id, mask }: Layer): Place[] {
  return mask === null ? [] : [document.placeOf({ layer: id, part: 'mask' })]
}

export async function crop(job: Job, { rect }: Operation<'crop'>): Promise<OperationResult> {
  const { width, height } = rect
  return wholePicture(job, translation(-rect.x, -rect.y), { width, height }, 'lose')
}

export async function canvasSize(job: Job, { size, offset }: Operation<'canvas-size'>): Promise<OperationResult> {
  return wholePicture(job, translation(Math.round(offset.x), Math.round(offset.y)), size, 'keep')
}

export async function turn(job: Job, { degrees }: Operation<'turn'>): Promise<OperationResult> {
  const { width, height } = job.document.canvas
  if (degrees === 180)
    return wholePicture(job, { a: -1, b: 0, c: 0, d: -1, e: width, f: height }, { width, height }, 'keep')
  const map =
    degrees === 90 ? { a: 0, b: 1, c: -1, d: 0, e: height, f: 0 } : { a: 0, b: -1, c: 1, d: 0, e: 0, f: width }
  return wholePicture(job, map, { width: height, height: width }, 'keep')
}

export async function flip(job: Job, { axis }: Operation<'flip'>): Promise<OperationResult> {
  const { width, height } = job.document.canvas
  const map = axis === 'horizontal' ? flipped('x', width) : flipped('y', height)
  return wholePicture(job, map, { width, height }, 'keep')
}

/** @param sum of a px border and the one that takes its place */
function flipped(axis: 'x' | 'y', sum: number): Affine {
  return axis === 'x' ? { ...scaling(-1, 1), e: sum } : { ...scaling(1, -1), f: sum }
}

/** @param outside what becomes of px that leave the canvas */
async function wholePicture(job: Job, map: Affine, size: Size, outside: 'keep' | 'lose'): Promise<OperationResult> {
  const canvas = { x: 0, y: 0, ...size }
  const clip = outside === 'lose' ? canvas : anywhere
  const changes = []
  for (const layer of job.document.records.values()) {
    if (layer.kind === 'canvas') continue
    const own = layer.kind === 'group' ? [] : [job.document.placeOf({ layer: layer.id, part: 'pixels' })]
    for (const place of [...own, ...maskOf(job.document, layer)]) {
      changes.push({ place, surface: await mapped(job, place.surface, null, map, clip) })
    }
  }
  const selection = selectionOf(job)
  const along = selection === null ? {} : selected(job, await mapped(job, selection, null, map, canvas)).picture
  const frame = frameIn(mappedRect(job.document.canvas.frame, map), canvas)
  const moved = movedTo(changesOf(changes), shiftOf(map) ?? 'turned')
  return { ...nothing, changes: moved, picture: { canvas: { ...size, frame }, ...along } }
}

/** What a map moves by, where it only moves, by whole px. */
function shiftOf({ a, b, c, d, e, f }: Affine): Point | undefined {
  const onlyMoves = a === 1 && b === 0 && c === 0 && d === 1 && Number.isInteger(e) && Number.isInteger(f)
  return onlyMoves ? { x: e, y: f } : undefined
}

const movedTo = (changes: readonly SurfaceChange[], moved: SurfaceChange['moved']): SurfaceChange[] =>
  changes.map((change) => ({ ...change, moved }))

/** A frame that is nowhere near the canvas any more goes around all of it. */
const frameIn = (frame: Rect, canvas: Rect): Rect => (intersect(frame, canvas) === undefined ? canvas : frame)
