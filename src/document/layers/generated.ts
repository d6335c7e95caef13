/**
 * The results of a run that a layer remembers: another of them in its place, whether its tokens still stand for its pixels, and
 * where they lie after an operation on the whole picture.
 */
import { StudioError } from '../../shared/contract/errors.ts'
import type { Point } from '../../shared/geometry/point.ts'
import type { Candidate, Generated, LayerId, RasterLayer, Surface } from '../records.ts'
import type { DocumentStore } from '../store.ts'
import { requireUnlocked } from './guard.ts'

/**
 * Another result takes the layer's place.
 * @param surface that candidate's pixels where the layer has them
 * @throws StudioError 'bad-request' where the layer is locked or gone, or has no such result
 */
export function chooseCandidate(store: DocumentStore, id: LayerId, chosen: string, surface: Surface): void {
  store.edit('Choose result', (draft) => {
    const layer = requireUnlocked(draft.records, id)
    const candidate = layer.kind === 'raster' ? layer.generated?.candidates[chosen] : undefined
    if (layer.kind !== 'raster' || layer.generated === null || candidate === undefined) {
      throw new StudioError('bad-request', `'${layer.name}' has no such result. Choose another layer.`)
    }
    draft.update(layer, {
      surface,
      recipe: candidate.recipe,
      generated: { ...layer.generated, chosen, intact: true },
    })
  })
}

/** Adds what a later run drew for the same layer. @throws StudioError as chooseCandidate */
export function addCandidates(store: DocumentStore, id: LayerId, candidates: readonly Candidate[]): void {
  store.edit('Add results', (draft) => {
    const layer = requireUnlocked(draft.records, id)
    if (layer.kind !== 'raster' || layer.generated === null) {
      throw new StudioError('bad-request', `'${layer.name}' was made by no run. Choose another layer.`)
    }
    const first = Object.keys(layer.generated.candidates).length
    const added = Object.fromEntries(candidates.map((candidate, index) => [String(first + index), candidate]))
    draft.update(layer, {
      generated: { ...layer.generated, candidates: { ...layer.generated.candidates, ...added } },
    })
  })
}

/** The result that the layer shows, as long as nobody has changed its pixels since; undefined else. */
export function intactCandidate({ generated }: RasterLayer): Candidate | undefined {
  return generated?.intact === true ? generated.candidates[generated.chosen] : undefined
}

export function shiftGenerated(generated: Generated, { x, y }: Point): Generated {
  const shifted = (rect: Generated['rect']) => ({ ...rect, x: rect.x + x, y: rect.y + y })
  return { ...generated, rect: shifted(generated.rect), area: shifted(generated.area) }
}
