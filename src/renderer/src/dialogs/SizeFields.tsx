/** Width and height of a canvas, in px. */
import { ArrowLeftRight } from 'lucide-react'
import { limits } from '../../../document/index.ts'
import type { Size } from '../../../shared/geometry/rect.ts'
import { IconButton } from '../panels/controls/IconButton.tsx'
import { NumberInput } from '../panels/controls/NumberInput.tsx'
import { strings } from '../strings/strings.ts'

const words = strings.dialogs

interface Props {
  readonly size: Size
  readonly onChange: (size: Size) => void
}

export function SizeFields({ size, onChange }: Props) {
  const { width, height } = size
  const side = { min: 1, max: limits.canvasSide, unit: words.px, width: 6 }
  return (
    <div className="size-fields">
      <NumberInput
        label={words.width}
        value={width}
        {...side}
        onChange={(value) => onChange({ width: value, height })}
      />
      <IconButton label={words.swap} icon={ArrowLeftRight} onClick={() => onChange({ width: height, height: width })} />
      <NumberInput
        label={words.height}
        value={height}
        {...side}
        onChange={(value) => onChange({ width, height: value })}
      />
    </div>
  )
}
