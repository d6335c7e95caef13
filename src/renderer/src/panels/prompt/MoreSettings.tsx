/** What most runs leave as it is: the model, size of the frame, steps, guidance, how tokens are drawn, and what must not be in the picture. */
import { Popover } from '@base-ui/react/popover'
import { Ellipsis } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { chosenModel, modelsOf } from '../../studio/chosen-model.ts'
import type { GenerationSettings } from '../../studio/studio-state.ts'
import { Segmented, Switch } from '../controls/Choice.tsx'
import { NumberInput } from '../controls/NumberInput.tsx'
import { SelectField } from '../controls/SelectField.tsx'
import { SliderField } from '../controls/SliderField.tsx'
import { TextArea } from '../controls/TextArea.tsx'
import { FrameSize } from '../options/FramePresets.tsx'

const words = strings.prompt
/** That of the notebook. */
const usualMass = 0.2

export function MoreSettings() {
  const trigger = useRef<HTMLButtonElement>(null)
  return (
    <Popover.Root>
      <Popover.Trigger ref={trigger} className="icon-button" aria-label={words.more} title={words.more}>
        <Ellipsis className="icon" aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner
          className="layer-popup"
          side="top"
          align="start"
          sideOffset={8}
          collisionPadding={8}
          anchor={() => trigger.current?.closest('.prompt-dock') ?? null}
        >
          <Popover.Popup className="popup more-settings" aria-label={words.more}>
            <Settings />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Settings() {
  const studio = useStudio()
  const { steps, guidance, renoise } = useStudioState(({ generation }) => generation.settings)
  const hasDocument = useStudioState(({ document }) => document !== null)
  const set = (changes: Partial<GenerationSettings>): void => studio.setGeneration(changes)
  return (
    <>
      <Model />
      {hasDocument && (
        <Row label={words.size}>
          <FrameSize />
        </Row>
      )}
      <SliderField
        label={words.steps}
        value={steps}
        min={1}
        max={200}
        scale="log"
        width={3}
        onChange={(value) => set({ steps: value })}
      />
      <p className="hint">{words.stepsHint}</p>
      <SliderField
        label={words.guidance}
        value={guidance}
        min={0}
        max={20}
        step={0.5}
        width={3}
        onChange={(value) => set({ guidance: value })}
      />
      <p className="hint">{words.guidanceHint}</p>
      <Temperature />
      <p className="hint">{words.temperatureHint}</p>
      <Row label={words.renoise}>
        <Segmented
          label={words.renoise}
          value={renoise}
          options={(['start', 'prev', 'rand'] as const).map((value) => ({ value, label: words.renoiseKinds[value] }))}
          onChange={(value) => set({ renoise: value })}
        />
      </Row>
      <Typical />
      <Negative />
    </>
  )
}

function Model() {
  const studio = useStudio()
  const models = useStudioState(modelsOf)
  const chosen = useStudioState(chosenModel)
  // Those that were imported meanwhile.
  useEffect(() => studio.lookForModels(), [studio])
  const options = models.map(({ id, name, parameters }) => ({
    value: id,
    label: name,
    detail: words.modelSize(parameters),
  }))
  return (
    <>
      <Row label={words.model}>
        <SelectField
          label={words.model}
          value={chosen?.id ?? null}
          groups={[{ options }]}
          disabled={options.length === 0}
          onChange={(model) => studio.setPreferences({ model })}
        />
      </Row>
      {options.length < 2 && <p className="hint">{words.otherModels}</p>}
    </>
  )
}

/** `label` is for the eye: what stands beside it has a name of its own. */
function Row({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="setting-row">
      <span className="label" aria-hidden>
        {label}
      </span>
      {children}
    </div>
  )
}

function Temperature() {
  const studio = useStudio()
  const [first, last] = useStudioState(({ generation }) => generation.settings.temperature)
  const limits = { min: 0, max: 10, step: 0.1, width: 3, text: null }
  return (
    <Row label={words.temperature}>
      <span className="temperatures">
        <NumberInput
          {...limits}
          label={words.temperatureFirst}
          value={first}
          onChange={(value) => studio.setGeneration({ temperature: [value, last] })}
        />
        <span className="label" aria-hidden>
          →
        </span>
        <NumberInput
          {...limits}
          label={words.temperatureLast}
          value={last}
          onChange={(value) => studio.setGeneration({ temperature: [first, value] })}
        />
      </span>
    </Row>
  )
}

function Typical() {
  const studio = useStudio()
  const mass = useStudioState(({ generation }) => generation.settings.typicalMass)
  return (
    <>
      <Switch
        label={words.typical}
        checked={mass !== null}
        onChange={(isOn) => studio.setGeneration({ typicalMass: isOn ? usualMass : null })}
      />
      {mass !== null && (
        <SliderField
          label={words.typicalMass}
          text={words.shortMass}
          value={mass}
          min={0.05}
          max={1}
          step={0.05}
          width={3}
          onChange={(value) => studio.setGeneration({ typicalMass: value })}
        />
      )}
    </>
  )
}

function Negative() {
  const studio = useStudio()
  const negative = useStudioState(({ generation }) => generation.settings.negative)
  const id = useId()
  return (
    <div className="property">
      <label className="label" htmlFor={id}>
        {words.negative}
      </label>
      <TextArea
        id={id}
        className="field text-area"
        rows={2}
        placeholder={words.negativePlaceholder}
        value={negative}
        onChange={(text) => studio.setGeneration({ negative: text })}
      />
    </div>
  )
}
