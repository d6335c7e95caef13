/** What the window tells in passing. What went wrong stays until it is dismissed; the rest goes by itself, but not while it is looked at. */
import { CircleAlert, CircleCheck, TriangleAlert, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import type { Notice } from '../studio/studio-state.ts'
import { IconButton } from './controls/IconButton.tsx'
import { TextButton } from './controls/TextButton.tsx'
import { focusCanvas } from './regions.ts'
import { runCommand } from './page-actions.ts'

const words = strings.notices
/** Ms that what went well stays. */
const stay = 5000
const icons = { info: CircleCheck, warning: TriangleAlert, error: CircleAlert } as const

interface Props {
  /** Does what the button of a notice asks for where it is no action, such as showing a file in its folder. */
  readonly onCommand?: ((command: string) => void) | undefined
}

export function Notices({ onCommand }: Props) {
  const notices = useStudioState((state) => state.notices)
  return (
    <section className="notices" aria-label={strings.window.notices} data-region="notices">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} onCommand={onCommand} />
      ))}
    </section>
  )
}

function NoticeCard({ notice, onCommand }: Props & { readonly notice: Notice }) {
  const studio = useStudio()
  const { id, kind, text, code, detail, action } = notice
  const [isHeld, setHeld] = useState(false)
  const [isCopied, setCopied] = useState(false)
  const Icon = icons[kind]

  useEffect(() => {
    if (kind !== 'info' || isHeld) return
    const timer = setTimeout(() => studio.dismissNotice(id), stay)
    return () => clearTimeout(timer)
  }, [studio, id, kind, isHeld])

  function dismiss(): void {
    studio.dismissNotice(id)
    focusCanvas()
  }

  async function copy(): Promise<void> {
    await navigator.clipboard.writeText([code === null ? text : `${code}: ${text}`, detail].filter(Boolean).join('\n'))
    setCopied(true)
  }

  function keyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    dismiss()
  }

  return (
    <div
      role={kind === 'info' ? 'status' : 'alert'}
      className={`notice is-${kind}`}
      onKeyDown={keyDown}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon className="icon notice-icon" role="img" aria-label={words.kinds[kind]} />
      <div className="notice-body">
        <p className="notice-text selectable">{text}</p>
        {(action !== null || kind === 'error') && (
          <div className="notice-buttons">
            {action !== null && (
              <TextButton
                look="outlined"
                onClick={() => {
                  studio.dismissNotice(id)
                  if (!runCommand(studio, action.action)) onCommand?.(action.action)
                }}
              >
                {action.label}
              </TextButton>
            )}
            {kind === 'error' && (
              <TextButton onClick={() => void copy()}>{isCopied ? words.copied : words.copy}</TextButton>
            )}
          </div>
        )}
      </div>
      <IconButton label={words.dismiss} icon={X} className="is-small" onClick={dismiss} side="left" />
    </div>
  )
}
