/** A picture that remembers how it was made was dropped on the canvas: is it wanted itself, or what made it? */
import { useRef } from 'react'
import type { FileSource } from '../../../shared/contract/studio-api.ts'
import { TextButton } from '../panels/controls/TextButton.tsx'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { QuestionFrame } from './DialogFrame.tsx'

const words = strings.dropped

export function DroppedDialog({ name, source }: { readonly name: string; readonly source: FileSource }) {
  const studio = useStudio()
  const hasDocument = useStudioState(({ document }) => document !== null)
  const first = useRef<HTMLButtonElement>(null)

  function end(action: () => void): void {
    studio.closeDialog()
    action()
  }

  const restore = () => end(() => studio.recall(source, 'all'))
  return (
    <QuestionFrame
      title={words.title}
      text={words.text(name)}
      first={first}
      onClose={() => studio.closeDialog()}
      onSubmit={restore}
      buttons={
        <>
          <TextButton look="outlined" onClick={() => studio.closeDialog()}>
            {words.cancel}
          </TextButton>
          <span className="spring" />
          <TextButton look="outlined" onClick={() => end(() => studio.place(source))}>
            {hasDocument ? words.place : words.open}
          </TextButton>
          <TextButton ref={first} look="accent" type="submit">
            {words.restore}
          </TextButton>
        </>
      }
    />
  )
}
