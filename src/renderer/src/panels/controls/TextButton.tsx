/** A button with words. 'accent' is for the one thing that a part of the window is there for. */
import type { ComponentProps } from 'react'
import { keepFocus } from './IconButton.tsx'

interface Props extends Omit<ComponentProps<'button'>, 'disabled'> {
  readonly look?: 'plain' | 'outlined' | 'accent' | 'danger'
  /** It keeps the focus and its tooltip, and does nothing. */
  readonly disabled?: boolean
  readonly pressed?: boolean
}

export function TextButton({ look = 'plain', disabled = false, pressed, className = '', ...props }: Props) {
  return (
    <button
      type="button"
      onMouseDown={look === 'plain' ? keepFocus : undefined}
      {...props}
      className={`button is-${look} ${className}`}
      aria-disabled={disabled || undefined}
      aria-pressed={pressed}
      onClick={(event) => {
        if (disabled) event.preventDefault()
        else props.onClick?.(event)
      }}
    />
  )
}
