/** Which result is painted with, how wide, and putting the two together. The painting itself is done on the canvas. */
import { mixBrush } from '../../canvas/mix-brush.ts'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { NumberInput } from '../controls/NumberInput.tsx'
import { SelectField } from '../controls/SelectField.tsx'
import { TextButton } from '../controls/TextButton.tsx'

const words = strings.staging
const { px } = strings.window

interface Props {
  readonly shown: number
  readonly count: number
  readonly mixWith: number
}

export function MixTool({ shown, count, mixWith }: Props) {
  const studio = useStudio()
  const { tool, brush } = useStudioState(({ session }) => mixBrush(session))
  const others = Array.from({ length: count }, (_, i) => i + 1).filter((index) => index !== shown)
  return (
    <div className="staging-detail">
      <SelectField
        label={words.mixWith}
        className="mix-with"
        value={String(mixWith)}
        groups={[{ options: others.map((index) => ({ value: String(index), label: words.mixPicture(index) })) }]}
        onChange={(value) => studio.setMixWith(Number(value))}
      />
      <NumberInput
        label={words.brushSize}
        value={brush.size}
        min={1}
        max={2000}
        width={4}
        unit={px}
        onChange={(size) => studio.setBrush(tool, { ...brush, size })}
      />
      <span className="spring" />
      <TextButton look="outlined" onClick={() => studio.mix()}>
        {words.mixNow}
      </TextButton>
    </div>
  )
}
