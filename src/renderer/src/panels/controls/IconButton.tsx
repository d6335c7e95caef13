/**
 * A button that shows a picture and says its name in a tooltip. One that can do nothing now keeps the focus and its tooltip:
 * it is marked as disabled and does nothing.
 */
import type { LucideIcon } from 'lucide-react'
import { memo, type MouseEvent, type ReactNode } from 'react'
import type { ActionId } from '../../../../editor/index.ts'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { useKeys } from './keys.ts'
import { type Side, Tip } from './Tip.tsx'

interface Props {
  readonly label: string
  readonly icon: LucideIcon
  readonly onClick: (event: MouseEvent<HTMLButtonElement>) => void
  readonly keys?: string | null
  readonly disabled?: boolean
  /** Undefined for what is no switch. */
  readonly pressed?: boolean | undefined
  readonly side?: Side
  readonly className?: string
  /** Beside the picture. */
  readonly children?: ReactNode
}

export function IconButton({
  label,
  icon: Icon,
  onClick,
  keys = null,
  disabled = false,
  pressed,
  side = 'bottom',
  className = '',
  children,
}: Props) {
  return (
    <Tip label={label} keys={keys} side={side}>
      <button
        type="button"
        className={`icon-button ${className}`}
        aria-label={label}
        aria-disabled={disabled || undefined}
        aria-pressed={pressed}
        onMouseDown={keepFocus}
        onClick={(event) => {
          if (!disabled) onClick(event)
        }}
      >
        <Icon className="icon" aria-hidden />
        {children}
      </button>
    </Tip>
  )
}

interface ActionProps {
  readonly action: ActionId
  readonly icon: LucideIcon
  /** For what is a switch. */
  readonly isSwitch?: boolean
  /** In place of the action's own name. */
  readonly label?: string
  readonly side?: Side
  readonly className?: string
}

/** The button of an action: knows its name, its keys, and whether it would do anything now. */
export const ActionButton = memo(function ActionButton(props: ActionProps) {
  const { action, icon, isSwitch = false, label, side = 'bottom', className = '' } = props
  const studio = useStudio()
  const keys = useKeys(action)
  const enabled = useStudioState(() => studio.canAct(action))
  const isOn = useStudioState(() => isSwitch && studio.isOn(action))
  return (
    <IconButton
      label={label ?? strings.actions[action].replace('…', '')}
      icon={icon}
      keys={keys}
      disabled={!enabled}
      pressed={isSwitch ? isOn : undefined}
      side={side}
      className={className}
      onClick={() => studio.act(action)}
    />
  )
})

/** A press of the mouse leaves the focus where it is, so that the keys of the canvas go on working; Tab reaches the button. */
export function keepFocus(event: MouseEvent): void {
  const { activeElement } = document
  // A field that is being edited has to hear that it is left.
  if (activeElement instanceof HTMLElement && activeElement.matches('input, textarea')) activeElement.blur()
  event.preventDefault()
}
