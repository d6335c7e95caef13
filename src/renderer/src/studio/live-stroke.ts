/**
 * Feeds the stroke that the editor is drawing to the worker as it grows, and ends it there when the editor says so. A stroke that
 * begins while the one before is still being committed waits for it; its points are kept meanwhile.
 */
import { replaceSurfaces } from '../../../document/index.ts'
import type { Command, Preview, StrokePoint } from '../../../editor/index.ts'
import { steps } from '../strings/steps.ts'
import type { Parts } from './parts.ts'

type StrokeCommand = Extract<Command, { type: 'stroke' }>

interface Live {
  readonly tool: 'brush' | 'eraser'
  /** Points handed to the worker so far. */
  sent: number
  points: readonly StrokePoint[]
  isBegun: boolean
  /** Null drops the stroke. */
  readonly end: (command: StrokeCommand | null) => void
}

export class LiveStroke {
  readonly #parts: Parts
  #live: Live | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** To be told after each event of the editor, with what is unfinished now. */
  follow(previews: readonly Preview[]): void {
    const preview = previews.find((candidate) => candidate.type === 'stroke')
    if (preview === undefined || preview.tool === 'select-brush') return this.#finish(null)
    this.#live ??= this.#begin(preview.tool)
    if (this.#live === null) return
    this.#live.points = preview.points
    this.#send(this.#live)
  }

  /** The stroke that was followed is finished. @returns false where none was: the command is then to be drawn as a whole */
  finish(command: StrokeCommand): boolean {
    if (this.#live === null) return false
    this.#live.points = command.points
    this.#send(this.#live)
    this.#finish(command)
    return true
  }

  #begin(tool: Live['tool']): Live | null {
    const { queue, pixels, editor } = this.#parts
    const document = this.#parts.document()
    const target = document?.target
    if (document === null || !target) return null
    let end: Live['end'] = () => undefined
    const ended = new Promise<StrokeCommand | null>((resolve) => {
      end = resolve
    })
    const live: Live = { tool, sent: 0, points: [], isBegun: false, end }
    const { brushes, colours } = editor.session
    const start = { target, brush: brushes[tool], colour: colours.foreground }
    void queue.run('', async () => {
      const beginning = pixels.beginStroke({ ...start, paint: tool === 'brush' ? 'colour' : 'erase' })
      // The worker takes calls in their order: the first dab need not wait for an answer.
      live.isBegun = true
      this.#send(live)
      await beginning
      const command = await ended
      const { changes } = await pixels.endStroke({ keep: command !== null })
      if (command !== null && this.#parts.document() === document) replaceSurfaces(document.store, steps[tool], changes)
    })
    return live
  }

  #send(live: Live): void {
    if (!live.isBegun || live.points.length === live.sent) return
    const points = live.points.slice(live.sent)
    live.sent = live.points.length
    this.#parts.pixels.extendStroke({ points }).catch((error: unknown) => this.#parts.notices.fail(error))
  }

  #finish(command: StrokeCommand | null): void {
    this.#live?.end(command)
    this.#live = null
  }
}
