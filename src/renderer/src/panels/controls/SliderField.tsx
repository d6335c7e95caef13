/** A number with a slider before its field: dragged it is one change from first to last, Esc takes the drag back. */
import { Slider } from '@base-ui/react/slider'
import { type ReactNode, useRef } from 'react'
import type { Phase } from '../../studio/studio-model.ts'
import { NumberInput } from './NumberInput.tsx'
import { roundTo } from './round.ts'

interface Props {
  readonly label: string
  readonly text?: ReactNode
  readonly value: number | null
  readonly min: number
  readonly max: number
  readonly step?: number
  readonly unit?: string
  /** 'log': as fine at 10 as it is at 1000, for sizes. `min` is above 0 then. */
  readonly scale?: 'linear' | 'log'
  readonly width?: number
  readonly disabled?: boolean
  readonly onChange: (value: number, phase: Phase) => void
}

/** Positions of a slider with a log scale. */
const logSteps = 200

export function SliderField(props: Props) {
  const { label, text = label, value, min, max, step = 1, unit, scale = 'linear', width, disabled, onChange } = props
  const isLog = scale === 'log'
  const ratio = Math.log(max / min)
  const toPosition = (number: number) => (isLog ? Math.round((Math.log(number / min) / ratio) * logSteps) : number)
  const toNumber = (position: number) =>
    isLog ? roundTo(min * Math.exp((position / logSteps) * ratio), step) : roundTo(position, step)
  const change = useDrag(onChange)

  return (
    <span className="slider-field">
      {text !== null && (
        <span className="label" aria-hidden>
          {text}
        </span>
      )}
      <Slider.Root
        className="slider"
        value={toPosition(value ?? min)}
        min={isLog ? 0 : min}
        max={isLog ? logSteps : max}
        step={isLog ? 1 : step}
        largeStep={isLog ? 20 : step * 10}
        disabled={disabled}
        thumbAlignment="edge"
        onValueChange={(position) => change.to(toNumber(position))}
        onValueCommitted={(position) => change.end(toNumber(position))}
        onKeyDownCapture={(event) => {
          if (event.key !== 'Escape' || !change.cancel()) return
          event.preventDefault()
          event.stopPropagation()
        }}
      >
        <Slider.Control className="slider-control">
          <Slider.Track className="slider-track">
            <Slider.Indicator className="slider-fill" />
            <Slider.Thumb
              className="slider-thumb"
              aria-label={label}
              getAriaValueText={() => `${roundTo(value ?? min, step)}${unit === undefined ? '' : ` ${unit}`}`}
            />
          </Slider.Track>
        </Slider.Control>
      </Slider.Root>
      <NumberInput label={label} text={null} {...{ value, min, max, step, unit, width, disabled, onChange }} />
    </span>
  )
}

/** Follows one drag; after Esc the rest of it changes nothing any more. */
function useDrag(onChange: Props['onChange']) {
  const drag = useRef<{ last: number | null; cancelled: boolean }>({ last: null, cancelled: false })
  return {
    to(value: number): void {
      if (drag.current.cancelled) return
      drag.current.last = value
      onChange(value, 'change')
    },
    end(value: number): void {
      const { cancelled } = drag.current
      drag.current = { last: null, cancelled: false }
      if (!cancelled) onChange(value, 'commit')
    },
    cancel(): boolean {
      const { last } = drag.current
      if (last === null) return false
      drag.current = { last: null, cancelled: true }
      onChange(last, 'cancel')
      return true
    },
  }
}
