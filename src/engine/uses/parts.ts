/** Pieces that several uses share: reading prompts, grids and their sizes, and masks as the grid sees them. */
import { maskFromPixels } from '../../raster/mask.ts'
import { resize } from '../../raster/resize.ts'
import { StudioError } from '../../shared/contract/errors.ts'
import { isTooLarge, type PictureInput, type Pixels, pictureLimitsText } from '../../shared/contract/picture.ts'
import { type PackedGrid, type TokenGrid, unpackTokens } from '../../shared/contract/token-grid.ts'
import type { Rect, Size } from '../../shared/geometry/rect.ts'
import type { Meaning } from '../conditions.ts'
import { fitToGrid } from '../grid-size.ts'
import { decodePicture } from '../images/codec.ts'
import type { LoadedModel } from '../loaded-model.ts'

/** Where warnings to the user go. */
export type Warn = (text: string) => void

/** What a prompt means; a prompt that was too long is said so, with the words that were left out. */
export async function readPrompt(model: LoadedModel, prompt: string, warn: Warn, name = 'prompt'): Promise<Meaning> {
  const { meaning, cut } = await model.text(prompt)
  if (cut !== undefined) warn(`The ${name} was too long for this model; left out: "${cut}".`)
  return meaning
}

/** The grid that covers a picture of this size. */
export function gridFor(model: LoadedModel, size: Size): Size {
  const { width, height } = fitToGrid(size, model.sizeMultiple)
  return { width: width / model.pixelsPerToken, height: height / model.pixelsPerToken }
}

/** Px of a picture that its grid covers. */
export function areaOf(model: LoadedModel, grid: Size): Rect {
  return { x: 0, y: 0, width: grid.width * model.pixelsPerToken, height: grid.height * model.pixelsPerToken }
}

/**
 * A grid that somebody hands in.
 * @param name how messages call it
 * @throws StudioError 'bad-request' where it is none of this model's
 */
export function readGrid(model: LoadedModel, packed: PackedGrid, name: string): TokenGrid {
  const size = areaOf(model, packed)
  const fitting = fitToGrid(size, model.sizeMultiple)
  const refuse = (why: string): never => {
    throw new StudioError('bad-request', `${name}: ${why}. Give the tokens of a picture that this model made.`)
  }
  if (fitting.width !== size.width || fitting.height !== size.height)
    refuse(`a grid of ${packed.width} x ${packed.height} tokens is not among the sizes of ${model.manifest.id}`)
  if (isTooLarge(size))
    refuse(`a grid of ${packed.width} x ${packed.height} tokens is larger than ${pictureLimitsText}`)
  const grid = unpackTokens(packed)
  const stranger = grid.tokens.find((token) => token >= model.labels)
  if (stranger !== undefined) refuse(`${model.manifest.id} has ${model.labels} codes, and ${stranger} is none of them`)
  return grid
}

/** A mask's mean in each cell of a grid, 0..255; the mask is that picture's, of whatever size. */
export async function readCellMask(input: PictureInput, grid: Size): Promise<{ mask: Pixels; cells: Uint8Array }> {
  const mask = maskFromPixels(await decodePicture(input, 'the mask'))
  return { mask, cells: resize(mask, grid, 'box').data }
}
