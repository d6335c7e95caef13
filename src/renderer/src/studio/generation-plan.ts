/**
 * What a run of the model is about: pure decisions from the document, the frame and the selection. Generate draws the frame
 * anew; Fill draws what is selected; Extend draws what of the frame lies beyond the picture.
 */
import type { ModelInfo } from '../../../shared/contract/engine-api.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { Recipe } from '../../../shared/contract/recipe.ts'
import type { Use } from '../../../shared/contract/request.ts'
import { clamp, intersect, type Rect, roundUpTo, type Size } from '../../../shared/geometry/rect.ts'
import type { Verb } from './studio-state.ts'

/** The model draws nothing sensible far above the size it was made for: larger frames are drawn smaller and enlarged. */
const largest = 2
/** Px inside the selection over which a fill blends in. */
const feather = 6

export type Plan =
  | { readonly verb: 'generate'; readonly frame: Rect; readonly size: Size }
  /** `crop` is the part of the picture that is sent along. */
  | { readonly verb: 'fill'; readonly crop: Rect }
  /** `inside` is what of the frame has a picture; `canvas` is the canvas afterwards, in px of the old one. */
  | { readonly verb: 'extend'; readonly frame: Rect; readonly inside: Rect; readonly canvas: Rect }

export function verbOf(canvas: Size, frame: Rect, hasSelection: boolean): Verb {
  if (hasSelection) return 'fill'
  const whole = { x: 0, y: 0, ...canvas }
  const inside = intersect(frame, whole)
  return inside !== undefined && (inside.width < frame.width || inside.height < frame.height) ? 'extend' : 'generate'
}

/** @param selection bounds of the selection; null = nothing is selected */
export function planRun(canvas: Size, frame: Rect, selection: Rect | null, model: ModelInfo): Plan {
  const whole = { x: 0, y: 0, ...canvas }
  if (selection !== null) return { verb: 'fill', crop: surroundings(selection, whole, model) }
  const inside = intersect(frame, whole)
  if (inside === undefined || verbOf(canvas, frame, false) === 'generate') {
    return { verb: 'generate', frame, size: workingSize(frame, model) }
  }
  const x = Math.min(0, frame.x)
  const y = Math.min(0, frame.y)
  const grown = {
    x,
    y,
    width: Math.max(canvas.width, frame.x + frame.width) - x,
    height: Math.max(canvas.height, frame.y + frame.height) - y,
  }
  return { verb: 'extend', frame, inside, canvas: grown }
}

/** As much around the selection as the model can look at, so that a fill fits in, and no more is sent. */
function surroundings(selection: Rect, whole: Rect, model: ModelInfo): Rect {
  const margin = Math.max(modelSide(model), Math.round(Math.max(selection.width, selection.height) / 2))
  const around = {
    x: selection.x - margin,
    y: selection.y - margin,
    width: selection.width + 2 * margin,
    height: selection.height + 2 * margin,
  }
  return intersect(around, whole) ?? whole
}

function workingSize(frame: Size, model: ModelInfo): Size {
  const shrink = Math.min(1, (largest * modelSide(model)) / Math.max(frame.width, frame.height))
  return {
    width: roundUpTo(Math.round(frame.width * shrink), model.sizeMultiple),
    height: roundUpTo(Math.round(frame.height * shrink), model.sizeMultiple),
  }
}

export const modelSide = ({ defaults }: ModelInfo): number => Math.max(defaults.size.width, defaults.size.height)

/** @param image the part of the picture that the plan names; not needed to generate */
export function useOf(plan: Plan, prompt: string, image?: Pixels, mask?: Pixels): Use {
  if (plan.verb === 'generate' || image === undefined) return { use: 'text', prompt }
  const picture = { kind: 'pixels' as const, pixels: owned(image) }
  if (plan.verb === 'fill') {
    const pixels = owned(mask ?? image)
    return { use: 'inpaint', prompt, image: picture, mask: { kind: 'pixels', pixels }, feather, context: 64 }
  }
  const { frame, inside } = plan
  return {
    use: 'outpaint',
    prompt,
    image: picture,
    left: inside.x - frame.x,
    top: inside.y - frame.y,
    right: frame.x + frame.width - inside.x - inside.width,
    bottom: frame.y + frame.height - inside.y - inside.height,
    // The old picture keeps every pixel.
    feather: 0,
    context: 64,
  }
}

/** In memory of its own, as requests have it. */
const owned = (pixels: Pixels) => ({ ...pixels, data: new Uint8Array(pixels.data) })

/** 255 wherever a mask is above 0: what a fill may have changed. */
export function touched(mask: Pixels): Pixels {
  return { ...mask, data: mask.data.map((value) => (value === 0 ? 0 : 255)) }
}

/** What a layer remembers of how it was made: the recipe without the pictures that went in. */
export function recipeText(recipe: Recipe): string {
  return JSON.stringify(recipe, (_, value: unknown) => (value instanceof Uint8Array ? null : value))
}

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
