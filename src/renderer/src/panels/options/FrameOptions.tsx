/** The frame that the model draws into: its numbers, sizes to choose from, and what it can be laid around. */
import { memo } from 'react'
import { limits } from '../../../../document/index.ts'
import { type Rect, roundUpTo } from '../../../../shared/geometry/rect.ts'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { frameRuleOf } from '../../studio/scene.ts'
import { canvasOf } from '../canvas-of.ts'
import { NumberInput } from '../controls/NumberInput.tsx'
import { FramePresets } from './FramePresets.tsx'
import { ActionTextButton } from './SelectionOptions.tsx'

const words = strings.options
const { px } = strings.window

export function FrameOptions() {
  return (
    <>
      <FrameFields />
      <span className="button-group">
        <ActionTextButton action="frame.fitSelection" text={words.toSelection} />
        <ActionTextButton action="frame.fitCanvas" text={words.toCanvas} />
      </span>
    </>
  )
}

/** Also part of the properties, which change with every stroke. */
export const FrameFields = memo(function FrameFields() {
  const studio = useStudio()
  const frame = useStudioState(({ document }) => canvasOf(document)?.frame ?? null)
  const rule = useStudioState(frameRuleOf)
  if (frame === null) return null
  const set = (changes: Partial<Rect>, phase: string) => {
    if (phase === 'commit') studio.setFrame({ ...frame, ...changes })
  }
  const place = { min: -limits.frameSide, max: limits.frameSide, step: rule.grid, precision: 1, unit: px, width: 5 }
  const side = { min: rule.multiple, max: 4096, step: rule.multiple, precision: 1, unit: px, width: 4 }
  const whole = (length: number) => roundUpTo(length, rule.multiple)
  return (
    <div className="frame-fields">
      <NumberInput label={words.x} value={frame.x} {...place} onChange={(x, phase) => set({ x }, phase)} />
      <NumberInput label={words.y} value={frame.y} {...place} onChange={(y, phase) => set({ y }, phase)} />
      <NumberInput
        label={words.width}
        text={words.shortWidth}
        value={frame.width}
        {...side}
        onChange={(width, phase) => set({ width: whole(width) }, phase)}
      />
      <NumberInput
        label={words.height}
        text={words.shortHeight}
        value={frame.height}
        {...side}
        onChange={(height, phase) => set({ height: whole(height) }, phase)}
      />
      <FramePresets frame={frame} />
    </div>
  )
})
