/** What gallery, queue and batch share: a row with the way between them and back to the canvas, which stays as it is meanwhile. */
import { Images, ListOrdered, type LucideIcon, SquareStack, X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { IconButton } from '../panels/controls/IconButton.tsx'
import { focusCanvas } from '../panels/regions.ts'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import type { StudioState } from '../studio/studio-state.ts'

type View = NonNullable<StudioState['view']>

const views: readonly { readonly view: View; readonly icon: LucideIcon }[] = [
  { view: 'gallery', icon: Images },
  { view: 'queue', icon: ListOrdered },
  { view: 'batch', icon: SquareStack },
]

interface Props {
  readonly view: View
  /** Beside the names of the views. */
  readonly tools?: ReactNode
  readonly children: ReactNode
}

export function ViewFrame({ view, tools, children }: Props) {
  const studio = useStudio()
  const frame = useRef<HTMLElement>(null)
  const jobs = useStudioState(({ queue }) => queue.jobs.filter(({ endedAt }) => endedAt === null).length)

  useEffect(() => {
    const first = frame.current?.querySelector<HTMLElement>('[data-first]') ?? frame.current
    first?.focus()
    return () => {
      // To another view, or back to the canvas.
      if (studio.state.view === null) focusCanvas()
    }
  }, [studio])

  function keyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.preventDefault()
    studio.setView(null)
  }

  return (
    <section
      ref={frame}
      className="view"
      tabIndex={-1}
      aria-label={strings[view].title}
      data-region="view"
      onKeyDown={keyDown}
    >
      <header className="view-head">
        <nav className="view-tabs" aria-label={strings.views.views}>
          {views.map(({ view: other, icon: Icon }) => (
            <button
              key={other}
              type="button"
              className="view-tab"
              aria-current={other === view ? 'page' : undefined}
              onClick={() => studio.setView(other)}
            >
              <Icon className="icon" aria-hidden />
              {strings[other].title}
              {other === 'queue' && jobs > 0 && <span className="count">{jobs}</span>}
            </button>
          ))}
        </nav>
        <div className="view-tools">{tools}</div>
        <IconButton label={strings.views.close} icon={X} keys="Esc" side="left" onClick={() => studio.setView(null)} />
      </header>
      {children}
    </section>
  )
}

interface EmptyProps {
  readonly icon: LucideIcon
  readonly title: string
  readonly text: string
  readonly children?: ReactNode
}

/** Where there is nothing to show: why, and what to do about it. */
export function ViewEmpty({ icon: Icon, title, text, children }: EmptyProps) {
  return (
    <div className="view-empty">
      <Icon className="view-empty-icon" aria-hidden />
      <h2 className="view-empty-title">{title}</h2>
      <p className="view-empty-text">{text}</p>
      {children}
    </div>
  )
}
