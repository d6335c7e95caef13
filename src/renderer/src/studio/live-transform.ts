/** Shows the active layer as it would be while a person moves or transforms it: tells the worker the map whenever it changes. */
import type { Preview } from '../../../editor/index.ts'
import { type Affine, identity, translation } from '../../../shared/geometry/affine.ts'
import type { Parts } from './parts.ts'

export class LiveTransform {
  readonly #parts: Parts
  #shown = ''
  /** Applied, and not yet part of the document: what the editor shows by now does not matter. */
  #isApplied = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** To be told after each event of the editor, with what is unfinished now. */
  follow(previews: readonly Preview[]): void {
    if (this.#isApplied) return
    const preview = previews.find((candidate) => candidate.type === 'transform' || candidate.type === 'translate')
    if (preview === undefined) return this.#show(null)
    const { target } = preview
    const matrix = preview.type === 'translate' ? translation(preview.dx, preview.dy) : preview.matrix
    this.#show(isIdentity(matrix) ? null : { target, matrix })
  }

  /** Holds what is shown until `over` resolves: the change is on its way into the document. */
  async hold(over: Promise<unknown>): Promise<void> {
    this.#isApplied = true
    await over
    this.#isApplied = false
    this.#show(null)
  }

  #show(request: Parameters<Parts['pixels']['previewTransform']>[0]): void {
    const text = JSON.stringify(request)
    if (text === this.#shown || (request === null && this.#shown === '')) return
    this.#shown = request === null ? '' : text
    this.#parts.pixels.previewTransform(request).catch((error: unknown) => this.#parts.notices.fail(error))
  }
}

function isIdentity(matrix: Affine): boolean {
  return Object.entries(identity).every(([name, value]) => matrix[name as keyof Affine] === value)
}
