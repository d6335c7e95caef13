/** What all dialogs share: a title, a body, buttons at its end. Enter does what the accented button does, Esc leaves. */
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type FormEvent, type ReactNode, type RefObject, useRef } from 'react'
import { TextButton } from '../panels/controls/TextButton.tsx'
import { strings } from '../strings/strings.ts'

interface Props {
  readonly title: string
  readonly size?: 'small' | 'medium' | 'large'
  readonly children: ReactNode
  /** At the end; where it is only a label, a button of that name that submits, and one beside it that closes. */
  readonly buttons: ReactNode
  readonly onClose: () => void
  /** Enter, or the accented button. */
  readonly onSubmit?: () => void
  readonly canSubmit?: boolean
  /** What has the focus first; the first field otherwise. */
  readonly first?: RefObject<HTMLElement | null>
}

export function DialogFrame({
  title,
  size = 'medium',
  children,
  buttons,
  onClose,
  onSubmit,
  canSubmit = true,
  first,
}: Props) {
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Dialog.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup
          ref={popup}
          className={`dialog is-${size}`}
          initialFocus={() => first?.current ?? firstField(popup.current) ?? true}
        >
          <form className="dialog-form" onSubmit={submit(onSubmit)}>
            <header className="dialog-head">
              <Dialog.Title className="dialog-title">{title}</Dialog.Title>
              <Dialog.Close className="icon-button" aria-label={strings.dialogs.close}>
                <X className="icon" aria-hidden />
              </Dialog.Close>
            </header>
            <div className="dialog-body">{children}</div>
            <footer className="dialog-foot">
              {typeof buttons === 'string' ? (
                <>
                  <TextButton look="outlined" onClick={onClose}>
                    {strings.dialogs.cancel}
                  </TextButton>
                  <TextButton look="accent" type="submit" disabled={!canSubmit}>
                    {buttons}
                  </TextButton>
                </>
              ) : (
                buttons
              )}
            </footer>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

interface QuestionProps {
  readonly title: string
  readonly text: string
  readonly buttons: ReactNode
  readonly onClose: () => void
  readonly onSubmit: () => void
  readonly first: RefObject<HTMLElement | null>
}

/** A question that must be answered: a click beside it does nothing. */
export function QuestionFrame({ title, text, buttons, onClose, onSubmit, first }: QuestionProps) {
  return (
    <AlertDialog.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog is-small" initialFocus={first}>
          <form className="dialog-form" onSubmit={submit(onSubmit)}>
            <header className="dialog-head">
              <AlertDialog.Title className="dialog-title">{title}</AlertDialog.Title>
            </header>
            <div className="dialog-body">
              <AlertDialog.Description className="dialog-text">{text}</AlertDialog.Description>
            </div>
            <footer className="dialog-foot">{buttons}</footer>
          </form>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}

const submit =
  (onSubmit: (() => void) | undefined) =>
  (event: FormEvent): void => {
    event.preventDefault()
    onSubmit?.()
  }

/** A field to type in, else what is chosen of the first few, else the button that the dialog is there for. */
function firstField(popup: HTMLElement | null): HTMLElement | undefined {
  const kinds = ['input:not([type=radio], [type=checkbox])', 'input:checked', '.button.is-accent']
  const found = kinds.map((kind) => popup?.querySelector<HTMLElement>(kind)).find((element) => element)
  return found ?? undefined
}
