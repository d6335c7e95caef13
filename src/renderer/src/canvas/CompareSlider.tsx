/** The border between the original and the staged picture: dragged on the canvas, or moved with the arrow keys. */
import { type KeyboardEvent, type PointerEvent, type RefObject, useRef, useSyncExternalStore } from 'react'
import { toScreen } from '../../../editor/index.ts'
import { clamp, type Rect } from '../../../shared/geometry/rect.ts'
import { strings } from '../strings/strings.ts'
import type { CanvasHost } from '../studio/canvas-host.ts'
import type { StudioState } from '../studio/studio-state.ts'

const words = strings.staging
/** Shares of the picture's width. */
const [keyStep, largeKeyStep] = [0.02, 0.1] as const

interface Line {
  readonly at: number
  /** CSS px of the viewport. */
  readonly picture: Rect
}

export function CompareSlider({ host }: { readonly host: CanvasHost }) {
  const line = useLine(host)
  const drag = useRef<{ readonly by: number } | null>(null)
  const element = useRef<HTMLDivElement>(null)
  if (line === null) return null
  const { at, picture } = line
  const x = picture.x + at * picture.width
  const percent = Math.round(at * 100)

  function keyDown(event: KeyboardEvent): void {
    const step = event.shiftKey ? largeKeyStep : keyStep
    const to = { ArrowLeft: at - step, ArrowRight: at + step, Home: 0, End: 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    host.setCompare(clamp(to, 0, 1))
  }

  return (
    <div
      ref={element}
      role="slider"
      className="compare-slider"
      tabIndex={0}
      aria-label={words.compareSlider}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={words.compareValue(percent)}
      style={{ position: 'absolute', left: x, top: picture.y, height: picture.height, touchAction: 'none' }}
      onKeyDown={keyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        drag.current = { by: placeOf(event, element) - x }
      }}
      onPointerMove={(event) => {
        if (drag.current === null) return
        host.setCompare(clamp((placeOf(event, element) - drag.current.by - picture.x) / picture.width, 0, 1))
      }}
      onPointerUp={() => {
        drag.current = null
      }}
      onPointerCancel={() => {
        drag.current = null
      }}
    >
      <span className="compare-knob" />
    </div>
  )
}

/** In px of the element around the slider, which is the viewport. */
function placeOf({ clientX }: PointerEvent, { current }: RefObject<HTMLElement | null>): number {
  return clientX - (current?.offsetParent?.getBoundingClientRect().left ?? 0)
}

function useLine(host: CanvasHost): Line | null {
  const last = useRef<{ readonly key: string; readonly line: Line | null } | null>(null)
  return useSyncExternalStore(
    (listener) => host.subscribe(listener),
    () => {
      const line = lineOf(host.state)
      const key = JSON.stringify(line)
      if (last.current?.key !== key) last.current = { key, line }
      return last.current.line
    },
  )
}

/** Null where nothing is compared. As high as the picture is in view, so that its knob is. */
function lineOf({ staging, session: { camera, viewport } }: StudioState): Line | null {
  const picture = staging?.pictures[staging.shown - 1]
  if (staging === null || staging.compare === null || picture === undefined) return null
  const { width, height } = picture.rect
  const { x, y } = toScreen(camera, picture.rect)
  const top = clamp(y, 0, viewport.height)
  const bottom = clamp(y + height * camera.zoom, 0, viewport.height)
  return { at: staging.compare, picture: { x, y: top, width: width * camera.zoom, height: bottom - top } }
}
