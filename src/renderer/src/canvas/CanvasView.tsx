/** The canvas as React sees it: one element with a name, that can have the focus. What is inside is mounted and left alone. */
import { type CSSProperties, useEffect, useRef } from 'react'
import type { Point } from '../../../shared/geometry/point.ts'
import type { CanvasHost } from '../studio/canvas-host.ts'
import { CompareSlider } from './CompareSlider.tsx'
import { takeDrops } from './drop.ts'
import { listen } from './listen.ts'
import { CanvasStage } from './stage.ts'

export interface CanvasViewProps {
  readonly host: CanvasHost
  /** What a screen reader calls it. */
  readonly label: string
  /** Id of the element that says more. */
  readonly describedBy?: string
  /** A menu is asked for at a place, in px of the page. */
  readonly onContextMenu?: (point: Point) => void
  /** For measuring: the stage when it is there, and null when it goes. */
  readonly onStage?: (stage: CanvasStage | null) => void
}

const outer: CSSProperties = {
  position: 'absolute',
  inset: 0,
  overflow: 'hidden',
  touchAction: 'none',
  userSelect: 'none',
  outlineOffset: -3,
}
const inner: CSSProperties = { position: 'absolute', inset: 0 }

export function CanvasView({ host, label, describedBy, ...props }: CanvasViewProps) {
  const element = useRef<HTMLDivElement>(null)
  const container = useRef<HTMLDivElement>(null)
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  useEffect(() => {
    if (!element.current || !container.current) return
    const stage = new CanvasStage(element.current, container.current, host)
    const ends = [
      listen({
        element: element.current,
        host,
        stage,
        onContextMenu: (point) => latest.current.onContextMenu?.(point),
      }),
      takeDrops({
        element: element.current,
        place: (source) => host.place(source),
        offer: (source, name) => host.showDialog({ type: 'dropped', name, source }),
        show: (isOver) => stage.showDropping(isOver),
      }),
    ]
    latest.current.onStage?.(stage)
    return () => {
      latest.current.onStage?.(null)
      for (const end of ends) end()
      stage.destroy()
    }
  }, [host])
  return (
    <>
      <div
        ref={element}
        className="canvas"
        data-canvas=""
        role="application"
        tabIndex={0}
        aria-label={label}
        aria-describedby={describedBy}
        style={outer}
      >
        <div ref={container} style={inner} />
      </div>
      <CompareSlider host={host} />
    </>
  )
}

export default CanvasView
