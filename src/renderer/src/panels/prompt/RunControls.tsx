/**
 * The button that says what it will do, the menu that makes it do something else, and the queue beside it. While a run goes on,
 * it stops it; more can be queued all the same. What a run would take, or why there can be none, stands before them in words.
 */
import { ListPlus, X } from 'lucide-react'
import { useId } from 'react'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { IconButton } from '../controls/IconButton.tsx'
import { useKeys } from '../controls/keys.ts'
import { TextButton } from '../controls/TextButton.tsx'
import { Tip } from '../controls/Tip.tsx'
import { durationText } from '../duration.ts'
import { verbIcons } from './verb-icons.ts'
import { VerbMenu } from './VerbMenu.tsx'

const words = strings.prompt

export function RunControls() {
  const studio = useStudio()
  const { blocked, seconds, isRunning } = useStudioState(({ generation }) => ({
    blocked: generation.blocked,
    seconds: generation.estimate?.seconds ?? null,
    isRunning: generation.running !== null,
  }))
  const queueKeys = useKeys('generate.queue')
  const noteId = useId()
  return (
    <>
      <span className={blocked === null ? 'run-note' : 'run-note is-blocked'} id={noteId} title={blocked ?? undefined}>
        {blocked ?? (seconds === null || isRunning ? '' : words.estimate(durationText(seconds)))}
      </span>
      <IconButton
        label={words.queue}
        keys={queueKeys}
        icon={ListPlus}
        side="top"
        disabled={blocked !== null}
        onClick={() => studio.generate('queue')}
      />
      {isRunning ? <Cancel /> : <Run noteId={noteId} isBlocked={blocked !== null} />}
    </>
  )
}

function Run({ noteId, isBlocked }: { readonly noteId: string; readonly isBlocked: boolean }) {
  const studio = useStudio()
  const verb = useStudioState(({ generation }) => generation.verb)
  const keys = useKeys('generate.run')
  const Icon = verbIcons[verb]
  return (
    <div className="run-split">
      <Tip label={words.verbs[verb]} keys={keys} side="top">
        <TextButton
          look="accent"
          className="run"
          disabled={isBlocked}
          aria-describedby={noteId}
          onClick={() => studio.generate()}
        >
          <Icon className="icon" aria-hidden />
          {words.verbs[verb]}
        </TextButton>
      </Tip>
      <VerbMenu />
    </div>
  )
}

function Cancel() {
  const studio = useStudio()
  const isStopping = useStudioState(({ generation }) => generation.running?.stopping ?? false)
  const keys = useKeys('generate.cancel')
  return (
    <Tip label={strings.actions['generate.cancel']} keys={keys} side="top">
      <TextButton
        look="outlined"
        className={isStopping ? 'run is-stopping' : 'run'}
        disabled={isStopping}
        onClick={() => studio.cancelGeneration()}
      >
        {!isStopping && <X className="icon" aria-hidden />}
        {isStopping ? words.stopping : words.cancel}
      </TextButton>
    </Tip>
  )
}
