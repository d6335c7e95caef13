/**
 * From a picture back to what made it: its words, its seed or all of its settings, of our own PNG files and of those that carry the
 * 'parameters' text of other programs; and the picture itself again, from its tokens, to see whether it is the same.
 */
import { setFrame } from '../../../document/index.ts'
import { differingPx } from '../../../raster/difference.ts'
import { isPng } from '../../../raster/png-chunks.ts'
import { extractRecipe } from '../../../raster/png-recipe.ts'
import { readText } from '../../../raster/png-text.ts'
import { type Parameters, readParametersText } from '../../../raster/read-parameters.ts'
import type { GeneratedPicture } from '../../../shared/contract/engine-api.ts'
import { StudioError } from '../../../shared/contract/errors.ts'
import type { PictureId } from '../../../shared/contract/gallery-api.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { Recipe } from '../../../shared/contract/recipe.ts'
import type { FileSource } from '../../../shared/contract/studio-api.ts'
import { packTokens } from '../../../shared/contract/token-grid.ts'
import { clamp, roundUpTo, type Size } from '../../../shared/geometry/rect.ts'
import { generating } from '../strings/steps.ts'
import type { Generation } from './generation.ts'
import type { Parts } from './parts.ts'
import { verbOfUse } from './staging-result.ts'
import type { GenerationSettings } from './studio-state.ts'

type Source = PictureId | FileSource
type Wish = 'prompt' | 'seed' | 'all'

export class Recall {
  readonly #parts: Parts
  readonly #generation: Generation
  readonly #choose: (model: string) => void

  /** @param choose makes a model the window's */
  constructor(parts: Parts, generation: Generation, choose: (model: string) => void) {
    this.#parts = parts
    this.#generation = generation
    this.#choose = choose
  }

  async recall(source: Source, what: Wish): Promise<void> {
    const { notices } = this.#parts
    const { bytes } = await this.#file(source)
    const recipe = isPng(bytes) ? extractRecipe(bytes) : undefined
    const text = recipe === undefined && isPng(bytes) ? readText(bytes, 'parameters') : undefined
    if (recipe === undefined && text === undefined) throw noRecipe()
    const parameters = text === undefined ? null : readParametersText(text)
    const settings = recipe === undefined ? settingsOfParameters(parameters!) : await this.#settingsOf(recipe)
    const model = what === 'all' && recipe !== undefined ? this.#generation.modelOf(recipe.modelSha256) : undefined
    if (model !== undefined) this.#choose(model.id)
    this.#generation.set(wished(settings, what))
    const size = recipe === undefined ? parameters?.size : sizeOf(recipe)
    if (what === 'all' && size !== undefined) this.#setFrame(size)
    notices.tell('info', generating.recalled[what])
  }

  /** Straight to the engine: nothing new is drawn, so the gallery gets nothing. */
  async replay(source: Source): Promise<void> {
    const { api, notices } = this.#parts
    const { bytes } = await this.#file(source)
    const known = isPng(bytes) ? extractRecipe(bytes) : undefined
    if (known === undefined) throw noRecipe()
    const request = await api.readRecipe({ png: bytes, replay: true })
    notices.tell('info', generating.replaying)
    const made: GeneratedPicture[] = []
    await api.generate(
      { request },
      {
        onEvent: (event) => {
          if (event.type === 'picture') made.push(event.picture)
        },
      },
    )
    const [again] = made
    if (again === undefined) throw new StudioError('internal', 'The engine made no picture. Try it again.')
    const before = await api.decodePicture({ bytes })
    const { px, tokens } = differences(before, again, known)
    if (px === 0 && tokens === 0) return notices.tell('info', generating.same)
    notices.tell('warning', generating.different(px, before.width * before.height, tokens))
  }

