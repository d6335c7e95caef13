/** Generating as panels ask for it: each call goes to the part whose business it is. */
import { type LayerId, setPrompt } from '../../../document/index.ts'
import type { PictureId } from '../../../shared/contract/gallery-api.ts'
import type { FileSource } from '../../../shared/contract/studio-api.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import { steps } from '../strings/steps.ts'
import { Gesture } from './gesture.ts'
import type { Phase } from './studio-model.ts'
import type { GenerationSettings } from './studio-state.ts'
import { WindowLibrary } from './window-library.ts'

export class WindowGenerating extends WindowLibrary {
  readonly #regionPrompt = new Gesture()

  setGeneration(changes: Partial<GenerationSettings>): void {
    this.generating.generation.set(changes)
  }

  /** Those that were imported since the window opened. */
  lookForModels(): void {
    this.settle(this.generating.generation.connect())
  }

  cancelGeneration(): void {
    this.generating.generation.cancel()
  }

  setRegionPrompt(id: LayerId, prompt: string, phase: Phase): void {
    this.edit((store, { history }) => {
      this.#regionPrompt.apply(history, steps.regionPrompt, id, phase, () => setPrompt(store, id, prompt))
    })
  }

  setReference(source: FileSource | null): void {
    this.settle(this.generating.recall.setReference(source))
  }

  stage(shown: number): void {
    this.generating.stage(shown)
  }

  setCompare(position: number | null): void {
    this.generating.staging.setCompare(position)
  }

  scrub(step: number | null): void {
    this.settle(this.generating.work.scrub(step))
  }

  continueFromStep(): void {
    this.settle(this.generating.work.continueFromStep())
  }

  setDoubt(doubt: number | null): void {
    this.generating.staging.setDoubt(doubt)
  }

  resampleDoubtful(): void {
    this.settle(this.generating.work.resampleDoubtful())
  }

  setMixWith(index: number | null): void {
    this.generating.work.setMixWith(index)
  }

  paintMix(points: readonly Point[], diameter: number): void {
    this.generating.work.paintMix(points, diameter)
  }

  mix(): void {
    this.settle(this.generating.work.mix())
  }

  acceptStaged(): void {
    this.generating.accept()
  }

  discardStaged(): void {
    this.generating.staging.discard()
  }

  reopenStaged(id: LayerId): void {
    this.generating.reopen(id)
  }

  exportStrip(format: 'webp' | 'gif'): void {
    this.generating.exportStrip(format)
  }

  recall(source: PictureId | FileSource, what: 'prompt' | 'seed' | 'all'): void {
    this.settle(this.generating.recall.recall(source, what))
  }

  replay(source: PictureId | FileSource): void {
    this.settle(this.generating.recall.replay(source))
  }
}
