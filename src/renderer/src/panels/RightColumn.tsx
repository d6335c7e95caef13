/** The column at the right: layers, properties, history, one above the other. Each folds; the lines between them can be moved. */
import { ChevronDown, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useRef, useState } from 'react'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import type { PanelLayout } from '../studio/studio-state.ts'
import { HistoryPanel } from './HistoryPanel.tsx'
import { LayersPanel } from './layers/LayersPanel.tsx'
import { fitLayout, leastHeight, type SectionId, type SizedSection, withHeight, withToggled } from './panel-layout.ts'
import { PropertiesPanel } from './PropertiesPanel.tsx'

const sections = [
  { id: 'layers', title: strings.layers.layers, content: <LayersPanel /> },
  { id: 'properties', title: strings.properties.properties, content: <PropertiesPanel /> },
  { id: 'history', title: strings.history.history, content: <HistoryPanel /> },
] as const satisfies readonly { readonly id: SectionId; readonly title: string; readonly content: ReactNode }[]

export function RightColumn() {
  const studio = useStudio()
  const kept = useStudioState(({ preferences }) => preferences.layout)
  /** While a line is dragged. */
  const [moved, setMoved] = useState<PanelLayout | null>(null)
  const layout = moved ?? fitLayout(kept)
  const isOpen = (id: SectionId) => !layout.collapsed.includes(id)
  const growing = sections.find(({ id }) => isOpen(id))?.id

  function keep(next: PanelLayout): void {
    setMoved(null)
    studio.setPreferences({ layout: next })
  }

  return (
    <aside className="right-column" aria-label={strings.window.rightColumn}>
      {sections.map(({ id, title, content }) => (
        <Section
          key={id}
          id={id}
          title={title}
          isOpen={isOpen(id)}
          height={id === growing || id === 'layers' ? null : layout.heights[id]}
          splitter={
            id !== 'layers' && id !== growing && isOpen(id) ? (
              <Splitter
                section={id}
                title={title}
                height={layout.heights[id]}
                onMove={(height) => setMoved(withHeight(layout, id, height))}
                onKeep={(height) => keep(withHeight(layout, id, height))}
              />
            ) : null
          }
          onToggle={() => keep(withToggled(layout, id))}
        >
          {content}
        </Section>
      ))}
    </aside>
  )
}

interface SectionProps {
  readonly id: SectionId
  readonly title: string
  readonly isOpen: boolean
  /** Null takes what is left. */
  readonly height: number | null
  readonly splitter: ReactNode
  readonly onToggle: () => void
  readonly children: ReactNode
}

function Section({ id, title, isOpen, height, splitter, onToggle, children }: SectionProps) {
  const bodyId = useId()
  const Chevron = isOpen ? ChevronDown : ChevronRight
  return (
    <section
      className={`panel is-${id}${isOpen ? '' : ' is-folded'}${isOpen && height === null ? ' is-growing' : ''}`}
      aria-label={title}
      data-region={id}
      style={isOpen && height !== null ? { height } : undefined}
    >
      {splitter}
      <h2 className="panel-heading">
        <button type="button" className="panel-toggle" aria-expanded={isOpen} aria-controls={bodyId} onClick={onToggle}>
          <Chevron className="icon" aria-hidden />
          {title}
        </button>
      </h2>
      <div id={bodyId} className="panel-body" hidden={!isOpen}>
        {isOpen && children}
      </div>
    </section>
  )
}

interface SplitterProps {
  readonly section: SizedSection
  readonly title: string
  readonly height: number
  readonly onMove: (height: number) => void
  readonly onKeep: (height: number) => void
}

/** The line above a section: dragged up, the section becomes higher. */
function Splitter({ title, height, onMove, onKeep }: SplitterProps) {
  const drag = useRef<{ readonly y: number; readonly from: number } | null>(null)
  const heightAt = ({ clientY }: PointerEvent): number =>
    drag.current === null ? height : drag.current.from + drag.current.y - clientY

  function keyDown(event: KeyboardEvent): void {
    const by = { ArrowUp: 16, ArrowDown: -16 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onKeep(height + by)
  }

  return (
    <div
      role="separator"
      aria-orientation="horizontal"
      aria-label={strings.window.heightOf(title)}
      aria-valuenow={height}
      aria-valuemin={leastHeight}
      aria-valuemax={800}
      tabIndex={0}
      className="splitter"
      onKeyDown={keyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        // In a low window a section may be lower than it is kept to be.
        const section = event.currentTarget.parentElement
        drag.current = { y: event.clientY, from: section?.offsetHeight ?? height }
      }}
      onPointerMove={(event) => {
        if (drag.current !== null) onMove(heightAt(event))
      }}
      onPointerUp={(event) => {
        onKeep(heightAt(event))
        drag.current = null
      }}
    />
  )
}
