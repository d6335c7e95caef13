/**
 * The door through which pixels enter the document: surfaces that raster has computed (a stroke, a flip, a crop, a free
 * transform), all of one operation in one step of the history. Nothing here looks into a tile.
 */
import { StudioError } from '../../shared/contract/errors.ts'
import type { Point } from '../../shared/geometry/point.ts'
import type { Rect, Size } from '../../shared/geometry/rect.ts'
import type { Draft } from '../draft.ts'
import { limits } from '../limits.ts'
import { checkedCanvasSize } from '../new-document.ts'
import { patchBetween } from '../patch.ts'
import type { Generated, Layer, LayerId, RasterLayer, Surface } from '../records.ts'
import type { DocumentStore } from '../store.ts'
import { shiftGenerated } from './generated.ts'
import { requireLayer, requireUnlocked } from './guard.ts'

export interface SurfaceChange {
  readonly id: LayerId
  /** The new pixels: 4 channels for a raster layer, 1 for a mask layer. */
  readonly surface?: Surface
  /** New pixels of the layer's own mask, which it must have. */
  readonly mask?: Surface
  /** What `surface` was computed from, where that took a while: the change is refused if the layer has other pixels now. */
  readonly was?: Surface
  /** The same pixels elsewhere: so far right and down, or turned or mirrored with the whole picture. */
  readonly moved?: Point | 'turned' | undefined
}

export interface PictureChange {
  /** Size and frame after an operation on the whole picture (crop, canvas size, rotate, flip), which locked layers follow. */
  readonly canvas?: Size & { readonly frame?: Rect }
  /** The selection afterwards, where it changes too. */
  readonly selection?: Surface | null
}

/**
 * @param label what the history calls the operation: 'Brush stroke'
 * @throws StudioError 'bad-request' where a layer is gone, locked, of another kind or has changed since, or the canvas size is not
 *   possible; nothing has changed then
 */
export function replaceSurfaces(
  store: DocumentStore,
  label: string,
  changes: readonly SurfaceChange[],
  picture: PictureChange = {},
): void {
  store.edit(label, (draft) => {
    for (const change of changes) {
      const layer = (picture.canvas === undefined ? requireUnlocked : requireLayer)(draft.records, change.id)
      replaceSurface(draft, layer, change)
    }
    if (picture.canvas !== undefined) {
      const size = checkedCanvasSize(picture.canvas)
      draft.update(store.canvas, { ...size, frame: checkedFrame(picture.canvas.frame ?? store.canvas.frame) })
    }
    if (picture.selection !== undefined) draft.update(store.canvas, { selection: picture.selection })
  })
}

/** The part of the picture that the model draws into. @throws StudioError 'bad-request' where it is not possible */
export function setFrame(store: DocumentStore, frame: Rect): void {
  store.edit('Frame', (draft) => draft.update(store.canvas, { frame: checkedFrame(frame) }))
}

/** @param selection one channel; null = nothing is selected */
export function setSelection(store: DocumentStore, label: string, selection: Surface | null): void {
  store.edit(label, (draft) => draft.update(store.canvas, { selection }))
}

function replaceSurface(draft: Draft, layer: Layer, { surface, mask, was, moved }: SurfaceChange): void {
  if (surface !== undefined) {
    if (layer.kind === 'group' || layer.surface.channels !== surface.channels) {
      throw new StudioError('bad-request', `'${layer.name}' cannot hold these pixels. Choose a layer of another kind.`)
    }
    if (was !== undefined && patchBetween(was.tiles, layer.surface.tiles) !== undefined) {
      throw new StudioError('bad-request', `'${layer.name}' has changed in the meantime. Do it once more.`)
    }
    if (layer.kind === 'raster') draft.update(layer, { surface, generated: generatedAfter(layer, moved) })
    else draft.update(layer, { surface })
  }
  if (mask !== undefined) {
    if (layer.mask === null) {
      throw new StudioError('bad-request', `'${layer.name}' has no mask. Add a mask to it, then try again.`)
    }
    draft.update(layer, { mask: { ...layer.mask, surface: mask } })
  }
}

/** Results of a run go where the layer's pixels go; after a turn they no longer fit. */
function generatedAfter(layer: RasterLayer, moved: SurfaceChange['moved']): Generated | null {
  if (layer.generated === null || moved === 'turned') return null
  return moved === undefined ? { ...layer.generated, intact: false } : shiftGenerated(layer.generated, moved)
}

function checkedFrame({ x, y, width, height }: Rect): Rect {
  const isCorner = (value: number) => Number.isInteger(value) && Math.abs(value) <= limits.frameSide
  const isSide = (value: number) => Number.isInteger(value) && value >= 1 && value <= limits.frameSide
  if (isCorner(x) && isCorner(y) && isSide(width) && isSide(height)) return { x, y, width, height }
  throw new StudioError(
    'bad-request',
    `A frame of ${width} x ${height} px at ${x}, ${y} is not possible: choose whole numbers up to ${limits.frameSide}.`,
  )
}
