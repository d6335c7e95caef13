/** A picture file of the document: format, part of the canvas, and whether it carries the recipe. */
import { useState } from 'react'
import type { Rect } from '../../../shared/geometry/rect.ts'
import type { PictureFormat } from '../../../shared/contract/picture.ts'
import { canvasOf } from '../panels/canvas-of.ts'
import { Segmented, Switch } from '../panels/controls/Choice.tsx'
import { SliderField } from '../panels/controls/SliderField.tsx'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { DialogFrame } from './DialogFrame.tsx'

const all = strings.dialogs
const words = all.exporting

type Area = 'canvas' | 'frame' | 'selection'

export function ExportDialog() {
  const studio = useStudio()
  const canvas = useStudioState(({ document }) => canvasOf(document))
  const [type, setType] = useState<PictureFormat['type']>('png')
  const [quality, setQuality] = useState(90)
  const [isLossless, setLossless] = useState(false)
  const [area, setArea] = useState<Area>('canvas')
  const [withRecipe, setWithRecipe] = useState(true)

  function run(): void {
    const areas: Readonly<Record<Area, Rect | 'selection' | null>> = {
      canvas: null,
      frame: canvas?.frame ?? null,
      selection: 'selection',
    }
    studio.closeDialog()
    studio.exportPicture({
      format: formatOf(type, quality, isLossless),
      area: areas[area],
      withRecipe: type === 'png' && withRecipe,
    })
  }

  return (
    <DialogFrame title={words.title} onClose={() => studio.closeDialog()} onSubmit={run} buttons={words.run}>
      <div className="dialog-row">
        <span className="label">{words.format}</span>
        <Segmented
          label={words.format}
          value={type}
          options={(['png', 'jpeg', 'webp', 'avif'] as const).map((value) => ({ value, label: words.formats[value] }))}
          onChange={setType}
        />
      </div>
      <p className="hint is-indented">{words.formatHints[type]}</p>
      {type === 'webp' && <Switch label={words.lossless} checked={isLossless} onChange={setLossless} />}
      {(type === 'jpeg' || type === 'avif' || (type === 'webp' && !isLossless)) && (
        <SliderField label={words.quality} value={quality} min={1} max={100} width={3} onChange={setQuality} />
      )}
      <div className="dialog-row">
        <span className="label">{words.area}</span>
        <Segmented
          label={words.area}
          value={area}
          options={[
            { value: 'canvas', label: words.canvas },
            { value: 'frame', label: words.frame },
            { value: 'selection', label: words.selection, disabled: canvas?.selection == null },
          ]}
          onChange={setArea}
        />
      </div>
      <Switch
        label={words.recipe}
        hint={type === 'png' ? words.recipeHint : words.recipePngOnly}
        checked={type === 'png' && withRecipe}
        disabled={type !== 'png'}
        onChange={setWithRecipe}
      />
    </DialogFrame>
  )
}

function formatOf(type: PictureFormat['type'], quality: number, isLossless: boolean): PictureFormat {
  switch (type) {
    case 'png':
      return { type }
    case 'jpeg':
    case 'avif':
      return { type, quality }
    case 'webp':
      return isLossless ? { type } : { type, quality }
  }
}
