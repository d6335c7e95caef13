/**
 * What the editor asks for, as data. Session commands are already applied to the editor's own session when the app sees
 * them; document commands are for the app to apply through the store, each as one step of undo.
 */
import type { LayerId } from '../document/records.ts'
import type { Affine } from '../shared/geometry/affine.ts'
import type { Point } from '../shared/geometry/point.ts'
import type { Rect } from '../shared/geometry/rect.ts'
import type { ActionId } from './actions.ts'
import type { Brush, BrushTool } from './brush.ts'
import type { Camera } from './camera.ts'
import type { Colour, Colours } from './colours.ts'
import type { ToolId } from './tool-ids.ts'
import type { TransformNumbers } from './transform-box.ts'

/** Which pixels are meant: a layer's own or its mask's. */
export interface Target {
  readonly layer: LayerId
  readonly part: 'pixels' | 'mask'
}

/** In canvas px, fractions of a px counted; pressure 0..1. */
export interface StrokePoint extends Point {
  readonly pressure: number
}

export type SelectionMode = 'replace' | 'add' | 'subtract' | 'intersect'

export type SelectionShape =
  | { readonly kind: 'rectangle' | 'ellipse'; readonly rect: Rect }
  /** A closed polygon: the last point joins the first. */
  | { readonly kind: 'lasso'; readonly points: readonly Point[] }
  | { readonly kind: 'brush'; readonly points: readonly StrokePoint[]; readonly brush: Brush }

export type SessionCommand =
  | { readonly type: 'setCamera'; readonly camera: Camera }
  | { readonly type: 'setTool'; readonly tool: ToolId }
  | { readonly type: 'setBrush'; readonly tool: BrushTool; readonly brush: Brush }
  | { readonly type: 'setColours'; readonly colours: Colours }

export type DocumentCommand =
  /** One stroke from pointer down to up, at least one point. 'erase' takes away alpha, or uncovers a mask. */
  | {
      readonly type: 'stroke'
      readonly target: Target
      readonly paint: 'colour' | 'erase'
      readonly points: readonly StrokePoint[]
      readonly brush: Brush
      readonly colour: Colour
    }
  /** A flood from the px at `point`, whole canvas px, inside the selection. */
  | {
      readonly type: 'fill'
      readonly target: Target
      readonly point: Point
      readonly colour: Colour
      /** 0..255 a channel. */
      readonly tolerance: number
      /** False: all px of like colour, wherever they lie. */
      readonly contiguous: boolean
    }
  | { readonly type: 'select'; readonly shape: SelectionShape; readonly mode: SelectionMode }
  /** A click beside everything: nothing is selected any more. */
  | { readonly type: 'deselect' }
  /** Moves the layer by whole canvas px, not both 0. */
  | { readonly type: 'translate'; readonly target: Target; readonly dx: number; readonly dy: number }
  /** `matrix` maps canvas px to canvas px; `numbers` say the same for a label. */
  | {
      readonly type: 'transform'
      readonly target: Target
      readonly matrix: Affine
      readonly numbers: TransformNumbers
    }
  /** The rectangle becomes the canvas; it may reach past the old one and has at least one px. */
  | { readonly type: 'crop'; readonly rect: Rect }
  | { readonly type: 'setFrame'; readonly frame: Rect }
  /** The app reads the px at `point` (whole canvas px) and gives its colour to the editor. */
  | { readonly type: 'pickColour'; readonly point: Point; readonly to: 'foreground' | 'background' }

export type AppCommand =
  /** A shortcut whose work is not the editor's. */
  | { readonly type: 'action'; readonly action: ActionId }
  /** Nothing was done; the catalogue has the sentence for the reason. */
  | { readonly type: 'refuse'; readonly reason: 'no-layer' | 'locked' | 'empty' }

export type Command = SessionCommand | DocumentCommand | AppCommand

/** What an unfinished gesture looks like; drawn above the document, never stored. */
export type Preview =
  /** `points` only ever grows at its end within a stroke. */
  | {
      readonly type: 'stroke'
      readonly tool: BrushTool
      readonly points: readonly StrokePoint[]
      readonly brush: Brush
    }
  | { readonly type: 'selection'; readonly shape: SelectionShape; readonly mode: SelectionMode }
  | { readonly type: 'translate'; readonly target: Target; readonly dx: number; readonly dy: number }
  /** `corners` clockwise from the picture's top left, canvas px. */
  | {
      readonly type: 'transform'
      readonly target: Target
      readonly matrix: Affine
      readonly numbers: TransformNumbers
      readonly corners: readonly Point[]
    }
  | { readonly type: 'crop' | 'frame'; readonly rect: Rect }
  | { readonly type: 'pick'; readonly point: Point }
