/**
 * What lies above the picture now, as plain values: read off the window's state, what is unfinished and where the pointer is.
 * Nothing is drawn here; two equal scenes look the same. Positions are CSS px of the viewport, or canvas px where they say so.
 */
import {
  type Brush,
  type BrushTool,
  type Colour,
  isBrushTool,
  type Preview,
  type SelectionShape,
  toCanvas,
  type TransformNumbers,
} from '../../../editor/index.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import type { Rect } from '../../../shared/geometry/rect.ts'
import type { StudioState } from '../studio/studio-state.ts'
import { boxOf, type Corners, type Grip, gripAt } from './grip.ts'
import { isMixing, mixBrush } from './mix-brush.ts'
import type { ShownZones } from './zones.ts'

export interface Pointer {
  /** CSS px of the viewport. */
  readonly at: Point
  /** Where it was pressed last; `at` where it never was. */
  readonly start: Point
  readonly isPressed: boolean
  readonly alt: boolean
}

export interface OverlayScene {
  /** What a run would change; null while one goes on, results wait, or something is being drawn. */
  readonly zones: ShownZones | null
  /** Where the drawing over the picture begins, as a share of its width; null where it is not compared with the picture. */
  readonly compare: number | null
  /** Canvas px. */
  readonly frame: { readonly rect: Rect; readonly isActive: boolean } | null
  /** Canvas px. */
  readonly crop: Rect | null
  /** Canvas px. */
  readonly box: Corners | null
  /** Canvas px. */
  readonly shape: SelectionShape | null
  /** From where to where a layer is dragged. */
  readonly move: { readonly from: Point; readonly to: Point } | null
  /** The px of the canvas whose colour would be taken, where to show it, and the colour that it would replace. */
  readonly pick: { readonly pixel: Point; readonly at: Point; readonly instead: Colour } | null
  readonly brush: { readonly at: Point; readonly radius: number; readonly hardness: number } | null
  /** A press here turns the box, or does so now; `angle` is that from its centre to the pointer. */
  readonly turn: { readonly at: Point; readonly angle: number } | null
  /** Sizes and angles beside the pointer while it is pressed. */
  readonly label: { readonly text: string; readonly at: Point } | null
}

export interface SceneMatters {
  readonly state: StudioState
  readonly previews: readonly Preview[]
  /** As Editor.path() says it. */
  readonly path: string
  readonly pointer: Pointer | null
}

export const emptyScene: OverlayScene = {
  zones: null,
  compare: null,
  frame: null,
  crop: null,
  box: null,
  shape: null,
  move: null,
  pick: null,
  brush: null,
  turn: null,
  label: null,
}

export function overlayScene(matters: SceneMatters): OverlayScene {
  const { state, previews, path, pointer } = matters
  const canvas = state.document?.records.get('canvas')
  if (canvas?.kind !== 'canvas') return emptyScene
  const frame = find(previews, 'frame')?.rect ?? canvas.frame
  const transform = find(previews, 'transform')
  const translate = find(previews, 'translate')
  const pick = find(previews, 'pick')
  const text = labelText(matters)
  return {
    zones: zonesOf(matters),
    compare: state.staging?.compare ?? null,
    frame: { rect: frame, isActive: state.session.tool === 'frame' },
    crop: find(previews, 'crop')?.rect ?? null,
    box: transform?.corners ?? null,
    shape: find(previews, 'selection')?.shape ?? null,
    move: translate && pointer ? moveOf(translate, pointer, state.session.camera.zoom) : null,
    pick: pick && pointer ? { pixel: pick.point, at: pointer.at, instead: state.session.colours.foreground } : null,
    brush: brushCircle(state, path, pointer),
    turn: transform && pointer ? turnOf(transform.numbers, matters, pointer) : null,
    label: text !== null && pointer ? { text, at: pointer.at } : null,
  }
}

/** Tools that work on colours, which a tint would change; an edit that waits has the canvas for itself. */
const withoutTint = ['brush', 'eraser', 'fill', 'eyedropper']
const withoutZones = ['transform', 'crop']

