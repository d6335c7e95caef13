/** One number of px: by how much a selection grows, shrinks or is feathered. */
import { useState } from 'react'
import { NumberInput } from '../panels/controls/NumberInput.tsx'
import { useStudio } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { DialogFrame } from './DialogFrame.tsx'

const all = strings.dialogs
const words = all.number
const most = 500

interface Props {
  readonly what: 'grow' | 'shrink' | 'feather'
  readonly value: number
}

export function NumberDialog({ what, value }: Props) {
  const studio = useStudio()
  const [px, setPx] = useState(value)
  return (
    <DialogFrame
      title={words.titles[what]}
      size="small"
      onClose={() => studio.closeDialog()}
      onSubmit={() => {
        studio.closeDialog()
        studio.changeSelection(what, px)
      }}
      buttons={words.run[what]}
    >
      <NumberInput label={words.labels[what]} value={px} min={1} max={most} unit={all.px} width={5} onChange={setPx} />
    </DialogFrame>
  )
}
