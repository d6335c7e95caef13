/** Edits that wait to be applied: a free transform with its numbers, and a crop. */
import { Check, X } from 'lucide-react'
import type { TransformNumbers } from '../../../../editor/index.ts'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { NumberInput } from '../controls/NumberInput.tsx'
import { TextButton } from '../controls/TextButton.tsx'

const words = strings.options
const { degrees, percent, px } = strings.window

const farthest = 100_000

export function TransformOptions() {
  const studio = useStudio()
  const numbers = useStudioState(({ transform }) => transform)
  if (numbers === null) return <p className="hint">{words.dragToTransform}</p>
  const set = (changes: Partial<TransformNumbers>) => studio.setTransform(changes)
  const place = { min: -farthest, max: farthest, step: 0.1, unit: px, width: 6 }
  const scale = { min: -10_000, max: 10_000, step: 0.1, unit: percent, width: 5 }
  return (
    <>
      <NumberInput label={words.x} value={numbers.x} {...place} onChange={(x) => set({ x })} />
      <NumberInput label={words.y} value={numbers.y} {...place} onChange={(y) => set({ y })} />
      <NumberInput
        label={words.scaleX}
        text={words.scale}
        value={numbers.scaleX * 100}
        {...scale}
        onChange={(value) => set({ scaleX: value / 100 })}
      />
      <NumberInput
        label={words.scaleY}
        text="×"
        value={numbers.scaleY * 100}
        {...scale}
        onChange={(value) => set({ scaleY: value / 100 })}
      />
      <NumberInput
        label={words.rotation}
        value={numbers.rotation}
        min={-360}
        max={360}
        step={0.1}
        unit={degrees}
        onChange={(rotation) => set({ rotation })}
      />
      <FinishButtons />
    </>
  )
}

export function CropOptions() {
  const waiting = useStudioState((state) => state.waiting)
  return waiting === 'crop' ? <FinishButtons /> : <p className="hint">{words.dragToCrop}</p>
}

function FinishButtons() {
  const studio = useStudio()
  return (
    <span className="button-group is-end">
      <TextButton onClick={() => studio.finish('discard')}>
        <X className="icon" aria-hidden />
        {words.discard}
      </TextButton>
      <TextButton look="accent" onClick={() => studio.finish('apply')}>
        <Check className="icon" aria-hidden />
        {words.apply}
      </TextButton>
    </span>
  )
}
