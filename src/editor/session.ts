/** What the editor knows besides the document: camera, tool, brushes, colours. A plain record, replaced when it changes. */
import type { Rect, Size } from '../shared/geometry/rect.ts'
import { type Brush, type BrushTool, defaultBrush } from './brush.ts'
import type { Camera } from './camera.ts'
import { type Colours, defaultColours } from './colours.ts'
import type { Command, Target } from './commands.ts'
import type { ToolId } from './tool-ids.ts'

export interface Session {
  readonly camera: Camera
  readonly viewport: Size
  /** Px at the foot of the viewport that something lies over; what is fitted stays above them. */
  readonly foot: number
  readonly tool: ToolId
  readonly brushes: Readonly<Record<BrushTool, Brush>>
  readonly colours: Colours
  readonly fill: { readonly tolerance: number; readonly contiguous: boolean }
  /** What a plain wheel does; a pinch always zooms. */
  readonly wheel: 'zoom' | 'pan'
}

/** What tools need to know of the document; the app tells it anew whenever it changes. */
export interface Scene {
  readonly canvas: Size
  /** What would be painted on or moved; null when no layer is active. */
  readonly target: (Target & { readonly locked: boolean; readonly bounds: Rect | null }) | null
  readonly frame: Rect
  /** The model's demands on the frame: sides are multiples of `multiple` and at least `minimum`; it lies on `grid`. */
  readonly frameRule: { readonly multiple: number; readonly minimum: number; readonly grid: number }
}

/** All that a tool may read. */
export interface View extends Session, Scene {
  /** Is Space held? */
  readonly space: boolean
}

export function newSession(viewport: Size): Session {
  return {
    camera: { x: 0, y: 0, zoom: 1 },
    viewport,
    foot: 0,
    tool: 'move',
    brushes: { brush: defaultBrush, eraser: defaultBrush, 'select-brush': { ...defaultBrush, hardness: 1 } },
    colours: defaultColours,
    fill: { tolerance: 32, contiguous: true },
    wheel: 'zoom',
  }
}

/** Commands that are not the session's leave it as it is. */
export function applySession(session: Session, command: Command): Session {
  switch (command.type) {
    case 'setCamera':
      return { ...session, camera: command.camera }
    case 'setTool':
      return { ...session, tool: command.tool }
    case 'setBrush':
      return { ...session, brushes: { ...session.brushes, [command.tool]: command.brush } }
    case 'setColours':
      return { ...session, colours: command.colours }
    default:
      return session
  }
}
