/**
 * Inpainting and outpainting of pictures of any size. The network sees a frame around the mask; what it draws is blended in by
 * weights that are zero wherever the mask is, so that no other pixel can change.
 */
import { createHash } from 'node:crypto'
import { blendInto, extend, toRgb } from '../../raster/composite.ts'
import { contextFrame, cropPadded } from '../../raster/frame.ts'
import { blendWeights, invertMask, maskBounds, maskCells, maskFromPixels, rectMask } from '../../raster/mask.ts'
import { resize } from '../../raster/resize.ts'
import { StudioError } from '../../shared/contract/errors.ts'
import { isTooLarge, type PictureInput, type Pixels, pictureLimitsText } from '../../shared/contract/picture.ts'
import type { Use } from '../../shared/contract/request.ts'
import { intersect, type Rect, roundUpTo, type Size } from '../../shared/geometry/rect.ts'
import { everywhere } from '../conditions.ts'
import { fitToGrid } from '../grid-size.ts'
import { decodePicture, encodePng } from '../images/codec.ts'
import type { LoadedModel } from '../loaded-model.ts'
import { readPrompt, type Warn } from './parts.ts'
import type { PictureTask } from './task.ts'

type Of<Name extends Use['use']> = Extract<Use, { use: Name }>

/**
 * Frames beyond this many times the model's own picture size are worked on smaller and enlarged again: above it a model draws
 * textures rather than things, and a step takes far longer (4 instead of 2: seven times).
 */
const largestFrame = 2

interface FillOptions {
  /** Where to draw: 0 = keep, 255 = replace. Of the picture's size. */
  readonly mask: Pixels
  readonly feather: number
  readonly context: number
}

interface Fill extends Pick<PictureTask, 'grid' | 'tokens' | 'mask' | 'finish'> {
  /** The part of the picture that may have changed. */
  readonly changed: Rect
}

export async function inpaintTask(model: LoadedModel, use: Of<'inpaint'>, warn: Warn): Promise<PictureTask> {
  const picture = colour(await decodePicture(use.image, 'the picture'))
  const maskPicture = await decodePicture(use.mask, 'the mask')
  if (maskPicture.width !== picture.width || maskPicture.height !== picture.height) {
    const sizes = `The mask is ${maskPicture.width} x ${maskPicture.height} px, the picture ${picture.width} x ${picture.height} px`
    throw new StudioError(
      'mask-size-mismatch',
      `${sizes}. Give a mask of the picture's size, light where something new is wanted.`,
    )
  }
  const mask = maskFromPixels(maskPicture)
  const { changed, ...fill } = await prepareFill(model, picture, { mask, feather: use.feather, context: use.context })
  const remembered = {
    ...use,
    image: await rememberSource(picture, { x: 0, y: 0 }, changed),
    mask: { kind: 'file' as const, bytes: await encodePng(mask) },
  }
  return {
    ...fill,
    firstStep: 0,
    condition: everywhere(await readPrompt(model, use.prompt, warn)),
    remembered,
  }
}

export async function outpaintTask(model: LoadedModel, use: Of<'outpaint'>, warn: Warn): Promise<PictureTask> {
  const picture = colour(await decodePicture(use.image, 'the picture'))
  const { left, right, top, bottom, context } = use
  if (left + right + top + bottom === 0) {
    throw new StudioError(
      'bad-request',
      'Outpainting needs a side to extend. Give at least one of left, right, top and bottom in px.',
    )
  }
  refuseTooLarge({ width: left + picture.width + right, height: top + picture.height + bottom })
  const canvas = extend(picture, { left, right, top, bottom })
  // The blend runs into the old picture only on sides that grow; what lies farther inside keeps every pixel. At least one px
  // does, or nothing would be left of a picture that is smaller than its feather.
  const feather = Math.min(
    use.feather,
    widestFeather(picture.width, left, right),
    widestFeather(picture.height, top, bottom),
  )
  const margin = (side: number): number => (side > 0 ? feather : 0)
  const kept = {
    x: left + margin(left),
    y: top + margin(top),
    width: Math.max(0, picture.width - margin(left) - margin(right)),
    height: Math.max(0, picture.height - margin(top) - margin(bottom)),
  }
  const mask = invertMask(rectMask(canvas, kept))
  const { changed, ...fill } = await prepareFill(model, canvas, { mask, feather, context })
  const old = { x: left, y: top, width: picture.width, height: picture.height }
  const touched = feather > 0 ? intersect(changed, old) : undefined
  const patch = touched && { ...touched, x: touched.x - left, y: touched.y - top }
  const remembered = { ...use, image: await rememberSource(picture, { x: left, y: top }, patch) }
  return {
    ...fill,
    firstStep: 0,
    condition: everywhere(await readPrompt(model, use.prompt, warn)),
    remembered,
  }
}

