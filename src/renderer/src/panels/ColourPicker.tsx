/**
 * One colour: a field of saturation and brightness for the pointer, the same as sliders for everybody, hex digits, and what was
 * chosen before.
 */
import { Slider } from '@base-ui/react/slider'
import { type PointerEvent, useRef, useState } from 'react'
import type { Colour } from '../../../editor/index.ts'
import { clamp } from '../../../shared/geometry/rect.ts'
import { strings } from '../strings/strings.ts'
import { fromHex, fromHsv, type Hsv, isSameColour, toHex, toHsv } from './colour.ts'
import { useRecentColours } from './recent-colours.ts'

const words = strings.colours

interface Props {
  readonly colour: Colour
  readonly onChange: (colour: Colour) => void
}

export function ColourPicker({ colour, onChange }: Props) {
  const last = useRef<Hsv>({ hue: 0, saturation: 0, brightness: 0 })
  // Many of these make the same colour; as long as they do, they stay what the person set.
  const hsv = isSameColour(fromHsv(last.current), colour) ? last.current : toHsv(colour, last.current)
  const recent = useRecentColours()

  function change(parts: Partial<Hsv>): void {
    last.current = { ...hsv, ...parts }
    onChange(fromHsv(last.current))
  }

  return (
    <div className="colour-picker">
      <SaturationField hsv={hsv} onChange={change} />
      <Part label={words.hue} part="hue" max={360} hsv={hsv} onChange={change} />
      <Part label={words.saturation} part="saturation" max={100} hsv={hsv} onChange={change} />
      <Part label={words.brightness} part="brightness" max={100} hsv={hsv} onChange={change} />
      <div className="colour-row">
        <span className="colour-sample" style={{ backgroundColor: toHex(colour) }} />
        <HexField colour={colour} onChange={onChange} />
      </div>
      {recent.length > 0 && (
        <div className="recent-colours" role="group" aria-label={words.recent}>
          {recent.map((other) => (
            <button
              key={toHex(other)}
              type="button"
              className="recent-colour"
              aria-label={words.take(toHex(other))}
              title={toHex(other)}
              style={{ backgroundColor: toHex(other) }}
              onClick={() => onChange(other)}
            />
          ))}
        </div>
      )}
    </div>
  )
}

interface PartsProps {
  readonly hsv: Hsv
  readonly onChange: (parts: Partial<Hsv>) => void
}

/** For the pointer only: what it sets, the sliders below set as well. */
function SaturationField({ hsv, onChange }: PartsProps) {
  function follow(event: PointerEvent<HTMLDivElement>): void {
    if (event.buttons === 0) return
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect()
    onChange({
      saturation: clamp(((event.clientX - left) / width) * 100, 0, 100),
      brightness: clamp((1 - (event.clientY - top) / height) * 100, 0, 100),
    })
  }
  return (
    <div
      className="saturation"
      aria-hidden
      style={{ backgroundColor: toHex(fromHsv({ hue: hsv.hue, saturation: 100, brightness: 100 })) }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        follow(event)
      }}
      onPointerMove={follow}
    >
      <span
        className="saturation-thumb"
        style={{ left: `${hsv.saturation}%`, top: `${100 - hsv.brightness}%`, backgroundColor: toHex(fromHsv(hsv)) }}
      />
    </div>
  )
}

interface PartProps extends PartsProps {
  readonly label: string
  readonly part: keyof Hsv
  readonly max: number
}

function Part({ label, part, max, hsv, onChange }: PartProps) {
  const unit = part === 'hue' ? '°' : ' %'
  return (
    <Slider.Root
      className={`slider colour-slider is-${part}`}
      value={Math.round(hsv[part])}
      max={max}
      thumbAlignment="edge"
      onValueChange={(value) => onChange({ [part]: value })}
    >
      <Slider.Control className="slider-control">
        <Slider.Track
          className="slider-track"
          style={{
            ['--from' as string]: toHex(fromHsv({ ...hsv, [part]: 0 })),
            ['--to' as string]: toHex(fromHsv({ ...hsv, [part]: max })),
          }}
        >
          <Slider.Thumb className="slider-thumb" aria-label={label} getAriaValueText={(text) => text + unit} />
        </Slider.Track>
      </Slider.Control>
    </Slider.Root>
  )
}

function HexField({ colour, onChange }: Props) {
  const [draft, setDraft] = useState<string | null>(null)
  function commit(): void {
    const typed = draft === null ? null : fromHex(draft)
    if (typed !== null) onChange(typed)
    setDraft(null)
  }
  return (
    <input
      className="field hex"
      aria-label={words.hex}
      spellCheck={false}
      autoComplete="off"
      value={draft ?? toHex(colour)}
      onFocus={({ currentTarget }) => currentTarget.select()}
      onChange={({ currentTarget }) => setDraft(currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
        else if (event.key === 'Escape' && draft !== null) {
          setDraft(null)
          event.stopPropagation()
        }
      }}
    />
  )
}
