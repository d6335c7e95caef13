/** Marks the cells whose token was less probable than a threshold, and draws them anew. */
import { useStudio } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import type { StagingState } from '../../studio/studio-state.ts'
import { TextButton } from '../controls/TextButton.tsx'
import { StagingSlider } from './StagingSlider.tsx'

const words = strings.staging
const { percent } = strings.window

export function ConfidenceTool({ doubt, doubtful }: NonNullable<StagingState['confidence']>) {
  const studio = useStudio()
  const share = Math.round(doubt * 100)
  return (
    <div className="staging-detail">
      <StagingSlider
        label={words.doubt}
        value={share}
        min={0}
        max={100}
        text={`< ${share} ${percent}`}
        onChange={(value) => studio.setDoubt(value / 100)}
      />
      <TextButton
        look="outlined"
        className="redraw"
        disabled={doubtful === 0}
        onClick={() => studio.resampleDoubtful()}
      >
        {words.redraw(doubtful)}
      </TextButton>
    </div>
  )
}
