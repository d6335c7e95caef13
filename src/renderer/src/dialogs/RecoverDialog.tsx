/** Documents that were open when their program died. Discarding one asks once more, on the same button. */
import { FileClock } from 'lucide-react'
import { useState } from 'react'
import type { LostDocument } from '../../../shared/contract/studio-api.ts'
import { TextButton } from '../panels/controls/TextButton.tsx'
import { agoText } from '../panels/duration.ts'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { DialogFrame } from './DialogFrame.tsx'

const words = strings.dialogs.recover

export function RecoverDialog() {
  const studio = useStudio()
  const lost = useStudioState(({ start }) => start?.lost ?? null)
  const [opened] = useState(() => Date.now())
  return (
    <DialogFrame
      title={words.title}
      onClose={() => studio.closeDialog()}
      buttons={
        <TextButton look="outlined" onClick={() => studio.closeDialog()}>
          {words.later}
        </TextButton>
      }
    >
      {lost === null || lost.length === 0 ? (
        <p className="dialog-text">{words.none}</p>
      ) : (
        <>
          <p className="dialog-text">{words.text}</p>
          <ul className="lost-list">
            {lost.map((document) => (
              <Lost key={document.id} document={document} now={opened} />
            ))}
          </ul>
        </>
      )}
    </DialogFrame>
  )
}

function Lost({ document, now }: { readonly document: LostDocument; readonly now: number }) {
  const studio = useStudio()
  const { id, name, path, modified } = document
  const [isSure, setSure] = useState(false)
  return (
    <li className="lost">
      <FileClock className="icon" aria-hidden />
      <span className="lost-words">
        <span className="lost-name">{name}</span>
        <span className="lost-path" title={path ?? undefined}>
          <time dateTime={new Date(modified).toISOString()} title={new Date(modified).toLocaleString()}>
            {agoText(modified, now)}
          </time>
          {' · '}
          {path ?? words.neverSaved}
        </span>
      </span>
      <TextButton
        look={isSure ? 'danger' : 'outlined'}
        aria-label={words.discardOf(name)}
        onBlur={() => setSure(false)}
        onClick={() => (isSure ? studio.discardLost(id) : setSure(true))}
      >
        {isSure ? words.sure : words.discard}
      </TextButton>
      <TextButton
        look="accent"
        aria-label={words.restoreOf(name)}
        onClick={() => {
          studio.closeDialog()
          studio.recover(id)
        }}
      >
        {words.restore}
      </TextButton>
    </li>
  )
}
