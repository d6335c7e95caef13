/**
 * What one run of the model would do: the verb that picture, selection and frame ask for, which others can be chosen, and in words
 * why one cannot be. Pure, so that the button, the menu and the run agree.
 */
import { intersect, type Rect, type Size } from '../../../shared/geometry/rect.ts'
import { generating } from '../strings/steps.ts'
import type { GenerationSettings, GenerationState, Verb } from './studio-state.ts'
import { verbs } from './studio-state.ts'

/** What decides. */
export interface Situation {
  /** Null while no document is open: one is made for the first picture. */
  readonly canvas: Size | null
  readonly frame: Rect
  readonly hasSelection: boolean
  /** Is there a picture under the frame? A bare background is none. */
  readonly hasContent: boolean
  /** Visible mask layers with a prompt. */
  readonly regions: number
}

/** The verb of a run that is not told which. */
export function verbOf({ canvas, frame, hasSelection, hasContent }: Situation): Verb {
  if (canvas === null) return 'generate'
  if (hasSelection) return 'fill'
  if (reachesBeyond(canvas, frame)) return 'extend'
  return hasContent ? 'restyle' : 'generate'
}

/** Partly: beside the picture there is nothing to extend. */
function reachesBeyond(canvas: Size, frame: Rect): boolean {
  const inside = intersect(frame, { x: 0, y: 0, ...canvas })
  return inside !== undefined && (inside.width < frame.width || inside.height < frame.height)
}

export const choicesIn = (situation: Situation, settings: GenerationSettings): GenerationState['choices'] =>
  verbs.map((verb) => ({ verb, blocked: impossible(verb, situation, settings) }))

/** What the picture lacks for a verb; null where it lacks nothing. Words that are still to be typed are another matter: `unsaid`. */
export function impossible(verb: Verb, situation: Situation, { reference }: GenerationSettings): string | null {
  const { canvas, frame, hasSelection, hasContent, regions } = situation
  const { blocked } = generating
  switch (verb) {
    case 'generate':
    case 'interpolate':
    case 'gradient':
      return null
    case 'restyle':
      return hasContent ? null : blocked.noContent
    case 'fill':
    case 'reroll':
      return hasSelection ? null : blocked.noSelection
    case 'extend':
      return canvas !== null && reachesBeyond(canvas, frame) ? null : blocked.notBeyond
    case 'vary':
      return hasContent || reference !== null ? null : blocked.noReference
    case 'regions':
      return regions > 0 ? null : blocked.noRegions
  }
}

/** The words that a verb still needs. */
export function unsaid(verb: Verb, { prompt, promptTo }: GenerationSettings): string | null {
  const needsPrompt: readonly Verb[] = ['generate', 'restyle', 'interpolate', 'gradient']
  if (needsPrompt.includes(verb) && prompt.trim() === '') return generating.blocked.noPrompt
  if ((verb === 'interpolate' || verb === 'gradient') && promptTo.trim() === '') return generating.blocked.noPromptTo
  return null
}
