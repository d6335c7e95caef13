/** The original and the results as a list of pictures, one of which is shown; those that still come have their places already. */
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { Image } from 'lucide-react'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { StagedThumbnail } from './StagedThumbnail.tsx'

const words = strings.staging

export function StagedList() {
  const studio = useStudio()
  const list = useRef<HTMLDivElement>(null)
  const { pictures, shown, expected } = useStudioState(({ staging }) => ({
    pictures: staging?.pictures ?? [],
    shown: staging?.shown ?? 0,
    expected: staging?.expected ?? 0,
  }))
  const pending = Math.max(0, expected - pictures.length)

  useEffect(() => {
    const option = list.current?.querySelectorAll<HTMLElement>('[role=option]')[shown]
    option?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    // The focus goes along, once it is in the list.
    if (list.current?.contains(document.activeElement)) option?.focus({ preventScroll: true })
  }, [shown])

  function keyDown(event: KeyboardEvent): void {
    const last = pictures.length
    const to = { ArrowLeft: shown - 1, ArrowRight: shown + 1, Home: 0, End: last }[event.key]
    if (to !== undefined) studio.stage(Math.min(Math.max(to, 0), last))
    else if (event.key === 'Enter') studio.acceptStaged()
    else if (event.key === 'Escape') studio.discardStaged()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div
      ref={list}
      role="listbox"
      aria-label={words.results}
      aria-orientation="horizontal"
      className="staged-list"
      tabIndex={-1}
      onKeyDown={keyDown}
    >
      <Option index={0} label={words.original} isShown={shown === 0}>
        <Image className="icon" aria-hidden />
      </Option>
      {pictures.map((picture, i) => (
        <Option key={picture.id} index={i + 1} label={words.result(i + 1, picture.seed)} isShown={shown === i + 1}>
          <StagedThumbnail pixels={picture.pixels} />
        </Option>
      ))}
      {Array.from({ length: pending }, (_, i) => (
        // Only those that are there can be chosen.
        // biome-ignore lint: places have no name of their own
        <span key={`place ${i}`} className="staged is-pending" aria-hidden />
      ))}
    </div>
  )
}

interface OptionProps {
  readonly index: number
  readonly label: string
  readonly isShown: boolean
  readonly children: ReactNode
}

function Option({ index, label, isShown, children }: OptionProps) {
  const studio = useStudio()
  return (
    <div
      role="option"
      aria-selected={isShown}
      aria-label={label}
      title={label}
      tabIndex={isShown ? 0 : -1}
      className={`staged ${index === 0 ? 'is-original' : ''}`}
      onClick={() => studio.stage(index)}
    >
      {children}
    </div>
  )
}
