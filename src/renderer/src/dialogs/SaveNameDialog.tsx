/** A file name, where no dialog of the system can be had: files go into the studio's own folder. */
import { useId, useState } from 'react'
import { useStudio } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { DialogFrame } from './DialogFrame.tsx'

const words = strings.dialogs.saveName

/** What every system takes as a name; main checks again. */
export function isFileName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return name.trim() !== '' && !name.startsWith('.') && name.length <= 200 && !/[/\\:*?"<>|\u0000-\u001f]/.test(name)
}

interface Props {
  readonly suggested: string
  readonly folder: string
}

export function SaveNameDialog({ suggested, folder }: Props) {
  const studio = useStudio()
  const id = useId()
  const [name, setName] = useState(suggested)
  const isGood = isFileName(name)
  return (
    <DialogFrame
      title={words.title}
      size="small"
      onClose={() => studio.answerSaveName(null)}
      onSubmit={() => {
        if (isGood) studio.answerSaveName(name.trim())
      }}
      buttons={words.run}
      canSubmit={isGood}
    >
      <div className="property">
        <label className="label" htmlFor={id}>
          {words.name}
        </label>
        <input
          id={id}
          className="field text-input"
          autoComplete="off"
          spellCheck={false}
          value={name}
          aria-invalid={!isGood}
          aria-describedby={`${id}-said`}
          // The name is likely to be changed, its ending is not.
          onFocus={({ currentTarget }) => currentTarget.setSelectionRange(0, endOfName(currentTarget.value))}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
      </div>
      <p id={`${id}-said`} className={isGood ? 'hint selectable' : 'hint is-error'}>
        {isGood ? words.folder(folder) : words.bad}
      </p>
    </DialogFrame>
  )
}

function endOfName(name: string): number {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? dot : name.length
}
