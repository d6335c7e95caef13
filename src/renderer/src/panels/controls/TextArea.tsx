/**
 * Several lines of text whose value lives in the state of the window. The state tells of its changes once a frame; the field keeps
 * what is typed meanwhile, or the caret would jump and letters of quick hands, input methods and pastes would be lost.
 */
import { type KeyboardEvent, useState } from 'react'

interface Props {
  readonly id?: string
  readonly className: string
  readonly value: string
  readonly rows: number
  readonly placeholder: string
  readonly disabled?: boolean
  readonly 'aria-label'?: string
  /** Marks the field that the action "to the prompt" goes to. */
  readonly 'data-prompt'?: boolean
  readonly onChange: (text: string) => void
  readonly onKeyDown?: (event: KeyboardEvent) => void
  readonly onBlur?: () => void
}

export function TextArea({ value, onChange, ...rest }: Props) {
  const [text, setText] = useState(value)
  const [seen, setSeen] = useState(value)
  // Set from elsewhere, or by what was typed here: then both are the same.
  if (value !== seen) {
    setSeen(value)
    setText(value)
  }
  return (
    <textarea
      {...rest}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value)
        onChange(currentTarget.value)
      }}
    />
  )
}
