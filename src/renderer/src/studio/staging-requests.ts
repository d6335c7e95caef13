/** The requests that begin with the tokens of a staged picture. Pure. */
import { crop } from '../../../raster/turn.ts'
import type { ModelInfo } from '../../../shared/contract/engine-api.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { GenerateRequest, Use } from '../../../shared/contract/request.ts'
import type { Result, TrajectoryStep } from './staging-result.ts'
import type { GenerationSettings } from './studio-state.ts'
import { samplingOf } from './uses.ts'

/** Cells between two mixed pictures that are drawn anew, to either side of the border. */
const seam = 2
/** The few cells that are drawn anew have all others to go by. */
const fewSteps = 4
/** Px over which cells that are drawn anew blend in: less than a cell. */
const cellFeather = 2

/** The same use from where a step stood, with the words, the seed and the numbers of now. */
export function continued(
  request: GenerateRequest,
  { step, tokens, fed }: TrajectoryStep,
  frame: number,
  settings: GenerationSettings,
  model: ModelInfo,
): GenerateRequest {
  const { use } = request
  const sampling = samplingOf(use.use, settings, model)
  // From the last step on there is nothing left to draw.
  const steps = sampling.steps === undefined ? {} : { steps: Math.max(sampling.steps, step + 1) }
  const { negative: _, ...others } = request
  const negative = settings.negative.trim()
  return {
    ...others,
    ...(negative === '' ? {} : { negative }),
    use: withWords(use, settings, frame),
    seed: settings.seed,
    count: 1,
    sampling: { ...sampling, ...steps },
    resume: { step, tokens, fed },
  }
}

function withWords(use: Use, settings: GenerationSettings, frame: number): Use {
  const prompt = settings.prompt.trim()
  const to = settings.promptTo.trim()
  switch (use.use) {
    case 'interpolate':
      return { ...use, prompt, to: to === '' ? use.to : to, frame }
    case 'gradient':
      return { ...use, prompt, to: to === '' ? use.to : to }
    default:
      return { ...use, prompt }
  }
}

export function doubtfulRequest(
  shown: Result,
  mask: Pixels,
  prompt: string,
  settings: GenerationSettings,
  model: ModelInfo,
): GenerateRequest {
  const { pixels, grid, gridIn } = shown
  const use: Use = {
    use: 'inpaint',
    prompt,
    image: { kind: 'pixels', pixels: owned(pixels) },
    mask: { kind: 'pixels', pixels: owned(mask) },
    feather: cellFeather,
    context: 0,
    known: { area: gridIn, grid },
  }
  return few(use, settings, model)
}

/** @param mask of the size of `shown`: 255 where `other` shows */
export function mixRequest(
  shown: Result,
  other: Result,
  mask: Uint8Array,
  prompt: string,
  settings: GenerationSettings,
  model: ModelInfo,
): GenerateRequest {
  const use: Use = {
    use: 'mix',
    prompt,
    base: shown.grid,
    other: other.grid,
    mask: { kind: 'pixels', pixels: owned(overGrid(shown, mask)) },
    seam,
  }
  return few(use, settings, model)
}

/** A mask over the px of a result as one over all that its grid covers; the engine scales it to the cells. */
const overGrid = ({ pixels, gridIn }: Result, mask: Uint8Array): Pixels =>
  crop({ width: pixels.width, height: pixels.height, channels: 1, data: mask }, gridIn)

function few(use: Use, settings: GenerationSettings, model: ModelInfo): GenerateRequest {
  const sampling = samplingOf(use.use, settings, model)
  return {
    version: 1,
    model: model.id,
    use,
    seed: settings.seed,
    count: 1,
    sampling: { ...sampling, steps: Math.min(fewSteps, settings.steps) },
  }
}

/** In memory of its own, as requests have it. */
const owned = (pixels: Pixels) => ({ ...pixels, data: new Uint8Array(pixels.data) })
