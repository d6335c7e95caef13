/** What the canvas needs of the window's model: where the person's doing goes, and where what is to be drawn comes from. */
import type { Input, Preview } from '../../../editor/index.ts'
import type { FileSource } from '../../../shared/contract/studio-api.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { Rect, Size } from '../../../shared/geometry/rect.ts'
import type { DisplayEvent, ViewRequest } from '../pixels/pixels-api.ts'
import type { StudioState } from './studio-state.ts'

/** A picture that is not part of the document yet: pixels, and the canvas px that they are stretched over. */
export interface Drawing {
  readonly pixels: Pixels
  readonly rect: Rect
}

export interface CanvasHost {
  readonly state: StudioState
  subscribe(listener: () => void): () => void
  /** Goes to the editor at once; `state.session`, `previews` and `toolPath` are new when it returns. */
  dispatch(input: Input): void
  /** What is unfinished and drawn above the picture. Strokes of brush and eraser come as patches instead. */
  previews(): readonly Preview[]
  /** 'brush.painting', of which the canvas makes a cursor. */
  toolPath(): string
  /** The canvas element has another size, in CSS px. */
  setViewport(size: Size): void
  /** What is visible now. May be called often; equal ones in a row cost nothing. */
  show(view: ViewRequest): void
  onDisplay(listener: (event: DisplayEvent) => void): () => void
  /** What the model is drawing right now; null where nothing is. */
  readonly drawing: Drawing | null
  onDrawing(listener: (drawing: Drawing | null) => void): () => void
  place(source: FileSource): void
}
