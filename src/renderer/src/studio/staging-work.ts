/**
 * What the tokens of a staged picture are good for: looking at its steps and going on from one, drawing the doubtful cells anew, and
 * putting two pictures together. Each makes another picture, which is staged beside.
 */
import { crop } from '../../../raster/turn.ts'
import { clamp } from '../../../shared/geometry/rect.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import type { ModelInfo } from '../../../shared/contract/engine-api.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import { StudioError } from '../../../shared/contract/errors.ts'
import type { GenerateRequest } from '../../../shared/contract/request.ts'
import { generating } from '../strings/steps.ts'
import type { Parts } from './parts.ts'
import type { Run, Runner } from './runner.ts'
import { continued, doubtfulRequest, mixRequest } from './staging-requests.ts'
import { paintedMix, startMix } from './staging-mix.ts'
import type { Staging } from './staging.ts'
import { besideOf, composed, doubtfulCells, factsOf, maskOfCells, mixedInto, type Result } from './staging-result.ts'
import type { GenerationSettings } from './studio-state.ts'

export interface WorkLinks {
  /** The weights of this hash, where they are. */
  modelOf(sha256: string): ModelInfo | undefined
  /** The settings of now, with the seed that the next run takes. */
  takeSettings(): GenerationSettings
}

export class StagingWork {
  readonly #parts: Parts
  readonly #staging: Staging
  readonly #runner: Runner
  readonly #links: WorkLinks

  constructor(parts: Parts, staging: Staging, runner: Runner, links: WorkLinks) {
    this.#parts = parts
    this.#staging = staging
    this.#runner = runner
    this.#links = links
  }

