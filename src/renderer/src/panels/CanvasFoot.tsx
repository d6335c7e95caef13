/** What floats over the foot of the canvas: results that wait, above the prompt, and never over it. */
import { useEffect, useRef } from 'react'
import { useStudio } from '../state/use-studio.tsx'
import { PromptDock } from './prompt/PromptDock.tsx'
import { StagingStrip } from './staging/StagingStrip.tsx'

/** Px to the edge of the canvas, as in staging.css. */
const margin = 16

export function CanvasFoot() {
  const studio = useStudio()
  const foot = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (foot.current === null) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) studio.setFoot(Math.ceil(entry.contentRect.height) + margin)
    })
    observer.observe(foot.current)
    return () => observer.disconnect()
  }, [studio])
  return (
    <div className="canvas-foot" ref={foot}>
      <StagingStrip />
      <PromptDock />
    </div>
  )
}
