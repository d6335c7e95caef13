/** The bottom line: what modifiers do now; where the pointer is, how large the canvas is, and how the engine does. */
import { ShieldAlert } from 'lucide-react'
import { useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import type { EngineState } from '../studio/studio-state.ts'
import { canvasOf } from './canvas-of.ts'
import { platformOf } from './controls/keys.ts'
import { zoomText } from './TitleBar.tsx'

const words = strings.status

export function StatusLine() {
  return (
    <footer className="status-line" aria-label={strings.window.statusLine}>
      <Hints />
      <JournalProblem />
      <Pointer />
      <CanvasSize />
      <span className="status-item" title={words.zoom}>
        <Zoom />
      </span>
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
