/**
 * Tells the editor what tools need to know of the document. The bounds of the active layer are the worker's to say; until it has,
 * the ones before stand in for them, so that a box on screen does not blink.
 */
import { lockOf, type Surface } from '../../../document/index.ts'
import type { Command, Scene, Target } from '../../../editor/index.ts'
import { intersect, type Rect } from '../../../shared/geometry/rect.ts'
import { chosenModel } from './chosen-model.ts'
import type { OpenDocument } from './open-document.ts'
import type { Parts } from './parts.ts'

export const noScene: Scene = {
  canvas: { width: 1, height: 1 },
  target: null,
  frame: { x: 0, y: 0, width: 1, height: 1 },
  frameRule: { multiple: 32, minimum: 32, grid: 4 },
}

/** The model's demands on the frame; before the engine has answered, those of most models. */
export function frameRuleOf(state: Parameters<typeof chosenModel>[0]): Scene['frameRule'] {
  const model = chosenModel(state)
  if (model === undefined) return noScene.frameRule
  return { multiple: model.sizeMultiple, minimum: 2 * model.sizeMultiple, grid: model.pixelsPerToken }
}

/** Bounds are those of a surface, as far as it is selected. */
interface Question {
  readonly target: Target
  readonly surface: Surface
  readonly selection: Surface | null
}

export class SceneTeller {
  readonly #parts: Parts
  readonly #run: (commands: readonly Command[]) => void
  #known: (Question & { readonly rect: Rect | null }) | null = null
  #asked: Question | null = null

  constructor(parts: Parts, run: (commands: readonly Command[]) => void) {
    this.#parts = parts
    this.#run = run
  }

  /** To be called whenever the document, its active layer or the engine has changed. */
  refresh(): void {
    this.#run(this.#parts.editor.setScene(this.#scene()))
  }

  #scene(): Scene {
    const document = this.#parts.document()
    const frameRule = frameRuleOf(this.#parts.holder.state)
    if (document === null) return { ...noScene, frameRule }
    const { canvas, records } = document.store
    const { target } = document
    const { width, height, frame } = canvas
    if (target === null) return { canvas: { width, height }, target: null, frame, frameRule }
    const locked = lockOf(records, target.layer) !== undefined
    return {
      canvas: { width, height },
      target: { ...target, locked, bounds: this.#boundsOf(document, target) },
      frame,
      frameRule,
    }
  }

  #boundsOf(document: OpenDocument, target: Target): Rect | null {
    const surface = surfaceOf(document, target)
    if (surface === null) return null
    const question = { target, surface, selection: document.store.canvas.selection }
    if (!isSame(this.#known, question) && !isSame(this.#asked, question)) void this.#ask(question)
    const known = this.#known
    return known?.target.layer === target.layer && known.target.part === target.part ? known.rect : null
  }

  async #ask(question: Question): Promise<void> {
    this.#asked = question
    const rect = await this.#answer(question).catch(() => null)
    // Another question has been asked since: its answer counts.
    if (this.#asked !== question) return
    this.#asked = null
    this.#known = { ...question, rect }
    this.refresh()
  }

  async #answer({ target, selection }: Question): Promise<Rect | null> {
    const { pixels } = this.#parts
    const shown = await pixels.bounds(target)
    const selected = selection === null ? shown : await pixels.bounds('selection')
    return (shown && selected && intersect(shown, selected)) ?? null
  }
}

const isSame = (a: Question | null, b: Question): boolean => a?.surface === b.surface && a.selection === b.selection

function surfaceOf({ store }: OpenDocument, { layer, part }: Target): Surface | null {
  const record = store.get(layer)
  if (record === undefined || record.kind === 'canvas') return null
  if (part === 'mask') return record.mask?.surface ?? null
  return record.kind === 'group' ? null : record.surface
}
