/**
 * What a run of the model would stand on: is there a picture under the frame, what is selected, which tokens are known there. The
 * worker has to be asked; what it said last stands in until it answers, and what is asked meanwhile is asked once.
 */
import {
  type Generated,
  intactCandidate,
  isShown,
  type MaskLayer,
  panelRows,
  type Records,
  type Surface,
} from '../../../document/index.ts'
import { fromBase64 } from '../../../shared/base/base64.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { PackedGrid } from '../../../shared/contract/token-grid.ts'
import { intersect, type Rect } from '../../../shared/geometry/rect.ts'
import type { OpenDocument } from './open-document.ts'
import type { Parts } from './parts.ts'
import { factsOf } from './staging-result.ts'

export interface Ground {
  readonly hasContent: boolean
  /** Bounds of the selection. */
  readonly selection: Rect | null
  /** The selection in its bounds. */
  readonly mask: Pixels | null
  readonly known: { readonly area: Rect; readonly grid: PackedGrid; readonly sha256: string } | null
}

const bare: Ground = { hasContent: false, selection: null, mask: null, known: null }

export class GroundTeller {
  readonly #parts: Parts
  readonly #onChange: () => void
  #ground = bare
  /** The records that `#ground` speaks of. */
  #of: Records | null = null
  #asking: Promise<void> | null = null
  /** What `#ground` was read from: what is the same is not read again. */
  #selection: Surface | null = null
  #generated: Generated | null = null

  constructor(parts: Parts, onChange: () => void) {
    this.#parts = parts
    this.#onChange = onChange
  }

  get ground(): Ground {
    return this.#parts.document() === null ? bare : this.#ground
  }

  /** To be told when the document may have changed. */
  refresh(): void {
    if (this.#asking === null && this.#isStale) this.#asking = this.#ask()
  }

  /** Resolves when `ground` speaks of the document as it is. */
  async settled(): Promise<void> {
    this.refresh()
    while (this.#asking !== null) await this.#asking
  }

  get #isStale(): boolean {
    const document = this.#parts.document()
    return document !== null && document.store.records !== this.#of
  }

  async #ask(): Promise<void> {
    const document = this.#parts.document()
    if (document === null) return
    const { records } = document.store
    // Whoever is changing the document has told the worker of it by then.
    await Promise.resolve()
    const ground = await this.#answer(document).catch(() => bare)
    this.#asking = null
    if (this.#parts.document() === document) {
      this.#of = records
      this.#ground = ground
      this.#onChange()
    }
    this.refresh()
  }

  async #answer({ store }: OpenDocument): Promise<Ground> {
    const { pixels } = this.#parts
    const { canvas, records } = store
    const hasContent = await pixels.hasContent({ rect: canvas.frame })
    if (canvas.selection === null) {
      this.#selection = null
      return { ...bare, hasContent }
    }
    let { selection, mask } = this.#ground
    if (this.#selection !== canvas.selection) {
      selection = await pixels.bounds('selection')
      mask = selection && (await pixels.read({ what: 'selection', rect: selection }))
      this.#selection = canvas.selection
    }
    if (selection === null) return { ...bare, hasContent }
    return { hasContent, selection, mask, known: await this.#known(records, selection) }
  }

  /**
   * Tokens of the topmost layer whose px are all that shows where they lie: below it nothing shines through, nothing above covers
   * it, and nobody has painted there since it was drawn.
   */
  async #known(records: Records, selection: Rect): Promise<Ground['known']> {
    for (const { layer } of panelRows(records)) {
      if (layer.kind !== 'raster' || layer.generated === null || !isShown(records, layer.id)) continue
      const candidate = intactCandidate(layer)
      const { area, rect } = layer.generated
      if (candidate === undefined || !isWithin(selection, area)) continue
      if (!(await this.#parts.pixels.shows({ layer: layer.id, rect }))) continue
      if (layer.generated === this.#generated && this.#ground.known !== null) return this.#ground.known
      this.#generated = layer.generated
      const { width, height } = candidate.grid
      const codes = fromBase64(candidate.grid.codes)
      const { sha256 } = factsOf(candidate.recipe)
      return codes === undefined ? null : { area, grid: { width, height, codes }, sha256 }
    }
    return null
  }
}

function isWithin(inner: Rect, outer: Rect): boolean {
  const common = intersect(inner, outer)
  return common?.width === inner.width && common.height === inner.height
}

/** Mask layers that say what is to be seen in them, from bottom to top. */
export function regionsIn(records: Records): readonly MaskLayer[] {
  return panelRows(records)
    .flatMap(({ layer }) => (layer.kind === 'mask' && layer.prompt.trim() !== '' ? [layer] : []))
    .filter(({ id }) => isShown(records, id))
    .reverse()
}
