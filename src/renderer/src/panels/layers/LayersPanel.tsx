/** Blend mode and opacity of the chosen layer, the tree of layers, and what can be done with them. */
import { CopyPlus, FolderPlus, Plus, RectangleCircle, SquareDashedPlus, Trash2 } from 'lucide-react'
import { layerOf, lockOf } from '../../../../document/index.ts'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { ActionButton } from '../controls/IconButton.tsx'
import { SelectField } from '../controls/SelectField.tsx'
import { SliderField } from '../controls/SliderField.tsx'
import { useFileDrop } from '../file-drop.ts'
import { PointerMenu } from '../MenuBar.tsx'
import { layerMenu } from '../menus.ts'
import { LayerTree } from './LayerTree.tsx'

const words = strings.layers

export function LayersPanel() {
  const hasDocument = useStudioState(({ document }) => document !== null)
  const studio = useStudio()
  const drop = useFileDrop((source) => studio.place(source))
  if (!hasDocument) return <p className="panel-empty">{words.noDocument}</p>
  return (
    <div className="layers" data-drop={drop.isOver || undefined} {...drop.handlers}>
      <LayerBlending />
      <PointerMenu items={layerMenu}>
        <div className="layer-list">
          <LayerList />
        </div>
      </PointerMenu>
      <div className="layer-tools">
        <ActionButton action="layer.add" icon={Plus} side="top" />
        <ActionButton action="layer.addGroup" icon={FolderPlus} side="top" />
        <ActionButton action="layer.addMask" icon={RectangleCircle} side="top" />
        <ActionButton action="select.toMaskLayer" icon={SquareDashedPlus} side="top" />
        <ActionButton action="layer.duplicate" icon={CopyPlus} side="top" />
        <span className="spring" />
        <ActionButton action="layer.remove" icon={Trash2} side="top" />
      </div>
    </div>
  )
}

/** What changes with every stroke, apart from what does not. */
function LayerList() {
  const document = useStudioState((state) => state.document)
  if (document === null) return null
  return (
    <>
      <LayerTree document={document} />
      {document.records.size <= 1 && <p className="panel-empty">{words.empty}</p>}
    </>
  )
}

const blendModes = strings.blendModeGroups.map(({ label, modes }) => ({
  label,
  options: modes.map((mode) => ({ value: mode, label: strings.blendModes[mode] })),
}))

/** Of the active layer. Mask layers are no pictures: they blend with nothing. */
function LayerBlending() {
  const studio = useStudio()
  // Not the layer itself, which every stroke replaces.
  const { id, blendMode, opacity, disabled } = useStudioState(({ document }) => {
    const layer = document === null || document.active === null ? undefined : layerOf(document.records, document.active)
    const isLocked = layer !== undefined && document !== null && lockOf(document.records, layer.id) !== undefined
    return {
      id: layer?.id ?? null,
      blendMode: layer?.blendMode ?? 'normal',
      opacity: layer?.opacity ?? 1,
      disabled: layer === undefined || isLocked || layer.kind === 'mask',
    }
  })
  return (
    <div className="layer-blending">
      <SelectField
        label={words.blendMode}
        className="blend-mode"
        value={blendMode}
        disabled={disabled}
        groups={blendModes}
        onChange={(mode) => {
          if (id !== null) studio.setBlendMode(id, mode)
        }}
      />
      <SliderField
        label={words.opacity}
        text={null}
        value={Math.round(opacity * 100)}
        min={0}
        max={100}
        unit={strings.window.percent}
        width={3}
        disabled={disabled}
        onChange={(value, phase) => {
          if (id !== null) studio.setOpacity(id, value / 100, phase)
        }}
      />
    </div>
  )
}
