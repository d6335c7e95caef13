/** What the canvas needs of the window's model: where the person's doing goes, and where what is to be drawn comes from. */
import type { Input, Preview } from '../../../editor/index.ts'
import type { FileSource } from '../../../shared/contract/studio-api.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import type { Rect, Size } from '../../../shared/geometry/rect.ts'
import type { DisplayEvent, ViewRequest } from '../pixels/pixels-api.ts'
import type { DialogState, StudioState } from './studio-state.ts'

/** Cells of a token grid, laid over `area` in canvas px, row by row; 0 = not meant, 255 = wholly. */
export interface Cells {
  readonly area: Rect
  readonly columns: number
  readonly rows: number
  readonly cells: Uint8Array
}

/**
 * A picture that is not part of the document yet: what the model is drawing, or the staged one that is shown, mixed as far as it
 * is. Where `state.staging.compare` is set, only what lies to the right of the slider is drawn.
 */
export interface Drawing {
  readonly pixels: Pixels
  /** Canvas px that the pixels are stretched over; may reach beyond the canvas. */
  readonly rect: Rect
  /** One channel, stretched over `rect` as well: 0 = the document shows. Null: the drawing hides all of it. */
  readonly mask: Pixels | null
  /** Cells whose token was less probable than the threshold, to be marked; null while confidence is not shown. */
  readonly doubtful: Cells | null
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
  /** What lies over the document; null where nothing does. What a run would change is in `state.generation.zones`. */
  readonly drawing: Drawing | null
  onDrawing(listener: (drawing: Drawing | null) => void): () => void
  /** Drags the slider between the original and the staged picture. */
  setCompare(position: number | null): void
  /** While `state.staging.mixWith` is set the pointer paints with this instead of going to the editor. */
  paintMix(points: readonly Point[], diameter: number): void
  place(source: FileSource): void
  showDialog(dialog: DialogState): void
}
