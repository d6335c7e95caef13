/** The one canvas of an open document. */
import type { Canvas } from '../../../document/index.ts'
import type { OpenDocumentState } from '../studio/studio-state.ts'

export function canvasOf(document: OpenDocumentState | null): Canvas | null {
  const canvas = document?.records.get('canvas')
  return canvas?.kind === 'canvas' ? canvas : null
}
