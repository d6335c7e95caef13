/**
 * From a plan and what was read of the picture to the request that the engine gets. Pure: what each verb asks for is decided here
 * and nowhere else.
 */
import type { ModelInfo } from '../../../shared/contract/engine-api.ts'
import type { PictureInput, Pixels } from '../../../shared/contract/picture.ts'
import type { GenerateRequest, Use } from '../../../shared/contract/request.ts'
import type { PackedGrid } from '../../../shared/contract/token-grid.ts'
import type { Rect } from '../../../shared/geometry/rect.ts'
import { maskBounds } from '../../../raster/mask.ts'
import { resize } from '../../../raster/resize.ts'
import { assert } from '../../../shared/base/assert.ts'
import { context, fillFeather, type Plan } from './generation-plan.ts'
import type { GenerationSettings } from './studio-state.ts'

/** What a run reads of the document. */
export interface Inputs {
  /** The picture over `plan.whole`; of an extension, over what of it has a picture. */
  readonly image: Pixels | null
  /** The selection over `plan.whole`. */
  readonly mask: Pixels | null
  /** Tokens that the picture was decoded from, and the canvas px that they cover. */
  readonly known: { readonly area: Rect; readonly grid: PackedGrid } | null
  /** Masks over `plan.whole`, from the bottom of the layers to the top. */
  readonly regions: readonly { readonly prompt: string; readonly mask: Pixels }[]
}

export const noInputs: Inputs = { image: null, mask: null, known: null, regions: [] }

export function useOf(plan: Plan, settings: GenerationSettings, inputs: Inputs): Use {
  const prompt = settings.prompt.trim()
  const to = settings.promptTo.trim()
  switch (plan.verb) {
    case 'generate':
      return { use: 'text', prompt }
    case 'restyle':
      return { use: 'restyle', prompt, image: picture(inputs.image), strength: settings.strength }
    case 'vary': {
      const image = picture(settings.reference?.pixels ?? inputs.image)
      return { use: 'vary', prompt, image, promptWeight: prompt === '' ? 0 : settings.promptWeight }
    }
    case 'interpolate':
      return { use: 'interpolate', prompt, to, frames: settings.frames, path: 'slerp' }
    case 'gradient':
      return { use: 'gradient', prompt, to, direction: settings.direction }
    case 'regions':
      return { use: 'regions', prompt, regions: regionsOf(plan, inputs) }
    case 'fill':
    case 'reroll':
      return {
        use: 'inpaint',
        prompt,
        image: picture(inputs.image),
        mask: picture(inputs.mask),
        feather: fillFeather,
        context,
        ...(plan.verb === 'reroll' ? { chance: true } : {}),
        ...(inputs.known === null ? {} : { known: within(plan.whole, inputs.known) }),
      }
    case 'extend':
      return { use: 'outpaint', prompt, image: picture(inputs.image), ...borders(plan), feather: 0, context }
  }
}

/** Where the picture that is sent along begins, tokens count from there. */
function within(whole: Rect, { area, grid }: NonNullable<Inputs['known']>) {
  return { area: { ...area, x: area.x - whole.x, y: area.y - whole.y }, grid }
}

function borders(plan: Plan) {
  assert(plan.kind === 'extend', 'only an extension has borders')
  const { whole, inside } = plan
  return {
    left: inside.x - whole.x,
    top: inside.y - whole.y,
    right: whole.x + whole.width - inside.x - inside.width,
    bottom: whole.y + whole.height - inside.y - inside.height,
  }
}

/** Those that show in the frame, at the size that is worked on. */
function regionsOf(plan: Plan, { regions }: Inputs): Extract<Use, { use: 'regions' }>['regions'] {
  assert(plan.kind === 'draw', 'regions are drawn into a frame')
  return regions.flatMap(({ prompt, mask }) => {
    const scaled = resize(mask, plan.size, 'box')
    const bounds = maskBounds(scaled)
    return bounds === undefined ? [] : [{ ...bounds, prompt: prompt.trim(), mask: picture(scaled) }]
  })
}

function picture(pixels: Pixels | null): PictureInput {
  assert(pixels !== null, 'the picture that this needs was read')
  // In memory of its own, as requests have it.
  return { kind: 'pixels', pixels: { ...pixels, data: new Uint8Array(pixels.data) } }
}

/** All that a run is: the use with size, seed and sampling. */
export function requestOf(plan: Plan, use: Use, settings: GenerationSettings, model: ModelInfo): GenerateRequest {
  const negative = settings.negative.trim()
  return {
    version: 1,
    model: model.id,
    use,
    ...(negative === '' ? {} : { negative }),
    ...(plan.kind === 'draw' ? { size: plan.size } : {}),
    seed: settings.seed,
    // The frames of a strip are the pictures of one run.
    count: plan.verb === 'interpolate' ? 1 : settings.count,
    sampling: samplingOf(use.use, settings, model),
  }
}

/**
 * The numbers of the person's. Restyling has defaults of its own (more steps, of which the first are skipped, and noise that
 * remembers), which the engine takes where the person has left the model's.
 */
export function samplingOf(
  use: Use['use'],
  settings: GenerationSettings,
  { defaults }: ModelInfo,
): NonNullable<GenerateRequest['sampling']> {
  const { steps, guidance, temperature, typicalMass, renoise } = settings
  const own = { guidance, temperature: [...temperature] as [number, number], typicalMass }
  if (use !== 'restyle') return { ...own, steps, renoise }
  return {
    ...own,
    ...(steps === defaults.sampling.steps ? {} : { steps }),
    ...(renoise === defaults.sampling.renoise ? {} : { renoise }),
  }
}

/** Pictures that a run makes. */
export const picturesOf = ({ verb }: Plan, { frames, count }: GenerationSettings): number =>
  verb === 'interpolate' ? frames : count
