/**
 * Results over the foot of the canvas, the original first: to be gone through, looked into, taken or left. Left, Right, Enter and
 * Esc are actions that mean the strip wherever the focus is on the canvas; here they are heard where the list has it.
 */
import { useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { StagedChoice } from './StagedChoice.tsx'
import { StagedList } from './StagedList.tsx'
import { StagingTools } from './StagingTools.tsx'

export function StagingStrip() {
  const isStaged = useStudioState(({ staging }) => staging !== null)
  if (!isStaged) return null
  return (
    <section className="staging" aria-label={strings.staging.region} data-region="staging">
      <div className="staging-row">
        <StagedList />
        <StagedChoice />
      </div>
      <StagingTools />
    </section>
  )
}
