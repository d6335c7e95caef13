/**
 * A number that can be typed, stepped with the arrow keys (Shift: ten steps) and dragged by its label. What is typed counts from
 * Enter or when the field is left; Esc takes it back.
 */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useRef, useState } from 'react'
import { clamp } from '../../../../shared/geometry/rect.ts'
import type { Phase } from '../../studio/studio-model.ts'
import { keepFocus } from './IconButton.tsx'
import { roundTo } from './round.ts'

export interface NumberInputProps {
  readonly label: string
  /** What stands before the field in place of the label; null for nothing. */
  readonly text?: ReactNode
  /** Null shows an empty field. */
  readonly value: number | null
  readonly min: number
  readonly max: number
  /** Of an arrow key. */
  readonly step?: number
  /** How exact the number is; as its steps by default. */
  readonly precision?: number
  readonly unit?: string | undefined
  /** Of the field, in characters. */
  readonly width?: number | undefined
  readonly disabled?: boolean | undefined
  readonly onChange: (value: number, phase: Phase) => void
}

/** Px of dragging for one step. */
const dragStep = 2

export function NumberInput(props: NumberInputProps) {
  const { label, text = label, value, min, max, step = 1, unit, width = 5, disabled = false, onChange } = props
  const { precision = step } = props
  const id = useId()
  const [draft, setDraft] = useState<string | null>(null)
  const shown = value === null ? '' : String(roundTo(value, precision))

  function commit(next: number): void {
    const fit = clamp(roundTo(next, precision), min, max)
    setDraft(null)
    if (fit !== value) onChange(fit, 'commit')
  }

  function commitDraft(): void {
    const typed = draft === null ? Number.NaN : Number.parseFloat(draft.replace(',', '.'))
    if (Number.isFinite(typed)) commit(typed)
    else setDraft(null)
  }

  function keyDown(event: KeyboardEvent<HTMLInputElement>): void {
    const direction = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key]
    if (direction !== undefined) {
      const typed = draft === null ? Number.NaN : Number.parseFloat(draft)
      commit((Number.isFinite(typed) ? typed : (value ?? min)) + direction * step * (event.shiftKey ? 10 : 1))
    } else if (event.key === 'Escape' && draft !== null) setDraft(null)
    else {
      // Enter goes on to the form around the field, which then knows the number.
      if (event.key === 'Enter') commitDraft()
      return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <span className="number" data-disabled={disabled || undefined}>
      {text !== null && (
        <ScrubLabel
          htmlFor={id}
          disabled={disabled}
          {...{ value, min, max, step }}
          onChange={(next, phase) => {
            setDraft(phase === 'change' ? String(next) : null)
            onChange(next, phase)
          }}
        >
          {text}
        </ScrubLabel>
      )}
      <span className="field number-box">
        <input
          id={id}
          role="spinbutton"
          inputMode="decimal"
          autoComplete="off"
          aria-label={label}
          aria-valuenow={value ?? undefined}
          aria-valuemin={min}
          aria-valuemax={max}
          aria-valuetext={value === null ? undefined : `${shown}${unit === undefined ? '' : ` ${unit}`}`}
          style={{ width: `${width}ch` }}
          disabled={disabled}
          value={draft ?? shown}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onChange={({ currentTarget }) => setDraft(currentTarget.value)}
          onBlur={commitDraft}
          onKeyDown={keyDown}
        />
        {unit !== undefined && <span className="unit">{unit}</span>}
      </span>
    </span>
  )
}

interface ScrubProps {
  readonly htmlFor: string
  readonly disabled: boolean
  readonly value: number | null
  readonly min: number
  readonly max: number
  readonly step: number
  readonly onChange: (value: number, phase: Phase) => void
  readonly children: ReactNode
}

/** A label that changes its number when it is dragged sideways. */
function ScrubLabel({ htmlFor, disabled, value, min, max, step, onChange, children }: ScrubProps) {
  const drag = useRef<{ readonly x: number; readonly from: number; last: number | null } | null>(null)

  function move({ clientX }: PointerEvent): void {
    if (drag.current === null) return
    const by = Math.trunc((clientX - drag.current.x) / dragStep) * step
    const next = clamp(roundTo(drag.current.from + by, step), min, max)
    if (next === (drag.current.last ?? drag.current.from)) return
    drag.current.last = next
    onChange(next, 'change')
  }

  function end(phase: 'commit' | 'cancel'): void {
    const last = drag.current?.last ?? null
    drag.current = null
    if (last !== null) onChange(last, phase)
  }

  return (
    <label
      className="label scrub"
      htmlFor={htmlFor}
      onMouseDown={keepFocus}
      onPointerDown={(event) => {
        if (disabled || value === null || event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        drag.current = { x: event.clientX, from: value, last: null }
      }}
      onPointerMove={move}
      onPointerUp={() => end('commit')}
      onPointerCancel={() => end('cancel')}
      // After a drag the field would get the focus.
      onClick={(event) => event.preventDefault()}
    >
      {children}
    </label>
  )
}
