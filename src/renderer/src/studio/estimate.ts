/** How long a run takes, by the runs of this session: the time that a step takes for each cell of the grid. */
import { samplingOf } from './uses.ts'
import type { ModelInfo } from '../../../shared/contract/engine-api.ts'
import type { Use } from '../../../shared/contract/request.ts'
import type { GenerationSettings, Zones } from './studio-state.ts'

/** Steps that are looked back on. */
const remembered = 64

export class Pace {
  readonly #times: number[] = []

  /** @param cells of the grid that the step worked on */
  note(milliseconds: number, cells: number): void {
    if (cells <= 0) return
    this.#times.push(milliseconds / cells)
    if (this.#times.length > remembered) this.#times.shift()
  }

  /** In ms a cell and step, the median of late; null before the first step. */
  get perCell(): number | null {
    const sorted = [...this.#times].sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)] ?? null
  }

  /** What a run of so many pictures would take; null before the first. */
  estimate(cells: number, steps: number, pictures: number): { readonly seconds: number } | null {
    const { perCell } = this
    return perCell === null ? null : { seconds: (perCell * cells * steps * pictures) / 1000 }
  }
}

/** Steps that a run takes: restyling skips the first of them. */
export function stepsTaken(use: Use['use'], settings: GenerationSettings, model: ModelInfo): number {
  if (use !== 'restyle') return settings.steps
  const steps = samplingOf(use, settings, model).steps ?? Math.max(restyleSteps, model.defaults.sampling.steps)
  return Math.max(1, steps - Math.round(steps * (1 - settings.strength)))
}

/** The engine's own, where nobody has chosen. */
const restyleSteps = 24

export const cellsOf = (zones: Zones): number => zones.columns * zones.rows
