/** Pieces that several uses share: reading prompts, and the sizes of grids. */
import type { Size } from '../../shared/geometry/rect.ts'
import { fitToGrid } from '../grid-size.ts'
import type { LoadedModel } from '../loaded-model.ts'

/** Where warnings to the user go. */
export type Warn = (text: string) => void

/** A prompt's condition; a prompt that was too long is said so, with the words that were left out. */
export async function readPrompt(
  model: LoadedModel,
  prompt: string,
  warn: Warn,
  name = 'prompt',
): Promise<Float32Array> {
  const { values, cut } = await model.text(prompt)
  if (cut !== undefined) warn(`The ${name} was too long for this model; left out: "${cut}".`)
  return values
}

/** The grid that covers a picture of this size. */
export function gridFor(model: LoadedModel, size: Size): Size {
  const { width, height } = fitToGrid(size, model.sizeMultiple)
  return { width: width / model.pixelsPerToken, height: height / model.pixelsPerToken }
}
