/** A new canvas: one of the usual sizes or any other, white or transparent. */
import { type CSSProperties, useState } from 'react'
import type { Size } from '../../../shared/geometry/rect.ts'
import { Segmented } from '../panels/controls/Choice.tsx'
import { useStudio } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { DialogFrame } from './DialogFrame.tsx'
import { SizeFields } from './SizeFields.tsx'

const all = strings.dialogs
const words = all.newDocument

const presets: readonly { readonly id: keyof typeof words.sizes; readonly size: Size }[] = [
  { id: 'square512', size: { width: 512, height: 512 } },
  { id: 'square1024', size: { width: 1024, height: 1024 } },
  { id: 'portrait', size: { width: 768, height: 1024 } },
  { id: 'landscape', size: { width: 1024, height: 768 } },
  { id: 'hd', size: { width: 1920, height: 1080 } },
  { id: 'a4', size: { width: 1240, height: 1754 } },
]

export function NewDialog() {
  const studio = useStudio()
  const [size, setSize] = useState<Size>({ width: 1024, height: 1024 })
  const [background, setBackground] = useState<'white' | 'transparent'>('white')
  return (
    <DialogFrame
      title={words.title}
      onClose={() => studio.closeDialog()}
      onSubmit={() => {
        studio.closeDialog()
        studio.newDocument(size, background)
      }}
      buttons={words.create}
    >
      <div role="group" aria-label={words.presets} className="presets">
        {presets.map((preset) => (
          <button
            key={preset.id}
            type="button"
            className="preset"
            aria-pressed={preset.size.width === size.width && preset.size.height === size.height}
            onClick={() => setSize(preset.size)}
          >
            <span className="preset-picture" aria-hidden>
              <span className="preset-shape" style={shapeOf(preset.size)} />
            </span>
            <span className="preset-name">{words.sizes[preset.id]}</span>
            <span className="preset-size">
              {preset.size.width} × {preset.size.height}
            </span>
          </button>
        ))}
      </div>
      <SizeFields size={size} onChange={setSize} />
      <div className="dialog-row">
        <span className="label">{words.background}</span>
        <Segmented
          label={words.background}
          value={background}
          options={[
            { value: 'white', label: words.white },
            { value: 'transparent', label: words.transparent },
          ]}
          onChange={setBackground}
        />
      </div>
    </DialogFrame>
  )
}

/** Its proportions in 28 px. */
function shapeOf({ width, height }: Size): CSSProperties {
  const scale = 28 / Math.max(width, height)
  return { width: width * scale, height: height * scale }
}
