/** The bottom line: what modifiers do now; what is still to be done; where the pointer is, how large the canvas is, and how the engine does. */
import { Pause, Play, ShieldAlert } from 'lucide-react'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import type { EngineState } from '../studio/studio-state.ts'
import { canvasOf } from './canvas-of.ts'
import { IconButton, keepFocus } from './controls/IconButton.tsx'
import { platformOf } from './controls/keys.ts'
import { clockText } from './duration.ts'
import { zoomText } from './TitleBar.tsx'

const words = strings.status
const library = strings.libraryStatus

export function StatusLine() {
  const view = useStudioState((state) => state.view)
  return (
    <footer className="status-line" aria-label={strings.window.statusLine}>
      {view === null ? <Hints /> : <ViewHints view={view} />}
      <JournalProblem />
      <BatchItem />
      <QueueItem />
      {view === null && (
        <>
          <Pointer />
          <CanvasSize />
          <span className="status-item" title={words.zoom}>
            <Zoom />
          </span>
        </>
      )}
      <Engine />
    </footer>
  )
}

function Hints() {
  const hints = useStudioState((state) => state.hints)
  const isMac = useStudioState(platformOf) === 'mac'
  return (
    <p className="hints">
      {hints.map(({ key, does }) => (
        <span key={key + does} className="key-hint">
          <kbd className="keys">
            {isMac ? strings.hintKeys[key].replace('Ctrl', '⌘').replace('Alt', '⌥') : strings.hintKeys[key]}
          </kbd>
          {strings.hints[does]}
        </span>
      ))}
    </p>
  )
}

function ViewHints({ view }: { readonly view: keyof typeof strings.views.hints }) {
  return (
    <p className="hints">
      {strings.views.hints[view].map(([keys, does]) => (
        <span key={keys} className="key-hint">
          <kbd className="keys">{keys}</kbd>
          {does}
        </span>
      ))}
    </p>
  )
}

/** How many jobs there are, until when, and the way to them; nothing while there is nothing to do. */
function QueueItem() {
  const studio = useStudio()
  const { jobs, paused, secondsLeft } = useStudioState(({ queue }) => queue)
  const count = jobs.filter(({ endedAt }) => endedAt === null).length
  if (count === 0 && !paused) return null
  const time = secondsLeft === null ? null : clockText(secondsLeft)
  return (
    <span className="status-item status-work">
      <button type="button" className="status-button" onMouseDown={keepFocus} onClick={() => studio.setView('queue')}>
        {paused ? library.queuePaused(count) : library.queue(count, time)}
      </button>
      <IconButton
        label={paused ? library.resume : library.pause}
        icon={paused ? Play : Pause}
        className="status-icon"
        side="top"
        onClick={() => studio.pauseQueue(!paused)}
      />
    </span>
  )
}

function BatchItem() {
  const studio = useStudio()
  const batch = useStudioState((state) => state.batch)
  if (batch.is !== 'running' && batch.is !== 'paused') return null
  const { items, done, skipped, failed } = batch.progress
  const percent = items === 0 ? 0 : Math.floor(((done + skipped + failed) / items) * 100)
  return (
    <span className="status-item status-work">
      <button type="button" className="status-button" onMouseDown={keepFocus} onClick={() => studio.setView('batch')}>
        {batch.is === 'paused' ? library.batchPaused(percent) : library.batch(percent)}
      </button>
    </span>
  )
}

function JournalProblem() {
  const problem = useStudioState(({ document }) => document?.journalProblem ?? null)
  return (
    <span role="status" className="status-problem" title={problem ?? undefined}>
      {problem !== null && (
        <>
          <ShieldAlert className="icon" aria-hidden />
          <span className="status-problem-text">{words.journal(problem)}</span>
        </>
      )}
    </span>
  )
}

function Pointer() {
  const pointer = useStudioState((state) => state.pointer)
  if (pointer === null) return null
  return (
    <span className="status-item is-pointer" title={words.pointer}>
      {pointer.x}, {pointer.y}
    </span>
  )
}

function CanvasSize() {
  const size = useStudioState(({ document }) => {
    const canvas = canvasOf(document)
    return canvas === null ? null : words.size(canvas.width, canvas.height)
  })
  if (size === null) return null
  return (
    <span className="status-item" title={words.canvasSize}>
      {size}
    </span>
  )
}

function Zoom() {
  return useStudioState(zoomText)
}

function Engine() {
  const engine = useStudioState((state) => state.engine)
  return (
    <span role="status" className={`status-item engine is-${engine.is}`} title={engineText(engine)}>
      <span className="engine-dot" />
      <span className="engine-text">{engineText(engine)}</span>
    </span>
  )
}

function engineText(engine: EngineState): string {
  switch (engine.is) {
    case 'starting':
      return words.engineStarting
    case 'ready':
      return words.engineReady(engine.info.device)
    case 'lost':
      return words.engineLost(engine.message)
  }
}
