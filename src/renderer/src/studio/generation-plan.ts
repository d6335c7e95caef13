/**
 * What a run of the model is about, in canvas px: what it reads of the picture, what it covers, at which size it works. Pure
 * decisions from the document, the frame and the selection.
 */
import type { ModelInfo } from '../../../shared/contract/engine-api.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import { union } from '../../../raster/union.ts'
import { clamp, intersect, type Rect, roundUpTo, type Size } from '../../../shared/geometry/rect.ts'
import type { Verb } from './studio-state.ts'

/** The model draws nothing sensible far above the size it was made for: larger frames are drawn smaller and enlarged. */
const largest = 2
/** Px inside the selection over which a fill blends in. */
export const fillFeather = 6
/** Px of the picture around a fill or an extension that the model sees. */
export const context = 64

interface Common {
  readonly verb: Verb
  /** Canvas px that the run's pictures cover. */
  readonly whole: Rect
}

export type Plan =
  /** All of the frame is drawn at `size` and stretched over it. */
  | (Common & { readonly kind: 'draw'; readonly size: Size })
  /** `whole` is the part of the picture that is sent along. */
  | (Common & { readonly kind: 'fill'; readonly bounds: Rect })
  /** `inside` is what of the frame has a picture; `canvas` is the canvas afterwards, in px of the old one. */
  | (Common & { readonly kind: 'extend'; readonly inside: Rect; readonly canvas: Rect })

export interface Ground {
  readonly canvas: Size
  readonly frame: Rect
  /** Bounds of the selection; null = nothing is selected. */
  readonly selection: Rect | null
  /** Canvas px that the tokens cover which a fill goes on from; null where there are none. */
  readonly known: Rect | null
}

/** @param verb one that is possible there */
export function planRun(verb: Verb, { canvas, frame, selection, known }: Ground, model: ModelInfo): Plan {
  const all = { x: 0, y: 0, ...canvas }
  if ((verb === 'fill' || verb === 'reroll') && selection !== null) {
    return { kind: 'fill', verb, bounds: selection, whole: surroundings(selection, known, all, model) }
  }
  const inside = intersect(frame, all)
  if (verb !== 'extend' || inside === undefined) {
    return { kind: 'draw', verb, whole: frame, size: workingSize(frame, model) }
  }
  return { kind: 'extend', verb, whole: frame, inside, canvas: union(all, frame) }
}

/** As much around the selection as the model can look at, so that a fill fits in, and no more is sent. */
function surroundings(selection: Rect, known: Rect | null, all: Rect, model: ModelInfo): Rect {
  const margin = Math.max(modelSide(model), Math.round(Math.max(selection.width, selection.height) / 2))
  const wished = {
    x: selection.x - margin,
    y: selection.y - margin,
    width: selection.width + 2 * margin,
    height: selection.height + 2 * margin,
  }
  return intersect(known === null ? wished : union(wished, known), all) ?? all
}

export function workingSize(frame: Size, model: ModelInfo): Size {
  const shrink = Math.min(1, (largest * modelSide(model)) / Math.max(frame.width, frame.height))
  const side = (px: number): number =>
    Math.max(2 * model.sizeMultiple, roundUpTo(Math.round(px * shrink), model.sizeMultiple))
  return { width: side(frame.width), height: side(frame.height) }
}

export const modelSide = ({ defaults }: ModelInfo): number => Math.max(defaults.size.width, defaults.size.height)

/** A frame that the model can fill without much enlarging, in the middle of a canvas, on the model's grid. */
export function firstFrame(canvas: Size, model: ModelInfo | undefined): Rect {
  const wished = model === undefined ? 512 : 2 * largest * modelSide(model)
  const multiple = model?.sizeMultiple ?? 32
  const side = (length: number): number =>
    Math.max(multiple, Math.floor(Math.min(length, wished) / multiple) * multiple)
  const width = side(canvas.width)
  const height = side(canvas.height)
  const middle = (length: number, inner: number): number => clamp(Math.round((length - inner) / 8) * 4, 0, length)
  return { x: middle(canvas.width, width), y: middle(canvas.height, height), width, height }
}

/** 255 wherever a mask is above 0: what a fill may have changed. */
export function touched(mask: Pixels): Pixels {
  return { ...mask, data: mask.data.map((value) => (value === 0 ? 0 : 255)) }
}

/** 0 where the old picture is, so that it keeps every pixel; 255 beyond it. */
export function beyond({ whole, inside }: Extract<Plan, { kind: 'extend' }>): Pixels {
  const { width, height } = whole
  const data = new Uint8Array(width * height).fill(255)
  for (let y = inside.y - whole.y; y < inside.y - whole.y + inside.height; y++) {
    const from = y * width + inside.x - whole.x
    data.fill(0, from, from + inside.width)
  }
  return { width, height, channels: 1, data }
}
