/** The brush of the active tool. What is opacity to paint is to a selection how much is selected: a re-roll takes it as the chance. */
import { Blend, CircleDot } from 'lucide-react'
import type { Brush, BrushTool } from '../../../../editor/index.ts'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { IconButton } from '../controls/IconButton.tsx'
import { NumberInput } from '../controls/NumberInput.tsx'
import { SliderField } from '../controls/SliderField.tsx'

const words = strings.options
const { percent, px } = strings.window

export function BrushOptions({ tool }: { readonly tool: BrushTool }) {
  const studio = useStudio()
  const brush = useStudioState(({ session }) => session.brushes[tool])
  const change = (parts: Partial<Brush>) => studio.setBrush(tool, { ...brush, ...parts })
  const isSelection = tool === 'select-brush'
  return (
    <>
      <SliderField
        label={words.size}
        value={brush.size}
        min={1}
        max={2000}
        scale="log"
        unit={px}
        width={4}
        onChange={(size) => change({ size })}
      />
      <SliderField
        label={words.hardness}
        value={brush.hardness * 100}
        min={0}
        max={100}
        unit={percent}
        width={3}
        onChange={(value) => change({ hardness: value / 100 })}
      />
      <SliderField
        label={isSelection ? words.strength : words.opacity}
        value={brush.opacity * 100}
        min={1}
        max={100}
        unit={percent}
        width={3}
        onChange={(value) => change({ opacity: value / 100 })}
      />
      <NumberInput
        label={words.spacing}
        value={brush.spacing * 100}
        min={1}
        max={400}
        unit={percent}
        width={3}
        onChange={(value) => change({ spacing: value / 100 })}
      />
      <span className="button-group" role="group" aria-label={words.pressure}>
        <IconButton
          label={words.pressureSize}
          icon={CircleDot}
          pressed={brush.pressure.size}
          onClick={() => change({ pressure: { ...brush.pressure, size: !brush.pressure.size } })}
        />
        <IconButton
          label={isSelection ? words.pressureStrength : words.pressureOpacity}
          icon={Blend}
          pressed={brush.pressure.opacity}
          onClick={() => change({ pressure: { ...brush.pressure, opacity: !brush.pressure.opacity } })}
        />
      </span>
    </>
  )
}
