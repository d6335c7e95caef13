/** The row above the canvas: the settings of the active tool, or what is needed to finish what it has begun. */
import type { ReactNode } from 'react'
import type { ToolId } from '../../../editor/index.ts'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { NumberInput } from './controls/NumberInput.tsx'
import { BrushOptions } from './options/BrushOptions.tsx'
import { CropOptions, TransformOptions } from './options/EditOptions.tsx'
import { FrameOptions } from './options/FrameOptions.tsx'
import { SelectionMenu, SelectionOptions } from './options/SelectionOptions.tsx'
import { ViewOptions } from './options/ViewOptions.tsx'
import { toolIcons } from './tool-icons.ts'

const words = strings.options

export function OptionsBar() {
  const tool = useStudioState(({ session }) => session.tool)
  const Icon = toolIcons[tool]
  return (
    <div className="options-bar" role="toolbar" aria-label={strings.window.optionsBar} data-region="options">
      <div className="options-row">
        <span className="options-tool">
          <Icon className="icon" aria-hidden />
          <span className="options-name">{strings.tools[tool]}</span>
        </span>
        <span className="options-line" />
        {optionsOf(tool)}
      </div>
    </div>
  )
}

function optionsOf(tool: ToolId): ReactNode {
  switch (tool) {
    case 'brush':
    case 'eraser':
      return <BrushOptions tool={tool} />
    case 'select-brush':
      return (
        <>
          <BrushOptions tool={tool} />
          <SelectionMenu />
        </>
      )
    case 'select-rectangle':
    case 'select-ellipse':
    case 'select-lasso':
      return <SelectionOptions />
    case 'fill':
      return <FillOptions />
    case 'transform':
      return <TransformOptions />
    case 'crop':
      return <CropOptions />
    case 'frame':
      return <FrameOptions />
    case 'zoom':
      return <ViewOptions />
    case 'hand':
      return (
        <>
          <ViewOptions />
          <p className="hint">{words.dragToPan}</p>
        </>
      )
    case 'eyedropper':
      return <p className="hint">{words.clickToPick}</p>
    case 'move':
      return <p className="hint">{words.dragToMove}</p>
  }
}

function FillOptions() {
  const studio = useStudio()
  const fill = useStudioState(({ session }) => session.fill)
  return (
    <>
      <NumberInput
        label={words.tolerance}
        value={fill.tolerance}
        min={0}
        max={255}
        width={3}
        onChange={(tolerance) => studio.configure({ fill: { ...fill, tolerance } })}
      />
      <label className="check">
        <input
          type="checkbox"
          className="checkbox"
          checked={fill.contiguous}
          onChange={({ currentTarget }) => studio.configure({ fill: { ...fill, contiguous: currentTarget.checked } })}
        />
        {words.contiguous}
      </label>
    </>
  )
}
