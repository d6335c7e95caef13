/** The kinds of fields that a batch has: a label and what belongs to it in one row, a folder, and a line of text. */
import { FolderOpen } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { TextButton } from '../../panels/controls/TextButton.tsx'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'

const words = strings.batch

interface RowProps {
  readonly label: string
  /** Of the field, where it is one that the label can be for. */
  readonly htmlFor?: string
  readonly hint?: ReactNode
  readonly children: ReactNode
}

export function FormRow({ label, htmlFor, hint, children }: RowProps) {
  return (
    <div className="form-row">
      {htmlFor === undefined ? (
        <span className="label">{label}</span>
      ) : (
        <label className="label" htmlFor={htmlFor}>
          {label}
        </label>
      )}
      <div className="form-field">
        {children}
        {hint !== undefined && <p className="hint form-hint">{hint}</p>}
      </div>
    </div>
  )
}

interface TextProps {
  readonly label: string
  readonly value: string
  readonly hint?: ReactNode
  readonly placeholder?: string
  readonly onChange: (text: string) => void
}

export function TextRow({ label, value, hint, placeholder, onChange }: TextProps) {
  const id = useId()
  return (
    <FormRow label={label} htmlFor={id} hint={hint}>
      <input
        id={id}
        className="field text-input"
        autoComplete="off"
        placeholder={placeholder}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </FormRow>
  )
}

/** A path can be typed everywhere, and chosen where there are dialogs. */
export function FolderRow({ label, value, hint, onChange }: TextProps) {
  const studio = useStudio()
  const id = useId()
  const hasDialogs = useStudioState(({ desktop }) => desktop.nativeDialogs)

  async function choose(): Promise<void> {
    const path = await studio.chooseFolder(value)
    if (path !== null) onChange(path)
  }

  return (
    <FormRow label={label} htmlFor={id} hint={hint}>
      <span className="folder-field">
        <input
          id={id}
          className="field text-input"
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
        {hasDialogs && (
          <TextButton look="outlined" aria-label={words.chooseFor(label)} onClick={() => void choose()}>
            <FolderOpen className="icon" aria-hidden />
            {words.choose}
          </TextButton>
        )}
      </span>
    </FormRow>
  )
}