/** So many px can blend from each growing end of a line and still leave one in between. */
function widestFeather(length: number, ...grown: readonly number[]): number {
  const ends = grown.filter((px) => px > 0).length
  return ends === 0 ? Number.POSITIVE_INFINITY : Math.floor((length - 1) / ends)
}

/** What could not be opened again is not made. */
function refuseTooLarge({ width, height }: Size): void {
  if (!isTooLarge({ width, height })) return
  throw new StudioError(
    'picture-too-large',
    `The extended picture would be ${width} x ${height} px; the limit is ${pictureLimitsText}. Extend it by less.`,
  )
}

/** Grey pictures become RGB, as what is drawn has colour; alpha stays. */
const colour = (picture: Pixels): Pixels => (picture.channels === 1 ? toRgb(picture) : picture)

async function prepareFill(
  model: LoadedModel,
  picture: Pixels,
  { mask, feather, context }: FillOptions,
): Promise<Fill> {
  const bounds = maskBounds(mask)
  if (!bounds)
    throw new StudioError(
      'mask-empty',
      'The mask is black everywhere, so nothing would change. Paint white where something new is wanted.',
    )
  const { sizeMultiple, pixelsPerToken } = model
  const minimum = roundUpTo(model.manifest.imageSize, sizeMultiple)
  const frame = contextFrame({ picture, bounds, context, multiple: sizeMultiple, minimum })
  const worked = workingSize(frame, minimum * largestFrame, sizeMultiple)
  const grid = { width: worked.width / pixelsPerToken, height: worked.height / pixelsPerToken }
  const tokens = await model.encode(resize(toRgb(cropPadded(picture, frame)), worked, 'bicubic'))
  const cells = maskCells(resize(cropPadded(mask, frame), worked, 'box'), pixelsPerToken)

  // A ring of one px around the mask's bounds holds every zero that a distance could be measured to.
  const ring =
    intersect(
      { x: bounds.x - 1, y: bounds.y - 1, width: bounds.width + 2, height: bounds.height + 2 },
      wholeOf(picture),
    ) ?? bounds
  const weights = blendWeights(cropPadded(mask, ring), feather)
  const finish = (decoded: Pixels): Pixels => {
    const drawn = resize(decoded, frame, 'bicubic')
    const patch = cropPadded(drawn, { ...ring, x: ring.x - frame.x, y: ring.y - frame.y })
    return blendInto(picture, patch, ring, weights)
  }
  return { grid, tokens, mask: cells, finish, changed: bounds }
}

const wholeOf = ({ width, height }: Size): Rect => ({ x: 0, y: 0, width, height })

/** The frame's own size, or a smaller one of about the same shape. */
function workingSize(frame: Size, limit: number, multiple: number): Size {
  const shrink = Math.min(1, limit / Math.max(frame.width, frame.height))
  return fitToGrid({ width: Math.floor(frame.width * shrink), height: Math.floor(frame.height * shrink) }, multiple)
}

/**
 * How a finished picture remembers the one it was made from: it holds all its pixels but the changed ones, which are kept as a
 * small PNG. `at` is where the old picture lies in the new one, `changed` the part of the old one that may differ.
 */
async function rememberSource(
  picture: Pixels,
  at: { x: number; y: number },
  changed: Rect | undefined,
): Promise<PictureInput> {
  const patch = changed && { x: changed.x, y: changed.y, bytes: await encodePng(cropPadded(picture, changed)) }
  const crop = { ...at, width: picture.width, height: picture.height }
  return { kind: 'carrier', crop, patch: patch ?? null, sha256: hashPixels(picture) }
}

export function hashPixels({ width, height, channels, data }: Pixels): string {
  return createHash('sha256').update(`${width}x${height}x${channels}:`).update(data).digest('hex')
}
