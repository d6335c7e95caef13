/** The cursor for what a press would do now, in CSS' words. A pure table: the tool and its state, and what lies under it. */
import type { Grip } from './grip.ts'

export interface CursorMatters {
  /** Of a box that waits with handles; null where there is none. */
  readonly grip: Grip | null
  /** Screen px of the circle that shows the brush; null where none is shown. */
  readonly brushRadius: number | null
  readonly alt: boolean
}

/** Smaller circles are hard to find without a cross. */
const leastCircle = 6

const fixed: Readonly<Record<string, string>> = {
  'hand.idle': 'grab',
  'hand.panning': 'grabbing',
  'zoom.zooming': 'ew-resize',
  'brush-resize.dragging': 'ew-resize',
  'move.idle': 'move',
  'move.dragging': 'move',
  'transform.moving': 'move',
  'crop.moving': 'move',
  'frame.moving': 'move',
}

/** From the right, clockwise, by eighths of a turn; opposite ones look the same. */
const resizes = ['ew-resize', 'nwse-resize', 'ns-resize', 'nesw-resize'] as const

/** @param path as Editor.path() says it: 'crop.pending' */
export function cursorOf(path: string, { grip, brushRadius, alt }: CursorMatters): string {
  const known = fixed[path]
  if (known !== undefined) return known
  const [tool] = path.split('.')
  switch (tool) {
    case 'zoom':
      return alt ? 'zoom-out' : 'zoom-in'
    case 'brush':
    case 'eraser':
    case 'select-brush':
      return brushRadius !== null && brushRadius >= leastCircle ? 'none' : 'crosshair'
    case 'transform':
    case 'crop':
    case 'frame':
      return grip === null ? 'crosshair' : cursorOfGrip(grip)
    default:
      return 'crosshair'
  }
}

function cursorOfGrip(grip: Grip): string {
  if (grip.on === 'inside') return 'move'
  if (grip.on === 'outside') return 'crosshair'
  const eighth = Math.round((grip.angle * 4) / Math.PI)
  return resizes[((eighth % 4) + 4) % 4] ?? 'ew-resize'
}
