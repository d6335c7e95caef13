/** Back through the steps of the shown result, and on from any of them with the prompt, the seed and the settings of now. */
import { useStudio } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { useKeys } from '../controls/keys.ts'
import { TextButton } from '../controls/TextButton.tsx'
import { Tip } from '../controls/Tip.tsx'
import { StagingSlider } from './StagingSlider.tsx'

const words = strings.staging

export function StepsTool({ step, steps }: { readonly step: number; readonly steps: number }) {
  const studio = useStudio()
  const keys = useKeys('staging.continue')
  return (
    <div className="staging-detail">
      <StagingSlider
        label={words.step}
        value={step}
        min={1}
        max={steps}
        text={words.stepValue(step, steps)}
        onChange={(value) => studio.scrub(value)}
      />
      <Tip label={words.continue} keys={keys} side="top">
        <TextButton look="outlined" onClick={() => studio.continueFromStep()}>
          {words.continue}
        </TextButton>
      </Tip>
    </div>
  )
}
