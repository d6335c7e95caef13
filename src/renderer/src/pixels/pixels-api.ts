/**
 * What the window asks of its pixel worker: the thread that holds the tiles of the open document, draws what is on screen and
 * computes every change of pixels. It keeps a copy of the records, told by `open` and `change`, and never changes the document:
 * it returns new surfaces, which the window commits as one step of the history.
 *
 * Order is kept on the pipe: what an operation made is told by a 'made' event before the operation's answer.
 */
import type {
  DocumentDiff,
  DocumentRecord,
  LayerId,
  PictureChange,
  RenderNode,
  Surface,
  SurfaceChange,
} from '../../../document/index.ts'
import type { Brush, Colour, SelectionMode, SelectionShape, StrokePoint, Target } from '../../../editor/index.ts'
import type { CallHooks } from '../../../shared/contract/call-hooks.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { Affine } from '../../../shared/geometry/affine.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import type { Rect, Size } from '../../../shared/geometry/rect.ts'

/**
 * What is on screen. Of the tiles that were sent for it, the last 400 are taken to be kept: they are sent again when they change.
 * At level L a px of the display stands for 2^L x 2^L px of the canvas: level 0 is exact, within rounding
 * what export writes; higher levels blend layers that were made smaller first.
 */
export interface ViewRequest {
  readonly level: number
  /** In canvas px; what lies outside of the canvas is not drawn. */
  readonly rect: Rect
}

/** A tile of the display, 256 x 256 px of its level, or a part of it. */
export interface DisplayPatch {
  readonly type: 'patch'
  readonly level: number
  readonly column: number
  readonly row: number
  /** Where the px go within the tile. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** RGBA, straight alpha, (height, width, 4). */
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

export type DisplayEvent =
  | DisplayPatch
  /** Another document, or another size: nothing shown so far is right. */
  | { readonly type: 'reset'; readonly canvas: Size }
  /** The outline of the selection as runs x1, y1, x2, y2 in canvas px; empty where nothing is selected. */
  | { readonly type: 'outline'; readonly runs: Float32Array }
  /** Everything of the last `view` is on its way, and shows the document after `changes` calls of open and change. */
  | { readonly type: 'shown'; readonly changes: number }

export type PixelsEvent =
  | DisplayEvent
  /** Tiles that are not in memory: to be answered with `addTiles`, or with `failTiles`. */
  | { readonly type: 'need'; readonly ids: readonly string[] }
  /** New tiles that a surface is about to name. At most 8 in one event. */
  | { readonly type: 'made'; readonly tiles: readonly { readonly id: string; readonly bytes: Uint8Array }[] }

/** A stroke as it begins. */
export interface StrokeStart {
  readonly target: Target
  readonly paint: 'colour' | 'erase'
  readonly brush: Brush
  readonly colour: Colour
}

/** A change of pixels. All keep to the selection where there is one, but those that say what the selection becomes. */
export type PixelOperation =
  /** A whole stroke at once, for what was not drawn live. */
  | (StrokeStart & { readonly do: 'stroke'; readonly points: readonly StrokePoint[] })
  | {
      readonly do: 'flood'
      readonly target: Target
      readonly point: Point
      readonly colour: Colour
      readonly tolerance: number
      readonly contiguous: boolean
    }
  | { readonly do: 'fill'; readonly target: Target; readonly colour: Colour }
  | { readonly do: 'clear'; readonly target: Target }
  | { readonly do: 'select'; readonly shape: SelectionShape; readonly mode: SelectionMode }
  | { readonly do: 'select-all' | 'select-invert' }
  | { readonly do: 'select-grow' | 'select-shrink' | 'select-feather'; readonly px: number }
  /** What shows of a layer, or its mask, or a mask layer, as the selection. */
  | { readonly do: 'select-layer'; readonly target: Target }
  /** The selection as coverage for a mask; all of the canvas where nothing is selected. Returned as `surface`. */
  | { readonly do: 'mask-of-selection' }
  | { readonly do: 'invert-mask'; readonly layer: LayerId }
  /**
   * Moves, turns, scales the target's px (with its mask where it is a layer's px, with all that it holds where it is a group); of
   * a selection only what is in it, and it goes along, but masks stay. Resampled px are kept as far around the canvas as it is large.
   */
  | { readonly do: 'transform'; readonly target: Target; readonly matrix: Affine }
  | { readonly do: 'flip-layer'; readonly target: Target; readonly axis: 'horizontal' | 'vertical' }
  /** The whole picture: every layer, mask and the selection. What leaves the canvas is lost. */
  | { readonly do: 'crop'; readonly rect: Rect }
  /** As crop, but what lies outside of the canvas is kept. `offset`: where the old top left goes. */
  | { readonly do: 'canvas-size'; readonly size: Size; readonly offset: Point }
  | { readonly do: 'turn'; readonly degrees: 90 | 180 | 270 }
  | { readonly do: 'flip'; readonly axis: 'horizontal' | 'vertical' }
  /** Draws nodes (of a MergePlan) into one surface of all that shows of them. Returned as `surface`. */
  | { readonly do: 'merge'; readonly nodes: readonly RenderNode[] }
  /**
   * Pixels as a surface, resized to `size` where there is one; RGB becomes opaque; alpha is multiplied by `mask` (one channel, of
   * the size in the end). Returned as `surface`.
   */
  | {
      readonly do: 'place'
      readonly pixels: Pixels
      readonly at: Point
      readonly size?: Size | undefined
      readonly mask: Pixels | null
    }
  /** A mask from elsewhere (one channel) as the surface of a layer's mask. Returned as `surface`. */
  | { readonly do: 'place-mask'; readonly mask: Pixels; readonly at: Point }

export interface OperationResult {
  /** For replaceSurfaces of src/document, with `was` where it applies; empty where nothing changed. */
  readonly changes: readonly SurfaceChange[]
  readonly picture: PictureChange
  /** Of the operations that say so; null for the others. */
  readonly surface: Surface | null
}

/** Pixels that the model or the clipboard wants. */
export type ReadRequest =
  /** The picture as it shows, RGBA. */
  | { readonly what: 'picture'; readonly rect: Rect }
  /** One layer or mask alone. `selected`: alpha times the selection. */
  | { readonly what: 'target'; readonly target: Target; readonly rect: Rect; readonly selected: boolean }
  /** A surface that no layer shows: another result of the run that made one. */
  | { readonly what: 'surface'; readonly surface: Surface; readonly rect: Rect }
  /** One channel; 255 everywhere where nothing is selected. */
  | { readonly what: 'selection'; readonly rect: Rect }

export interface PixelsApi {
  /** Events for as long as the call lasts. To be called first. */
  watch(nothing: null, hooks?: CallHooks<PixelsEvent>): Promise<void>
  /** Another document; null = none. Forgets all tiles. */
  open(request: { readonly records: readonly DocumentRecord[] | null }): Promise<void>
  /** An empty diff says that what `endStroke` returned last will not come. */
  change(request: { readonly diff: DocumentDiff }): Promise<void>
  addTiles(request: { readonly tiles: readonly { readonly id: string; readonly bytes: Uint8Array }[] }): Promise<void>
  /** These will not come: what needs them fails with 'document-broken'. */
  failTiles(request: { readonly ids: readonly string[]; readonly message: string }): Promise<void>

