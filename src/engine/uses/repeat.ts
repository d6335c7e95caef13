/** The way back: from a finished PNG to the request that makes it again, with the pictures it was made from restored. */
import { paste } from '../../raster/composite.ts'
import { cropPadded } from '../../raster/frame.ts'
import { extractRecipe } from '../../raster/png-recipe.ts'
import { StudioError } from '../../shared/contract/errors.ts'
import type { PictureInput } from '../../shared/contract/picture.ts'
import type { GenerateRequest, Use } from '../../shared/contract/request.ts'
import { decodePicture } from '../images/codec.ts'
import { hashPixels } from './fill.ts'

/**
 * @param replay with the file's own tokens in place of the sampling
 * @throws StudioError 'no-recipe' for a PNG that is not ours, 'not-repeatable' where its pixels were changed since, or where it has
 *   no tokens to replay
 */
export async function requestOf(png: Uint8Array, replay = false): Promise<GenerateRequest> {
  const recipe = extractRecipe(png)
  if (!recipe)
    throw new StudioError(
      'no-recipe',
      'This file carries no recipe of Paella Studio. Give a PNG as it was written, not a copy from another program.',
    )
  const { use, sampling } = recipe.request
  const restored: Use = 'image' in use ? { ...use, image: await restore(use.image, png) } : use
  if (!replay) return { ...recipe.request, use: restored }
  if (!recipe.tokens) {
    throw new StudioError(
      'not-repeatable',
      'This picture was made before pictures kept their tokens, so it can only be sampled again. Leave the replay out.',
    )
  }
  return {
    ...recipe.request,
    use: restored,
    resume: { step: sampling.stopAfter ?? sampling.steps, tokens: recipe.tokens },
  }
}

async function restore(image: PictureInput, png: Uint8Array): Promise<PictureInput> {
  if (image.kind !== 'carrier') return image
  const carrier = await decodePicture({ kind: 'file', bytes: png }, 'the picture')
  const { crop, patch } = image
  // Checked first: a recipe may come from anybody, and a crop of any size would be made.
  if (crop.x < 0 || crop.y < 0 || crop.x + crop.width > carrier.width || crop.y + crop.height > carrier.height)
    throw changed()
  const cropped = cropPadded(carrier, crop)
  const old = patch && (await decodePicture({ kind: 'file', bytes: patch.bytes }, 'the original'))
  if (old && old.channels !== cropped.channels) throw changed()
  const original = patch && old ? paste(cropped, old, patch) : cropped
  if (hashPixels(original) !== image.sha256) throw changed()
  return { kind: 'pixels', pixels: original }
}

const changed = (): StudioError =>
  new StudioError(
    'not-repeatable',
    'The pixels of this picture were changed after it was made, so its original cannot be restored. Start from the original file.',
  )
