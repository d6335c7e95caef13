/**
 * The steps of the document from the oldest down; those that were undone are pale. A click or an arrow key goes there. Only the
 * rows in sight are in the page, as there may be hundreds.
 */
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { clamp } from '../../../shared/geometry/rect.ts'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'

const words = strings.history
/** As in panels.css. */
const rowHeight = 24
/** Rows beyond the edges, so that a quick scroll shows no gap. */
const spare = 8

export function HistoryPanel() {
  const history = useStudioState(({ document }) => document?.history ?? null)
  if (history === null) return <p className="panel-empty">{words.noDocument}</p>
  return <Steps labels={history.labels} position={history.position} />
}

function Steps({ labels, position }: { readonly labels: readonly string[]; readonly position: number }) {
  const studio = useStudio()
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const { top, height } = useScroll(list)
  const first = Math.max(0, Math.floor(top / rowHeight) - spare)
  const last = Math.min(labels.length, Math.ceil((top + height) / rowHeight) + spare)
  const rows = Array.from({ length: last - first + 1 }, (_, i) => first + i)

  // The current step stays in sight; the newest are at the bottom.
  useEffect(() => {
    const element = list.current
    if (element === null) return
    const from = position * rowHeight
    if (from < element.scrollTop) element.scrollTop = from
    else if (from + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = from + rowHeight - element.clientHeight
  }, [position])

  function keyDown(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(height / rowHeight) - 1)
    const target = {
      ArrowUp: position - 1,
      ArrowDown: position + 1,
      PageUp: position - page,
      PageDown: position + page,
      Home: 0,
      End: labels.length,
    }[event.key]
    if (target === undefined || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    const fit = clamp(target, 0, labels.length)
    if (fit !== position) studio.jumpTo(fit)
  }

  return (
    <div
      ref={list}
      role="listbox"
      aria-label={words.history}
      aria-activedescendant={`${id}-${position}`}
      className="history"
      tabIndex={0}
      onKeyDown={keyDown}
    >
      <div className="history-space" style={{ height: (labels.length + 1) * rowHeight }} role="presentation">
        {rows.map((step) => (
          <div
            key={step}
            id={`${id}-${step}`}
            role="option"
            aria-selected={step === position}
            aria-posinset={step + 1}
            aria-setsize={labels.length + 1}
            className={`step${step === position ? ' is-current' : ''}${step > position ? ' is-undone' : ''}`}
            style={{ top: step * rowHeight }}
            onClick={() => studio.jumpTo(step)}
          >
            <span className="step-dot" />
            <span className="step-label">{step === 0 ? words.start : labels[step - 1]}</span>
            {step > position && <span className="only-read-aloud">, {words.undone}</span>}
          </div>
        ))}
      </div>
    </div>
  )
}

/** What part of a list is in sight, in px. */
function useScroll(list: { readonly current: HTMLDivElement | null }) {
  const [view, setView] = useState({ top: 0, height: 0 })
  useLayoutEffect(() => {
    const element = list.current
    if (element === null) return
    const look = (): void => setView({ top: element.scrollTop, height: element.clientHeight })
    look()
    const observer = new ResizeObserver(look)
    observer.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [list])
  return view
}