  view(request: ViewRequest): Promise<void>
  /** A mask, or the selection, laid over the picture in red where it hides or does not select; null = none. */
  overlay(request: { readonly show: Target | 'selection' | null }): Promise<void>

  /** A stroke drawn while the pen moves. The layers below and above are drawn once and kept. */
  beginStroke(request: StrokeStart): Promise<void>
  extendStroke(request: { readonly points: readonly StrokePoint[] }): Promise<void>
  /**
   * `keep` false: as if it had not been. The display keeps the stroke until the change is told by `change`, or until the next stroke
   * begins after the answer; what is asked meanwhile finds the layer with the stroke on it.
   */
  endStroke(request: { readonly keep: boolean }): Promise<OperationResult>
  /**
   * The target as it would be under a map, on screen only; null ends it, and so does a change of its px. Calls overtake each other:
   * only the last is drawn.
   */
  previewTransform(request: { readonly target: Target; readonly matrix: Affine } | null): Promise<void>

  operate(operation: PixelOperation): Promise<OperationResult>

  read(request: ReadRequest): Promise<Pixels>
  /** Around all px that show; null where there are none. */
  bounds(request: Target | 'selection'): Promise<Rect | null>
  /** RGBA, masks as greys; at most `side` px a side, of the canvas's proportions; null where the target is empty. */
  thumbnail(request: { readonly target: Target; readonly side: number }): Promise<Pixels | null>
  /** Is there a picture in the rectangle, or only one colour, or nothing? What lies outside of the canvas is not looked at. */
  hasContent(request: { readonly rect: Rect }): Promise<boolean>
  /** Are the layer's own px, bit by bit, what the picture shows in the rectangle? */
  shows(request: { readonly layer: LayerId; readonly rect: Rect }): Promise<boolean>
  /** Of the picture as it shows; null outside of the canvas and where it is transparent. */
  colourAt(request: { readonly point: Point }): Promise<Colour | null>
}

export const pixelsMethods = {
  watch: true,
  open: true,
  change: true,
  addTiles: true,
  failTiles: true,
  view: true,
  overlay: true,
  beginStroke: true,
  extendStroke: true,
  endStroke: true,
  previewTransform: true,
  operate: true,
  read: true,
  bounds: true,
  thumbnail: true,
  hasContent: true,
  shows: true,
  colourAt: true,
} as const satisfies Record<keyof PixelsApi, true>
