/** What floats over the foot of the canvas: results that wait, above the prompt, and never over it. */
import { PromptDock } from './prompt/PromptDock.tsx'
import { StagingStrip } from './staging/StagingStrip.tsx'

export function CanvasFoot() {
  return (
    <div className="canvas-foot">
      <StagingStrip />
      <PromptDock />
    </div>
  )
}