  /** The steps of a picture that the window did not see being drawn are in the gallery. */
  async loadTrajectory(): Promise<void> {
    const { shown, number } = this.#staging
    if (shown === null || shown.trajectory !== null) return
    const found = shown.pictureId === null ? null : await this.#parts.api.readTrajectory({ id: shown.pictureId })
    const { resumed } = factsOf(shown.recipe)
    const trajectory = (found?.steps ?? []).map((state, index) => ({ step: resumed + index + 1, ...state }))
    const { current } = this.#staging
    if (current === null || !this.#staging.isCurrent(number)) return
    const results = current.results.map((result) => (result.id === shown.id ? { ...result, trajectory } : result))
    this.#staging.change({ results })
  }

  /** @param step 1.. of those that are known; null = the result */
  async scrub(step: number | null): Promise<void> {
    const { shown } = this.#staging
    const steps = shown?.trajectory ?? []
    if (shown === null || steps.length === 0) return
    if (step === null) return this.#staging.change({ step: null, looked: null })
    const at = clamp(Math.round(step), 1, steps.length)
    this.#staging.change({ step: at, mix: null, isFollowing: false })
    const state = steps[at - 1]
    if (state === undefined) return
    const decoded = await this.#parts.api.decodeTokens({ model: this.#modelOf(shown).id, grid: state.tokens })
    const { current } = this.#staging
    // Another step or picture is looked at by now.
    if (current?.step !== at || this.#staging.shown?.id !== shown.id) return
    this.#staging.change({ looked: composed(shown, decoded) })
  }

  async scrubBy(steps: number): Promise<void> {
    const { current, shown } = this.#staging
    const last = shown?.trajectory?.length ?? 0
    if (last > 0) await this.scrub((current?.step ?? last) + steps)
  }

  async continueFromStep(): Promise<void> {
    const { current, shown } = this.#staging
    const state = shown?.trajectory?.[(current?.step ?? 0) - 1]
    if (shown === null || state === undefined) return
    const model = this.#modelOf(shown)
    await this.#runBeside(shown, async () => {
      const request = await this.#requestOf(shown)
      return continued(request, state, factsOf(shown.recipe).frame, this.#links.takeSettings(), model)
    })
  }

  async resampleDoubtful(): Promise<void> {
    const { current, shown } = this.#staging
    if (shown === null || current?.doubt === null || current === null) return
    const model = this.#modelOf(shown)
    const mask = maskOfCells(shown, doubtfulCells(shown, current.doubt))
    if (!mask.data.some((value) => value > 0)) {
      return this.#parts.notices.tell('info', generating.nothingDoubtful)
    }
    const { prompt } = factsOf(shown.recipe)
    await this.#runBeside(shown, async () => doubtfulRequest(shown, mask, prompt, this.#links.takeSettings(), model))
  }

  setMixWith(index: number | null): void {
    const { current, shown } = this.#staging
    const other = index === null ? undefined : current?.results[index - 1]
    const isFit =
      other !== undefined && other !== shown && shown !== null && other.cells === shown.cells && isAlike(other, shown)
    if (index === null || !isFit) return this.#staging.change({ mix: null })
    this.#staging.change({ mix: startMix(shown, index), step: null, looked: null, isFollowing: false })
  }

  paintMix(points: readonly Point[], diameter: number): void {
    const { current, shown } = this.#staging
    const other = current?.results[(current.mix?.with ?? 0) - 1]
    if (current?.mix == null || shown === null || other === undefined) return
    this.#staging.change({ mix: paintedMix(current.mix, shown, other, points, diameter) })
  }

  async mix(): Promise<void> {
    const { current, shown } = this.#staging
    const mix = current?.mix ?? null
    const other = current?.results[(mix?.with ?? 0) - 1]
    if (mix === null || shown === null || other === undefined) return
    const model = this.#modelOf(shown)
    if (!mix.mask.some((value) => value > 0)) return this.#parts.notices.tell('info', generating.nothingMixed)
    const { prompt } = factsOf(shown.recipe)
    await this.#runBeside(shown, async () =>
      mixRequest(shown, other, mix.mask, prompt, this.#links.takeSettings(), model),
    )
  }

  /** A run whose picture takes the place of `shown`. */
  async #runBeside(shown: Result, requested: () => Promise<GenerateRequest>): Promise<void> {
    const { number } = this.#staging
    await this.#runner.run(async (): Promise<Run> => {
      const request = await requested()
      return {
        request,
        title: factsOf(shown.recipe).prompt,
        begin: () => {
          if (this.#staging.isCurrent(number)) this.#staging.expect(1)
        },
        preview: (picture) => {
          const pixels = partOf(shown, request, picture)
          const { rect, mask } = shown
          if (pixels !== null) this.#staging.preview(number, { pixels, rect, mask, doubtful: null })
        },
        picture: (picture, pictureId, trajectory) => {
          const id = this.#staging.newId()
          const make = request.use.use === 'mix' ? mixedInto : besideOf
          this.#staging.add(number, make(shown, { id, picture, pictureId, trajectory, request }))
        },
        ended: () => this.#staging.ended(number),
      }
    })
  }

  /** What made a picture, its own pictures put back. */
  async #requestOf({ request, pictureId }: Result): Promise<GenerateRequest> {
    if (request !== null) return request
    const { api } = this.#parts
    const { png } = await api.readPicture({ id: pictureId ?? '' })
    return await api.readRecipe({ png })
  }

  /** Tokens mean something to the weights that drew them, and to no others. @throws StudioError 'model-missing' */
  #modelOf({ recipe }: Result): ModelInfo {
    const model = this.#links.modelOf(factsOf(recipe).sha256)
    if (model === undefined) throw new StudioError('model-missing', generating.modelGone)
    return model
  }
}

/** What of a picture that is being drawn lies in the place of `shown`; null where nobody knows. */
function partOf(shown: Result, { use }: GenerateRequest, picture: Pixels): Pixels | null {
  const { width, height } = shown.pixels
  if (use.use === 'mix') return composed(shown, picture)
  if (picture.width === width && picture.height === height) return picture
  return shown.origin && crop(picture, { ...shown.origin, width, height })
}

const isAlike = (a: Result, b: Result): boolean =>
  a.grid.width === b.grid.width && a.pixels.width === b.pixels.width && a.pixels.height === b.pixels.height
