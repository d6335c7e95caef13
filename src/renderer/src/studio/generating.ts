/**
 * All that belongs to generating, put together: the run, what is staged of it, what is done with the staged, and what is taken over
 * from pictures. The window knows this one object.
 */
import type { ActionId, Input, KeyInput } from '../../../editor/index.ts'
import type { LayerId } from '../../../document/index.ts'
import type { Drawing } from './canvas-host.ts'
import { Generation } from './generation.ts'
import type { Parts } from './parts.ts'
import { Recall } from './recall.ts'
import { StagingLayers } from './staging-layer.ts'
import { StagingWork } from './staging-work.ts'
import { Staging } from './staging.ts'
import { exportStrip } from './strip.ts'
import type { GenerationSettings } from './studio-state.ts'

export class Generating {
  readonly generation: Generation
  readonly staging: Staging
  readonly work: StagingWork
  readonly recall: Recall
  readonly #parts: Parts
  readonly #layers: StagingLayers
  /** The key that holds the original. */
  #held: string | null = null

  /**
   * @param draw gets what lies over the canvas, and null where nothing does
   * @param choose makes a model the window's
   */
  constructor(parts: Parts, draw: (drawing: Drawing | null) => void, choose: (model: string) => void) {
    this.#parts = parts
    let wasStaged = false
    this.staging = new Staging(parts, (drawing) => {
      draw(drawing)
      const isStaged = this.staging.current !== null
      if (isStaged === wasStaged) return
      wasStaged = isStaged
      this.generation.refresh()
    })
    this.generation = new Generation(parts, this.staging)
    this.work = new StagingWork(parts, this.staging, this.generation.runner, {
      modelOf: (sha256) => this.generation.modelOf(sha256),
      takeSettings: () => this.generation.takeSettings(),
    })
    this.#layers = new StagingLayers(parts, this.staging)
    this.recall = new Recall(parts, this.generation, choose)
  }

  /** To be told when the document changed. */
  refresh(): void {
    this.staging.refresh()
    this.generation.refresh()
  }

  stage(shown: number): void {
    this.staging.stage(shown)
    this.settle(this.work.loadTrajectory())
  }

  accept(): void {
    this.settle(this.#layers.accept())
  }

  reopen(id: LayerId): void {
    this.settle(this.#layers.reopen(id).then(() => this.work.loadTrajectory()))
  }

  exportStrip(format: 'webp' | 'gif'): void {
    this.settle(exportStrip(this.#parts, this.staging.current, format))
  }

  /** What goes wrong is told. */
  settle(running: Promise<unknown>): void {
    running.catch((error: unknown) => this.#parts.notices.fail(error))
  }

  /**
   * While results are staged their keys come before the tools', but for what a tool has begun.
   *
   * @returns whether the key was meant for them
   */
  takes(input: Input, actionOf: (input: KeyInput) => ActionId | null): boolean {
    if (input.type === 'blur' || (input.type === 'keyup' && input.code === this.#held)) {
      this.#held = null
      this.staging.holdOriginal(false)
    }
    if (input.type !== 'keydown' || this.staging.current === null) return false
    const action = actionOf(input)
    const isToolIdle = this.#parts.editor.path().endsWith('.idle')
    if (action === null || !action.startsWith('staging.') || !isToolIdle) return false
    if (action === 'staging.original') {
      this.#held = input.code
      this.staging.holdOriginal(true)
    } else if (this.can(action)) this.run(action)
    return true
  }

  /** Of the actions that are about generating. */
  can(action: ActionId): boolean {
    const { generation, staging } = this.#parts.holder.state
    if (action === 'generate.run' || action === 'generate.queue') return generation.blocked === null
    if (action === 'generate.cancel') return generation.running !== null && !generation.running.stopping
    const wanted = wantedBy(action)
    if (wanted === 'auto') return true
    if (wanted !== null) return generation.choices.some(({ verb, blocked }) => verb === wanted && blocked === null)
    if (staging === null) return false
    switch (action) {
      case 'staging.next':
        return staging.shown < staging.pictures.length
      case 'staging.previous':
        return staging.shown > 0
      case 'staging.scrubBack':
      case 'staging.scrubForward':
        return staging.steps > 0
      case 'staging.continue':
        return staging.step !== null
      default:
        return true
    }
  }

  isOn(action: ActionId): boolean {
    const { generation, staging } = this.#parts.holder.state
    if (action === 'staging.compare') return staging !== null && staging.compare !== null
    const wanted = wantedBy(action)
    return wanted !== null && generation.settings.wanted === wanted
  }

  /** Those that need no document of the window's. */
  run(action: ActionId): void {
    const wanted = wantedBy(action)
    if (wanted !== null) return this.generation.set({ wanted })
    switch (action) {
      case 'generate.cancel':
        return this.generation.cancel()
      case 'staging.next':
        return this.stage((this.staging.current?.shown ?? 0) + 1)
      case 'staging.previous':
        return this.stage((this.staging.current?.shown ?? 0) - 1)
      case 'staging.accept':
        return this.accept()
      case 'staging.discard':
        return this.staging.discard()
      case 'staging.original':
        return this.stage(0)
      case 'staging.compare':
        return this.staging.toggleCompare()
      case 'staging.scrubBack':
        return this.settle(this.work.scrubBy(-1))
      case 'staging.scrubForward':
        return this.settle(this.work.scrubBy(1))
      case 'staging.continue':
        return this.settle(this.work.continueFromStep())
      default:
    }
  }
}

const isGenerating = /^(?:generate|staging)\./

export const isOfGenerating = (action: ActionId): boolean => isGenerating.test(action)

/** The verb that an action chooses. */
function wantedBy(action: ActionId): GenerationSettings['wanted'] | null {
  const prefix = 'generate.as.'
  return action.startsWith(prefix) ? (action.slice(prefix.length) as GenerationSettings['wanted']) : null
}
