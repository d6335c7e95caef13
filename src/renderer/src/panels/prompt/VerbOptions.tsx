/** The one or two settings that belong to what the run does, and to nothing else. */
import { ImagePlus, X } from 'lucide-react'
import { type DragEvent, type ReactNode, useRef } from 'react'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { useFileDrop } from '../file-drop.ts'
import { Segmented } from '../controls/Choice.tsx'
import { IconButton } from '../controls/IconButton.tsx'
import { NumberInput } from '../controls/NumberInput.tsx'
import { SliderField } from '../controls/SliderField.tsx'
import { TextButton } from '../controls/TextButton.tsx'

const words = strings.prompt
const { percent } = strings.window

export function VerbOptions() {
  const verb = useStudioState(({ generation }) => generation.verb)
  switch (verb) {
    case 'restyle':
      return (
        <Options>
          <Share setting="strength" hint={words.strengthHint} />
        </Options>
      )
    case 'vary':
      return (
        <Options>
          <Reference />
          <Share setting="promptWeight" />
        </Options>
      )
    case 'interpolate':
      return (
        <Options>
          <Frames />
        </Options>
      )
    case 'gradient':
      return (
        <Options>
          <Direction />
        </Options>
      )
    default:
      return null
  }
}

function Options({ children }: { readonly children: ReactNode }) {
  return <div className="verb-options">{children}</div>
}

/** A number from 0 to 1, shown in percent. */
function Share({ setting, hint }: { readonly setting: 'strength' | 'promptWeight'; readonly hint?: string }) {
  const studio = useStudio()
  const value = useStudioState(({ generation }) => generation.settings[setting])
  return (
    <>
      <SliderField
        label={words[setting]}
        value={Math.round(value * 100)}
        min={0}
        max={100}
        unit={percent}
        width={3}
        onChange={(share) => studio.setGeneration({ [setting]: share / 100 })}
      />
      {hint !== undefined && <span className="hint">{hint}</span>}
    </>
  )
}

function Frames() {
  const studio = useStudio()
  const frames = useStudioState(({ generation }) => generation.settings.frames)
  return (
    <NumberInput
      label={words.frames}
      value={frames}
      min={2}
      max={1000}
      width={4}
      onChange={(value) => studio.setGeneration({ frames: value })}
    />
  )
}

function Direction() {
  const studio = useStudio()
  const direction = useStudioState(({ generation }) => generation.settings.direction)
  const option = (value: typeof direction) => ({ value, label: words.directions[value] })
  return (
    <Segmented
      label={words.direction}
      value={direction}
      options={[option('horizontal'), option('vertical')]}
      onChange={(value) => studio.setGeneration({ direction: value })}
    />
  )
}

/** The picture that is varied: what the frame holds, or a file that was chosen or dropped here. */
function Reference() {
  const studio = useStudio()
  const name = useStudioState(({ generation }) => generation.settings.reference?.name ?? null)
  const input = useRef<HTMLInputElement>(null)
  const drop = useFileDrop((source) => studio.setReference(source))

  async function choose(file: File | undefined): Promise<void> {
    if (file === undefined) return
    studio.setReference({ kind: 'bytes', name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
  }

  return (
    <span
      className="reference"
      data-drop={drop.isOver || undefined}
      {...drop.handlers}
      onDrop={(event: DragEvent) => {
        // The bar around it would take it for settings to restore.
        event.stopPropagation()
        drop.handlers.onDrop(event)
      }}
    >
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={({ currentTarget }) => {
          void choose(currentTarget.files?.[0])
          currentTarget.value = ''
        }}
      />
      {name === null ? (
        <>
          <span className="reference-name is-frame">{words.referenceFrame}</span>
          <TextButton onClick={() => input.current?.click()}>
            <ImagePlus className="icon" aria-hidden />
            {words.chooseReference}
          </TextButton>
        </>
      ) : (
        <>
          <span className="reference-name" title={name}>
            {name}
          </span>
          <IconButton
            label={words.removeReference(name)}
            icon={X}
            side="top"
            className="is-small"
            onClick={() => studio.setReference(null)}
          />
        </>
      )}
    </span>
  )
}
