/** An empty document: a canvas, nothing selected, the frame around all of it. */
import { StudioError } from '../shared/contract/errors.ts'
import type { Size } from '../shared/geometry/rect.ts'
import { limits } from './limits.ts'
import { DocumentStore } from './store.ts'

/** @throws StudioError 'bad-request' where the size is not whole px or out of range */
export function newDocument(size: Size): DocumentStore {
  const { width, height } = checkedCanvasSize(size)
  const frame = { x: 0, y: 0, width, height }
  return new DocumentStore(
    new Map([['canvas', { id: 'canvas', kind: 'canvas', width, height, frame, selection: null }]]),
  )
}

/** @throws StudioError 'bad-request' where the size is not whole px or out of range */
export function checkedCanvasSize({ width, height }: Size): Size {
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 1 || side > limits.canvasSide) {
      throw new StudioError(
        'bad-request',
        `A canvas of ${width} x ${height} px is not possible: choose whole numbers from 1 to ${limits.canvasSide}.`,
      )
    }
  }
  return { width, height }
}