  /** A picture for 'vary'. */
  async setReference(source: FileSource | null): Promise<void> {
    if (source === null) return this.#generation.set({ reference: null })
    const { name, bytes } = await this.#file(source)
    const pixels = await this.#parts.api.decodePicture({ bytes, name })
    this.#generation.set({ reference: { name, pixels }, wanted: 'vary' })
  }

  async #file(source: Source): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
    const { api } = this.#parts
    if (typeof source === 'string') {
      const { png, picture } = await api.readPicture({ id: source })
      return { name: picture.path.split(/[\\/]/).at(-1) ?? source, bytes: png }
    }
    return source.kind === 'bytes' ? source : await api.readPictureFile({ source })
  }

  async #settingsOf({ request }: Recipe): Promise<Partial<GenerationSettings>> {
    const { use, sampling, negative, seed } = request
    const { steps, guidance, temperature, typicalMass, renoise } = sampling
    const common = { prompt: use.prompt, negative, seed, steps, guidance, temperature, typicalMass, renoise, count: 1 }
    const wanted = verbOfUse(use.use, use.use === 'inpaint' && use.chance === true)
    switch (use.use) {
      case 'restyle':
        return { ...common, wanted, strength: use.strength }
      case 'vary': {
        const reference =
          use.image.kind === 'file'
            ? { name: generating.recalledPicture, pixels: await this.#parts.api.decodePicture(use.image) }
            : null
        return { ...common, wanted, promptWeight: use.promptWeight, reference }
      }
      case 'interpolate':
        return { ...common, wanted, promptTo: use.to, frames: use.frames }
      case 'gradient':
        return { ...common, wanted, promptTo: use.to, direction: use.direction }
      default:
        return { ...common, wanted }
    }
  }

  /** Of the same corner, in the model's multiples. */
  #setFrame(size: Size): void {
    const document = this.#parts.document()
    const { model } = this.#generation
    if (document === null || model === undefined) return
    const { frame } = document.store.canvas
    const side = (px: number): number => Math.max(2 * model.sizeMultiple, roundUpTo(px, model.sizeMultiple))
    setFrame(document.store, { ...frame, width: side(size.width), height: side(size.height) })
  }
}

function wished(settings: Partial<GenerationSettings>, what: Wish): Partial<GenerationSettings> {
  const { prompt, negative, seed } = settings
  const words = { ...(prompt === undefined ? {} : { prompt }), ...(negative === undefined ? {} : { negative }) }
  // A seed that is taken over is meant to be used.
  const seeded = seed === undefined ? {} : { seed, seedLocked: true }
  if (what === 'prompt') return words
  return what === 'seed' ? seeded : { ...settings, ...seeded }
}

/** What another program says means the same here only as far as it has the same bounds. */
function settingsOfParameters({ prompt, negative, steps, guidance, seed }: Parameters): Partial<GenerationSettings> {
  return {
    prompt,
    negative,
    ...(seed === undefined ? {} : { seed }),
    ...(steps === undefined ? {} : { steps: clamp(steps, 1, 200) }),
    ...(guidance === undefined ? {} : { guidance: clamp(guidance, -1, 50) }),
  }
}

function sizeOf({ request }: Recipe): Size | undefined {
  const { use, size } = request
  const keepsOwn = use.use === 'inpaint' || use.use === 'outpaint' || use.use === 'mix'
  return keepsOwn ? undefined : size
}

/** Between a file and what was made again of it. */
function differences(
  before: Pixels,
  { pixels, grid }: GeneratedPicture,
  { tokens }: Recipe,
): { readonly px: number; readonly tokens: number } {
  const codes = packTokens(grid).codes
  const known = tokens?.codes ?? codes
  let differing = 0
  for (let at = 0; at < Math.max(codes.length, known.length); at += 2) {
    if (codes[at] !== known[at] || codes[at + 1] !== known[at + 1]) differing += 1
  }
  return { px: differingPx(before, pixels), tokens: differing }
}

const noRecipe = (): StudioError =>
  new StudioError('no-recipe', 'The file does not say how it was made. Choose a PNG as it was written by its program.')
