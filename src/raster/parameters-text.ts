/**
 * A recipe as the text that most programs and picture sites read: the prompt, the negative prompt, and one line of
 * `Key: value` pairs, as Stable Diffusion web UI (AUTOMATIC1111) writes it. For people; only the recipe repeats a picture.
 */
import type { Recipe } from '../shared/contract/recipe.ts'

/** Inpainting, outpainting and mixing keep the picture's own size, which the recipe does not tell: they have no Size. */
export function parametersText(recipe: Recipe): string {
  const { request, modelSha256 } = recipe
  const { use, sampling, size } = request
  const ownSize = ['inpaint', 'outpaint', 'mix'].includes(use.use)
  const pairs: [key: string, value: string | number | undefined][] = [
    ['Steps', sampling.steps],
    ['Sampler', 'Paella'],
    ['CFG scale', sampling.guidance],
    ['Seed', request.seed],
    ['Size', ownSize ? undefined : `${size.width}x${size.height}`],
    ['Model', request.model],
    ['Model hash', modelSha256.slice(0, 10)],
    ['Temperature', sampling.temperature.join(' to ')],
    ['Typical mass', sampling.typicalMass ?? undefined],
    ['Use', use.use],
    ['To', 'to' in use ? use.to : undefined],
  ]
  const lines = [
    'prompt' in use ? use.prompt : '',
    request.negative === '' ? '' : `Negative prompt: ${request.negative}`,
    pairs.flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${quoted(String(value))}`])).join(', '),
  ]
  return lines.filter((line) => line !== '').join('\n')
}

/** A value that would break the line is written as a JSON string, as the web UI does. */
function quoted(value: string): string {
  return /[,:\n]/.test(value) ? JSON.stringify(value) : value
}
