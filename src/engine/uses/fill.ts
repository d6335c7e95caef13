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
import type { Draws } from '../sampler/draws.ts'
import { areaOf, readGrid, readPrompt, type Warn } from './parts.ts'
import type { PictureTask } from './task.ts'

type Of<Name extends Use['use']> = Extract<Use, { use: Name }>

/**
 * Frames beyond this many times the model's own picture size are worked on smaller and enlarged again: above it a model draws
 * textures rather than things, and a step takes far longer (4 instead of 2: seven times).
 */
const largestFrame = 2

interface FillOptions extends Pick<Of<'inpaint'>, 'chance' | 'known'> {
  /** Where to draw: 0 = keep, 255 = replace. Of the picture's size. */
  readonly mask: Pixels
  readonly feather: number
  readonly context: number
}

interface Fill {
  /** The part of the picture that may have changed. */
  readonly changed: Rect
  /** Whether the tokens that were handed in are what is filled. */
  readonly usesKnown: boolean
  readonly start: (draws: Draws) => Pick<PictureTask, 'grid' | 'tokens' | 'before' | 'mask' | 'area' | 'finish'>
}

export async function inpaintTask(
  model: LoadedModel,
  use: Of<'inpaint'>,
  warn: Warn,
): Promise<(draws: Draws) => PictureTask> {
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
  const { changed, usesKnown, start } = await prepareFill(model, picture, { ...use, mask })
  const remembered = {
    ...use,
    known: usesKnown ? use.known : undefined,
    image: await rememberSource(picture, { x: 0, y: 0 }, changed),
    mask: { kind: 'file' as const, bytes: await encodePng(mask) },
  }
  const condition = everywhere(await readPrompt(model, use.prompt, warn))
  return (draws) => ({ ...start(draws), firstStep: 0, condition, remembered })
}

export async function outpaintTask(
  model: LoadedModel,
  use: Of<'outpaint'>,
  warn: Warn,
): Promise<(draws: Draws) => PictureTask> {
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
  const { changed, start } = await prepareFill(model, canvas, { mask, feather, context })
  const old = { x: left, y: top, width: picture.width, height: picture.height }
  const touched = feather > 0 ? intersect(changed, old) : undefined
  const patch = touched && { ...touched, x: touched.x - left, y: touched.y - top }
  const remembered = { ...use, image: await rememberSource(picture, { x: left, y: top }, patch) }
  const condition = everywhere(await readPrompt(model, use.prompt, warn))
  return (draws) => ({ ...start(draws), firstStep: 0, condition, remembered })
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
  { mask, feather, context, chance, known }: FillOptions,
): Promise<Fill> {
  const bounds = maskBounds(mask)
  if (!bounds)
    throw new StudioError(
      'mask-empty',
      'The mask is black everywhere, so nothing would change. Paint white where something new is wanted.',
    )
  const { frame, worked, tokens, usesKnown } =
    (known && knownFrame(model, known, bounds)) ?? (await encodedFrame(model, picture, bounds, context))
  const grid = { width: worked.width / model.pixelsPerToken, height: worked.height / model.pixelsPerToken }
  const seen = cropPadded(mask, frame)
  const touched = maskCells(resize(seen, worked, 'box'), model.pixelsPerToken)

  // A ring of one px around the mask's bounds holds every zero that a distance could be measured to.
  const ring =
    intersect(
      { x: bounds.x - 1, y: bounds.y - 1, width: bounds.width + 2, height: bounds.height + 2 },
      wholeOf(picture),
    ) ?? bounds
  const inFrame = { ...ring, x: ring.x - frame.x, y: ring.y - frame.y }
  // Where the mask is a probability, its values do not say how much of the new shows.
  const edge = cropPadded(chance ? anyOf(mask) : mask, ring)
  const weights = blendWeights(edge, feather)
  return {
    changed: bounds,
    usesKnown,
    start(draws) {
      const cells = chance ? drawnCells(resize(seen, grid, 'box'), draws) : touched
      const shown = chance ? lesser(weights, cropPadded(shownOf(cells, grid, frame), inFrame)) : weights
      const finish = (decoded: Pixels): Pixels =>
        blendInto(picture, cropPadded(resize(decoded, frame, 'bicubic'), inFrame), ring, shown)
      return { grid, tokens, before: tokens, mask: cells, area: frame, finish }
    },
  }
}

/** What the network sees of a picture: px of it, the size that they are worked on at, and their tokens. */
interface SeenFrame {
  readonly frame: Rect
  readonly worked: Size
  readonly tokens: Int32Array
  readonly usesKnown: boolean
}

async function encodedFrame(model: LoadedModel, picture: Pixels, bounds: Rect, context: number): Promise<SeenFrame> {
  const multiple = model.sizeMultiple
  const minimum = roundUpTo(model.manifest.imageSize, multiple)
  const frame = contextFrame({ picture, bounds, context, multiple, minimum })
  const worked = workingSize(frame, minimum * largestFrame, multiple)
  const tokens = await model.encode(resize(toRgb(cropPadded(picture, frame)), worked, 'bicubic'))
  return { frame, worked, tokens, usesKnown: false }
}

/** The frame whose tokens are known, so that none of them has to be guessed from px; undefined where the mask leaves it. */
function knownFrame(
  model: LoadedModel,
  { area, grid }: NonNullable<Of<'inpaint'>['known']>,
  bounds: Rect,
): SeenFrame | undefined {
  const { tokens } = readGrid(model, grid, 'use.known.grid')
  const inside = intersect(area, bounds)
  if (!inside || inside.width !== bounds.width || inside.height !== bounds.height) return undefined
  if (isTooLarge(area)) {
    throw new StudioError(
      'bad-request',
      `use.known.area: ${area.width} x ${area.height} px is more than ${pictureLimitsText}. Give the px that the tokens cover.`,
    )
  }
  return { frame: area, worked: areaOf(model, grid), tokens, usesKnown: true }
}

/** 255 wherever the mask is above 0. */
const anyOf = (mask: Pixels): Pixels => ({ ...mask, data: mask.data.map((value) => (value > 0 ? 255 : 0)) })

/** Each cell by itself, with the probability of its mean, 0..255. */
function drawnCells({ data: means }: Pixels, draws: Draws): Uint8Array {
  const coins = draws.take('chance', 0, means.length)
  return means.map((mean, cell) => ((coins[cell] ?? 1) < mean / 255 ? 1 : 0))
}

/** Weights of a frame's px: cells that were drawn whole, and a fall over half of the cells beside them, so that no edge shows. */
function shownOf(cells: Uint8Array, grid: Size, frame: Size): Pixels {
  const smooth = resize({ ...grid, channels: 1, data: cells.map((drawn) => drawn * 255) }, frame, 'bilinear')
  return { ...smooth, data: smooth.data.map((value) => Math.min(255, 2 * value)) }
}

const lesser = (a: Pixels, b: Pixels): Pixels => ({ ...a, data: a.data.map((v, i) => Math.min(v, b.data[i] ?? 0)) })

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
