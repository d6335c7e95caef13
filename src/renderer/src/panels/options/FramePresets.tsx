/** A size for the frame from a list, about its middle; and its sides the other way round. */
import { ArrowRightLeft } from 'lucide-react'
import type { Rect, Size } from '../../../../shared/geometry/rect.ts'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { chosenModel } from '../../studio/chosen-model.ts'
import { canvasOf } from '../canvas-of.ts'
import { IconButton } from '../controls/IconButton.tsx'
import { SelectField } from '../controls/SelectField.tsx'
import { type FrameSize, frameSizes, resizedAboutCentre, type SizeGroup, usualModel } from '../frame-sizes.ts'

const words = strings.prompt
const order: readonly SizeGroup[] = ['model', 'square', 'landscape', 'portrait']

export function FramePresets({ frame }: { readonly frame: Rect }) {
  const studio = useStudio()
  const model = useStudioState(chosenModel)
  const sizes = frameSizes(model ?? usualModel)
  const all = order.flatMap((group) => sizes[group])
  const now = nameOf(frame)
  return (
    <SelectField
      label={words.size}
      className="frame-preset"
      value={all.some((size) => nameOf(size) === now) ? now : null}
      placeholder={words.ownSize}
      groups={order.map((group) => ({ label: words.sizeGroups[group], options: sizes[group].map(optionOf) }))}
      onChange={(name) => {
        const size = all.find((other) => nameOf(other) === name)
        if (size !== undefined) studio.setFrame(resizedAboutCentre(frame, size))
      }}
    />
  )
}

/** The same two where there is no frame at hand; nothing without a document. */
export function FrameSize() {
  const studio = useStudio()
  const frame = useStudioState(({ document }) => canvasOf(document)?.frame ?? null)
  if (frame === null) return null
  const turned = { width: frame.height, height: frame.width }
  return (
    <span className="button-group">
      <FramePresets frame={frame} />
      <IconButton
        label={words.swap}
        icon={ArrowRightLeft}
        side="top"
        disabled={frame.width === frame.height}
        onClick={() => studio.setFrame(resizedAboutCentre(frame, turned))}
      />
    </span>
  )
}

const nameOf = ({ width, height }: Size): string => `${width} × ${height}`

const optionOf = (size: FrameSize) => ({
  value: nameOf(size),
  label: nameOf(size),
  ...(size.ratio === null ? {} : { detail: size.ratio }),
})
