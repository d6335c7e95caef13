/** What there is to say of the chosen layer, how it was made, and the frame. */
import { type ReactNode, useId, useRef, useState } from 'react'
import {
  type Generated,
  type GroupLayer,
  type Layer,
  type LayerId,
  layerOf,
  limits,
  lockOf,
  type MaskLayer,
} from '../../../document/index.ts'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { Switch } from './controls/Choice.tsx'
import { TextButton } from './controls/TextButton.tsx'
import { TextArea } from './controls/TextArea.tsx'
import { FrameFields } from './options/FrameOptions.tsx'
import { recipeFacts, settingsOf } from './recipe-facts.ts'
import { regionColour } from './region-colours.ts'

const words = strings.properties

export function PropertiesPanel() {
  const { layer, isLocked, count, isOpen } = useStudioState(({ document }) => ({
    layer: document?.active ? layerOf(document.records, document.active) : undefined,
    isLocked: document?.active ? lockOf(document.records, document.active) !== undefined : false,
    count: document?.chosen.length ?? 0,
    isOpen: document !== null,
  }))
  return (
    <div className="properties">
      {layer === undefined ? (
        <p className="panel-empty">{words.nothing}</p>
      ) : (
        <LayerProperties key={layer.id} layer={layer} isLocked={isLocked} count={count} />
      )}
      {isOpen && (
        <Part title={words.frame} hint={words.frameHint}>
          <FrameFields />
        </Part>
      )}
    </div>
  )
}

interface Props<L extends Layer = Layer> {
  readonly layer: L
  readonly isLocked: boolean
}

function LayerProperties({ layer, isLocked, count }: Props & { readonly count: number }) {
  const studio = useStudio()
  const { mask } = layer
  return (
    <Part title={strings.layerKinds[layer.kind]} hint={count > 1 ? words.severalLayers(count) : undefined}>
      <LayerName layer={layer} isLocked={isLocked} />
      {mask !== null && (
        <Switch
          label={words.maskUsed}
          checked={mask.enabled}
          disabled={isLocked}
          onChange={(enabled) => studio.setMaskEnabled(layer.id, enabled)}
        />
      )}
      {layer.kind === 'group' && <GroupProperties layer={layer} isLocked={isLocked} />}
      {layer.kind === 'mask' && <RegionPrompt layer={layer} isLocked={isLocked} />}
      {layer.kind === 'raster' && layer.recipe !== null && <Recipe json={layer.recipe} />}
      {layer.kind === 'raster' && layer.generated !== null && <Results id={layer.id} generated={layer.generated} />}
    </Part>
  )
}

function LayerName({ layer, isLocked }: Props) {
  const studio = useStudio()
  return (
    <DraftField
      label={words.name}
      value={layer.name}
      most={limits.name}
      disabled={isLocked}
      onCommit={(name) => studio.renameLayer(layer.id, name)}
    />
  )
}

function GroupProperties({ layer, isLocked }: Props<GroupLayer>) {
  const studio = useStudio()
  return (
    <Switch
      label={words.isolated}
      hint={words.isolatedHint}
      checked={layer.isolated}
      disabled={isLocked}
      onChange={(isolated) => studio.setIsolated(layer.id, isolated)}
    />
  )
}

/** Typing is one step of the history, which ends when the field is left. */
function RegionPrompt({ layer, isLocked }: Props<MaskLayer>) {
  const studio = useStudio()
  const id = useId()
  const colour = useStudioState(({ document }) => document && regionColour(document.records, layer.id))
  // What was typed last: the layer is shown with it only with the next frame.
  const typed = useRef<string | null>(null)
  const end = (phase: 'commit' | 'cancel'): void => {
    if (typed.current !== null) studio.setRegionPrompt(layer.id, typed.current, phase)
    typed.current = null
  }
  return (
    <div className="property">
      <label className="label region-field" htmlFor={id}>
        <span className="region-dot" style={{ background: colour ?? undefined }} />
        {strings.regions.prompt}
      </label>
      <TextArea
        id={id}
        className="field text-area"
        rows={2}
        placeholder={strings.regions.placeholder}
        value={layer.prompt}
        disabled={isLocked}
        onChange={(prompt) => {
          typed.current = prompt
          studio.setRegionPrompt(layer.id, prompt, 'change')
        }}
        onBlur={() => end('commit')}
        onKeyDown={(event) => {
          if (event.key === 'Escape') end('cancel')
        }}
      />
      <p className="hint">{strings.regions.hint}</p>
    </div>
  )
}

/** What else the run drew is kept with the layer, and can take its place. */
function Results({ id, generated }: { readonly id: LayerId; readonly generated: Generated }) {
  const studio = useStudio()
  const { candidates, chosen } = generated
  const pictureId = candidates[chosen]?.pictureId ?? null
  return (
    <div className="results">
      <span className="label">{words.results(Object.keys(candidates).length)}</span>
      <span className="button-group">
        <TextButton look="outlined" onClick={() => studio.reopenStaged(id)}>
          {words.reopen}
        </TextButton>
        {pictureId !== null && (
          <TextButton look="outlined" onClick={() => studio.replay(pictureId)}>
            {words.replay}
          </TextButton>
        )}
      </span>
    </div>
  )
}

function Recipe({ json }: { readonly json: string }) {
  const studio = useStudio()
  const facts = recipeFacts(json)
  if (facts === null) return <p className="hint">{words.unreadable}</p>
  const { use, negative, seed, sampling, model } = facts
  const rows = [
    [words.to, use.to],
    [words.negative, negative],
    [words.seed, seed],
    [words.steps, sampling?.steps],
    [words.guidance, sampling?.guidance],
    [words.model, model],
  ].filter(([, value]) => value !== undefined && value !== '')
  return (
    <section className="recipe" aria-label={words.madeBy}>
      <p className="recipe-kind">{words.uses[use.use]}</p>
      <p className="recipe-prompt selectable">{use.prompt}</p>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd className="selectable">{value}</dd>
          </div>
        ))}
      </dl>
      <TextButton look="outlined" onClick={() => studio.setGeneration(settingsOf(facts))}>
        {words.use}
      </TextButton>
    </section>
  )
}

interface PartProps {
  readonly title: string
  readonly hint?: string | undefined
  readonly children: ReactNode
}

function Part({ title, hint, children }: PartProps) {
  return (
    <section className="property-part" aria-label={title}>
      <h3 className="property-title">{title}</h3>
      {children}
      {hint !== undefined && <p className="hint">{hint}</p>}
    </section>
  )
}

interface DraftFieldProps {
  readonly label: string
  readonly value: string
  readonly most: number
  readonly disabled: boolean
  readonly onCommit: (value: string) => void
}

/** A text that counts with Enter or when it is left: each change is one step of the history. Esc takes it back. */
function DraftField({ label, value, most, disabled, onCommit }: DraftFieldProps) {
  const id = useId()
  const [draft, setDraft] = useState<string | null>(null)
  const commit = (): void => {
    if (draft !== null && draft !== value) onCommit(draft)
    setDraft(null)
  }
  return (
    <div className="property">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="field text-input"
        autoComplete="off"
        disabled={disabled}
        maxLength={most}
        value={draft ?? value}
        onBlur={commit}
        onChange={({ currentTarget }) => setDraft(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit()
          else if (event.key === 'Escape') setDraft(null)
        }}
      />
    </div>
  )
}
