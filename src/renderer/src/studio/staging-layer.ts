/** From what is staged to a layer that remembers it, and back: each is one step of the history, or none. */
import {
  addCandidates,
  addRasterLayer,
  type Candidate,
  chooseCandidate,
  type Generated,
  type LayerId,
  layerOf,
  replaceSurfaces,
  type Surface,
} from '../../../document/index.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import { clamp, type Rect } from '../../../shared/geometry/rect.ts'
import { generating, steps, work } from '../strings/steps.ts'
import type { OpenDocument } from './open-document.ts'
import type { Parts } from './parts.ts'
import type { Stage, Staging } from './staging.ts'
import { areaOf, candidateOf, factsOf, reopened, type Result } from './staging-result.ts'

/** A layer keeps so many results. */
const mostCandidates = 100

export class StagingLayers {
  readonly #parts: Parts
  readonly #staging: Staging

  constructor(parts: Parts, staging: Staging) {
    this.#parts = parts
    this.#staging = staging
  }

  /** The shown picture becomes a layer, or takes the place of its layer's; where the original is shown nothing does. */
  async accept(): Promise<void> {
    const { current: stage, shown } = this.#staging
    if (stage === null) return
    if (shown === null) return this.#staging.discard()
    await this.#staging.taking(async () => {
      const done = await this.#parts.queue.run(work.working, async () => {
        if (this.#parts.document() !== stage.document) return false
        const { history } = stage.document
        const mark = history.mark(stage.layer === null ? generating.steps[stage.verb] : steps.chooseResult)
        try {
          if (stage.layer === null) await this.#asNewLayer(stage, shown)
          else await this.#inLayer(stage, stage.layer, shown)
          history.squashTo(mark)
          return true
        } catch (error) {
          history.rollbackTo(mark)
          throw error
        }
      })
      return done ?? false
    })
  }

  /** The results of the run that made a layer, the one that it shows first. */
  async reopen(id: LayerId): Promise<void> {
    const { queue, pixels } = this.#parts
    const document = this.#parts.document()
    if (document === null) return
    await queue.run(work.working, async () => {
      const layer = layerOf(document.store.records, id)
      if (layer?.kind !== 'raster' || layer.generated === null) return
      const { generated } = layer
      const { rect } = generated
      const { width, height } = rect
      const mask =
        layer.mask === null
          ? null
          : await pixels.read({ what: 'target', target: { layer: id, part: 'mask' }, rect, selected: false })
      const results: Result[] = []
      for (const candidate of candidatesOf(generated)) {
        const own = { x: 0, y: 0, width, height }
        const picture = await pixels.read({ what: 'surface', surface: candidate.surface, rect: own })
        results.push(reopened(this.#staging.newId(), candidate, picture, mask, generated))
      }
      if (this.#parts.document() !== document) return
      const facts = factsOf(layer.recipe ?? '')
      this.#staging.begin({
        document,
        verb: facts.verb,
        prompt: facts.prompt,
        plan: null,
        layer: id,
        results,
        expected: results.length,
        shown: Number(generated.chosen) + 1,
      })
      this.#staging.change({ isFollowing: false })
    })
  }

  async #asNewLayer(stage: Stage, shown: Result): Promise<void> {
    const { document } = stage
    const kept = keptResults(stage.results, shown)
    const candidates: Candidate[] = []
    for (const result of kept) candidates.push(candidateOf(result, await this.#surfaceOf(result, { x: 0, y: 0 })))
    const by = await this.#makeRoom(stage)
    const at = moved(shown.rect, by)
    const surface = await this.#surfaceOf(shown, at)
    const mask = shown.mask === null ? undefined : await this.#maskOf(shown.mask, at)
    const name = stage.prompt.trim().slice(0, 60)
    const id = addRasterLayer(document.store, {
      surface,
      label: generating.steps[stage.verb],
      recipe: shown.recipe,
      generated: {
        rect: at,
        area: moved(areaOf(shown), by),
        candidates: Object.fromEntries(candidates.map((candidate, index) => [String(index), candidate])),
        chosen: String(kept.indexOf(shown)),
        intact: true,
      },
      ...(mask === undefined ? {} : { mask }),
      ...(name === '' ? {} : { name }),
    })
    document.choose(id)
  }

  /** Results that came after those of the layer are added to them. */
  async #inLayer(stage: Stage, id: LayerId, shown: Result): Promise<void> {
    const { store } = stage.document
    const layer = layerOf(store.records, id)
    const known = layer?.kind === 'raster' && layer.generated !== null ? candidatesOf(layer.generated).length : 0
    const added = stage.results.slice(known)
    const kept = added.slice(0, Math.max(0, mostCandidates - known))
    if (added.includes(shown) && !kept.includes(shown)) kept.splice(-1, 1, shown)
    const candidates: Candidate[] = []
    for (const result of kept) candidates.push(candidateOf(result, await this.#surfaceOf(result, { x: 0, y: 0 })))
    const surface = await this.#surfaceOf(shown, shown.rect)
    if (candidates.length > 0) addCandidates(store, id, candidates)
    const index = stage.results.indexOf(shown)
    chooseCandidate(store, id, String(index < known ? index : known + kept.indexOf(shown)), surface)
    stage.document.choose(id)
  }

  /** An extension needs more canvas. @returns where the px that was at (0, 0) lies now */
  async #makeRoom({ document, plan }: Stage): Promise<Point> {
    if (plan?.kind !== 'extend') return { x: 0, y: 0 }
    const { canvas } = plan
    const offset = { x: -canvas.x + 0, y: -canvas.y + 0 }
    const size = { width: canvas.width, height: canvas.height }
    const { changes, picture } = await this.#parts.pixels.operate({ do: 'canvas-size', size, offset })
    replaceSurfaces(document.store, generating.steps.extend, changes, picture)
    return offset
  }

  async #surfaceOf({ pixels, rect }: Result, at: Point): Promise<Surface> {
    const size = { width: rect.width, height: rect.height }
    const isFit = pixels.width === size.width && pixels.height === size.height
    const place = { do: 'place' as const, pixels, at: { x: at.x, y: at.y }, mask: null }
    const { surface } = await this.#parts.pixels.operate(isFit ? place : { ...place, size })
    return surface ?? { channels: 4, tiles: {} }
  }

  async #maskOf(mask: Pixels, { x, y }: Point): Promise<Surface> {
    const { surface } = await this.#parts.pixels.operate({ do: 'place-mask', mask, at: { x, y } })
    return surface ?? { channels: 1, tiles: {} }
  }
}

const moved = (rect: Rect, by: Point): Rect => ({ ...rect, x: rect.x + by.x, y: rect.y + by.y })

/** By their numbers. */
const candidatesOf = ({ candidates }: Generated): Candidate[] =>
  Object.keys(candidates)
    .sort((a, b) => Number(a) - Number(b))
    .flatMap((key) => candidates[key] ?? [])

/** As many as a layer keeps, those around the shown one. */
function keptResults(results: readonly Result[], shown: Result): readonly Result[] {
  const first = clamp(results.indexOf(shown) - mostCandidates / 2, 0, Math.max(0, results.length - mostCandidates))
  return results.slice(first, first + mostCandidates)
}

/** Does a layer remember the run that made it? */
export function canReopen(document: OpenDocument): boolean {
  const { active } = document
  return active?.kind === 'raster' && active.generated !== null
}