function zonesOf({ state, path, pointer }: SceneMatters): ShownZones | null {
  const { generation, staging, session, preferences } = state
  const { zones, running } = generation
  const isBusy = running !== null || staging !== null || pointer?.isPressed === true
  if (zones === null || preferences.zonesHidden === true || isBusy || withoutZones.includes(session.tool)) return null
  const isTinted = !withoutTint.includes(session.tool) && !path.endsWith('.painting')
  return { zones, isTinted, isRuled: session.tool === 'frame' }
}

/** What the pointer is over, of a box with handles; null where there is none. */
export function gripUnder({ state, previews, pointer }: Omit<SceneMatters, 'path'>): Grip | null {
  const corners = boxOf(previews)
  const { camera } = state.session
  return corners === null || pointer === null ? null : gripAt(corners, camera.zoom, toCanvas(camera, pointer.at))
}

type PreviewOf<T extends Preview['type']> = Preview & { readonly type: T }

function find<T extends Preview['type']>(previews: readonly Preview[], type: T): PreviewOf<T> | undefined {
  return previews.find((preview): preview is PreviewOf<T> => preview.type === type)
}

function brushCircle({ session, staging }: StudioState, path: string, pointer: Pointer | null): OverlayScene['brush'] {
  const brush = isMixing(staging, path) ? mixBrush(session).brush : brushOf(session, path)
  if (brush === null || pointer === null) return null
  // While it is resized the circle stays where it can be compared with the picture.
  const at = path === 'brush-resize.dragging' ? pointer.start : pointer.at
  return { at, radius: (brush.size * session.camera.zoom) / 2, hardness: brush.hardness }
}

function brushOf({ tool, brushes }: StudioState['session'], path: string): Brush | null {
  const [id = ''] = path.split('.')
  if (id in brushes) return brushes[id as BrushTool]
  return id === 'brush-resize' && isBrushTool(tool) ? brushes[tool] : null
}

function moveOf({ dx, dy }: PreviewOf<'translate'>, { start }: Pointer, zoom: number) {
  return { from: start, to: { x: start.x + dx * zoom, y: start.y + dy * zoom } }
}

function turnOf(numbers: TransformNumbers, matters: SceneMatters, pointer: Pointer): OverlayScene['turn'] {
  const { camera } = matters.state.session
  const isTurning = matters.path === 'transform.rotating'
  const mayTurn = /^transform\.(idle|pending)$/.test(matters.path) && gripUnder(matters)?.on === 'outside'
  if (!isTurning && !mayTurn) return null
  const at = toCanvas(camera, pointer.at)
  return { at: pointer.at, angle: Math.atan2(at.y - numbers.y, at.x - numbers.x) }
}

/** What is being changed, in numbers; null where that is nothing. */
function labelText({ state, previews, path, pointer }: SceneMatters): string | null {
  if (pointer?.isPressed !== true) return null
  if (path === 'brush-resize.dragging') {
    const brush = brushOf(state.session, path)
    return brush && `${brush.size} px  ${percent(brush.hardness)}`
  }
  for (const preview of previews) {
    switch (preview.type) {
      case 'selection':
        return 'rect' in preview.shape ? sizeText(preview.shape.rect) : null
      case 'crop':
        return sizeText(preview.rect)
      case 'translate':
        return `${signed(preview.dx)}, ${signed(preview.dy)} px`
      case 'transform':
        return transformText(preview.numbers, path)
      default:
    }
  }
  return null
}

function transformText({ x, y, scaleX, scaleY, rotation }: TransformNumbers, path: string): string | null {
  switch (path) {
    case 'transform.moving':
      return `${Math.round(x)}, ${Math.round(y)} px`
    case 'transform.scaling':
      return `${percent(scaleX)} × ${percent(scaleY)}`
    case 'transform.rotating':
      return `${rotation.toFixed(1).replace('-', '−')}°`
    default:
      return null
  }
}

export const sizeText = ({ width, height }: { readonly width: number; readonly height: number }): string =>
  `${width} × ${height} px`

const percent = (share: number): string => `${Math.round(share * 100)} %`.replace('-', '−')

const signed = (px: number): string => `${px > 0 ? '+' : px < 0 ? '−' : ''}${Math.abs(px)}`
