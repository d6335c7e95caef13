/** Many pictures into a folder: what, how and where to at the left; what will come of it, or how far it is, at the right. */
import { useState } from 'react'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { ViewFrame } from '../ViewFrame.tsx'
import { BatchPlanCard } from './BatchPlanCard.tsx'
import { BatchProgressCard } from './BatchProgressCard.tsx'
import { BatchMaking, BatchOutput } from './BatchSettings.tsx'
import { BatchSource } from './BatchSource.tsx'
import { useBatch } from './use-batch.ts'

export function BatchView() {
  const { batches } = useStudio()
  const state = useStudioState(({ batch }) => batch)
  const [putAway, setPutAway] = useState(batches.putAway)
  const batch = useBatch()
  const isShown = state.is !== 'none' && !(state.is === 'ended' && state.manifest === putAway)

  function begin(manifest: string): void {
    batches.putAway = manifest
    setPutAway(manifest)
  }

  return (
    <ViewFrame view="batch">
      <div className="batch" tabIndex={-1} data-first>
        <div className="batch-form">
          <BatchSource batch={batch} />
          <BatchMaking batch={batch} />
          <BatchOutput batch={batch} />
        </div>
        <div className="batch-side">
          {isShown ? (
            <BatchProgressCard batch={state} onNew={() => begin(state.manifest)} />
          ) : (
            <BatchPlanCard batch={batch} />
          )}
        </div>
      </div>
    </ViewFrame>
  )
}
