/** Asked before a document that has changed is closed. */
import { useRef } from 'react'
import { TextButton } from '../panels/controls/TextButton.tsx'
import { useStudio } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { QuestionFrame } from './DialogFrame.tsx'

const words = strings.dialogs.unsaved

export function UnsavedDialog({ name }: { readonly name: string }) {
  const studio = useStudio()
  const save = useRef<HTMLButtonElement>(null)
  return (
    <QuestionFrame
      title={words.title(name)}
      text={words.text}
      first={save}
      onClose={() => studio.answerUnsaved('cancel')}
      onSubmit={() => studio.answerUnsaved('save')}
      buttons={
        <>
          <TextButton look="danger" onClick={() => studio.answerUnsaved('discard')}>
            {words.discard}
          </TextButton>
          <span className="spring" />
          <TextButton look="outlined" onClick={() => studio.answerUnsaved('cancel')}>
            {strings.dialogs.cancel}
          </TextButton>
          <TextButton ref={save} look="accent" type="submit">
            {words.save}
          </TextButton>
        </>
      }
    />
  )
}
