/** A slider of one of the tools: as wide as there is room, with its value in words behind it. */
import { Slider } from '@base-ui/react/slider'

interface Props {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly text: string
  readonly onChange: (value: number) => void
}

export function StagingSlider({ label, value, min, max, text, onChange }: Props) {
  return (
    <span className="staging-slider">
      <Slider.Root className="slider" value={value} min={min} max={max} thumbAlignment="edge" onValueChange={onChange}>
        <Slider.Control className="slider-control">
          <Slider.Track className="slider-track">
            <Slider.Indicator className="slider-fill" />
            <Slider.Thumb className="slider-thumb" aria-label={label} getAriaValueText={() => text} />
          </Slider.Track>
        </Slider.Control>
      </Slider.Root>
      <span className="staging-value" aria-hidden>
        {text}
      </span>
    </span>
  )
}
