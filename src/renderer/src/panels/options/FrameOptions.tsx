/** The frame that the model draws into: its numbers, sizes to choose from, and what it can be laid around. */
import { memo } from 'react'
import { limits } from '../../../../document/index.ts'
import { type Rect, roundUpTo, type Size } from '../../../../shared/geometry/rect.ts'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import type { EngineState } from '../../studio/studio-state.ts'
import { canvasOf } from '../canvas-of.ts'
import { NumberInput } from '../controls/NumberInput.tsx'
import { SelectField } from '../controls/SelectField.tsx'
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
  const rule = useStudioState(({ engine }) => ruleOf(engine))
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
      <FramePresets frame={frame} multiple={rule.multiple} />
    </div>
  )
})

const presets: readonly Size[] = [
  { width: 128, height: 128 },
  { width: 256, height: 256 },
  { width: 384, height: 384 },
  { width: 512, height: 512 },
  { width: 512, height: 768 },
  { width: 768, height: 512 },
  { width: 768, height: 768 },
  { width: 1024, height: 1024 },
]

function FramePresets({ frame, multiple }: { readonly frame: Rect; readonly multiple: number }) {
  const studio = useStudio()
  const possible = presets.filter(({ width, height }) => width % multiple === 0 && height % multiple === 0)
  const now = nameOf(frame)
  return (
    <SelectField
      label={words.preset}
      className="frame-preset"
      value={possible.some((size) => nameOf(size) === now) ? now : null}
      placeholder={words.ownSize}
      groups={[{ options: possible.map((size) => ({ value: nameOf(size), label: nameOf(size) })) }]}
      onChange={(name) => {
        const size = possible.find((other) => nameOf(other) === name)
        if (size !== undefined) studio.setFrame(resizedAboutCentre(frame, size))
      }}
    />
  )
}

const nameOf = ({ width, height }: Size): string => `${width} × ${height}`

function resizedAboutCentre({ x, y, width, height }: Rect, size: Size): Rect {
  return {
    x: Math.round(x + (width - size.width) / 2),
    y: Math.round(y + (height - size.height) / 2),
    width: size.width,
    height: size.height,
  }
}

/** What the model demands of sides and place; without one, what most models do. */
function ruleOf(engine: EngineState): { readonly multiple: number; readonly grid: number } {
  const model = engine.is === 'ready' ? engine.info.models[0] : undefined
  return { multiple: model?.sizeMultiple ?? 32, grid: model?.pixelsPerToken ?? 4 }
}
