/**
 * What is wanted of the model, and the button that does it, named after what it would do: floats over the canvas. Enter makes a
 * new line, Shift+Enter runs; Ctrl+Enter is an action and works everywhere.
 */
import { Dices, Ellipsis, Expand, Images, Lock, LockOpen, PaintBucket, Sparkles, X } from 'lucide-react'
import { Popover } from '@base-ui/react/popover'
import { type KeyboardEvent, useId } from 'react'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import type { GenerationState, Verb } from '../studio/studio-state.ts'
import { IconButton } from './controls/IconButton.tsx'
import { useKeys } from './controls/keys.ts'
import { NumberInput } from './controls/NumberInput.tsx'
import { SliderField } from './controls/SliderField.tsx'
import { TextArea } from './controls/TextArea.tsx'
import { TextButton } from './controls/TextButton.tsx'
import { Tip } from './controls/Tip.tsx'
import { durationText } from './duration.ts'

const words = strings.prompt
const verbIcons: Readonly<Record<Verb, typeof Sparkles>> = { generate: Sparkles, fill: PaintBucket, extend: Expand }
/** Seeds up to here are short enough to be read and typed. */
const seeds = 2 ** 32

export function PromptDock() {
  const studio = useStudio()
  const prompt = useStudioState(({ generation }) => generation.settings.prompt)
  const running = useStudioState(({ generation }) => generation.running)

  function keyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !event.shiftKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    if (studio.state.generation.running === null && studio.state.generation.blocked === null) studio.generate()
  }

  return (
    <section className="prompt-dock" aria-label={words.region} data-region="prompt">
      {running !== null && <ProgressLine running={running} />}
      <TextArea
        className="prompt-text"
        data-prompt
        aria-label={words.prompt}
        placeholder={words.placeholder}
        rows={1}
        value={prompt}
        onChange={(text) => studio.setGeneration({ prompt: text })}
        onKeyDown={keyDown}
      />
      <div className="prompt-row">
        <Settings />
        <RunOrCancel />
      </div>
    </section>
  )
}

function Settings() {
  const studio = useStudio()
  const { seed, seedLocked, count } = useStudioState(({ generation }) => generation.settings)
  return (
    <>
      <Tip label={words.count} side="top">
        <span className="prompt-setting">
          <NumberInput
            label={words.count}
            text={<Images className="icon" aria-hidden />}
            value={count}
            min={1}
            max={16}
            width={2}
            onChange={(value) => studio.setGeneration({ count: value })}
          />
        </span>
      </Tip>
      <span className="prompt-setting">
        <NumberInput
          label={words.seed}
          value={seed}
          min={0}
          max={seeds - 1}
          width={10}
          // Whoever types a seed means it.
          onChange={(value) => studio.setGeneration({ seed: value, seedLocked: true })}
        />
        <IconButton
          label={words.lockSeed}
          icon={seedLocked ? Lock : LockOpen}
          pressed={seedLocked}
          side="top"
          onClick={() => studio.setGeneration({ seedLocked: !seedLocked })}
        />
        <IconButton
          label={words.newSeed}
          icon={Dices}
          side="top"
          onClick={() => studio.setGeneration({ seed: Math.floor(Math.random() * seeds) })}
        />
      </span>
      <MoreSettings />
    </>
  )
}

function MoreSettings() {
  const studio = useStudio()
  const { steps, guidance, negative } = useStudioState(({ generation }) => generation.settings)
  const negativeId = useId()
  return (
    <Popover.Root>
      <Popover.Trigger className="icon-button" aria-label={words.more} title={words.more}>
        <Ellipsis className="icon" aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="layer-popup" side="top" align="center" sideOffset={54}>
          <Popover.Popup className="popup more-settings" aria-label={words.more}>
            <SliderField
              label={words.steps}
              value={steps}
              min={1}
              max={200}
              scale="log"
              width={3}
              onChange={(value) => studio.setGeneration({ steps: value })}
            />
            <p className="hint">{words.stepsHint}</p>
            <SliderField
              label={words.guidance}
              value={guidance}
              min={0}
              max={20}
              step={0.5}
              width={4}
              onChange={(value) => studio.setGeneration({ guidance: value })}
            />
            <p className="hint">{words.guidanceHint}</p>
            <div className="property">
              <label className="label" htmlFor={negativeId}>
                {words.negative}
              </label>
              <TextArea
                id={negativeId}
                className="field text-area"
                rows={2}
                placeholder={words.negativePlaceholder}
                value={negative}
                onChange={(text) => studio.setGeneration({ negative: text })}
              />
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function RunOrCancel() {
  const studio = useStudio()
  const { verb, blocked, isRunning } = useStudioState(({ generation }) => ({
    verb: generation.verb,
    blocked: generation.blocked,
    isRunning: generation.running !== null,
  }))
  const keys = useKeys('generate.run')
  const cancelKeys = useKeys('generate.cancel')
  const reasonId = useId()
  const Icon = verbIcons[verb]
  if (isRunning) {
    return (
      <Tip label={strings.actions['generate.cancel']} keys={cancelKeys} side="top">
        <TextButton look="outlined" className="run" onClick={() => studio.cancelGeneration()}>
          <X className="icon" aria-hidden />
          {words.cancel}
        </TextButton>
      </Tip>
    )
  }
  return (
    <>
      <span className="blocked" id={reasonId}>
        {blocked}
      </span>
      <Tip label={words.verbs[verb]} keys={keys} side="top">
        <TextButton
          look="accent"
          className="run"
          disabled={blocked !== null}
          aria-describedby={blocked === null ? undefined : reasonId}
          onClick={() => studio.generate()}
        >
          <Icon className="icon" aria-hidden />
          {words.verbs[verb]}
        </TextButton>
      </Tip>
    </>
  )
}

function ProgressLine({ running }: { readonly running: NonNullable<GenerationState['running']> }) {
  const { text, share, secondsLeft } = running
  const left = secondsLeft === null ? '' : words.left(durationText(secondsLeft))
  return (
    <div className="progress-line">
      <div
        role="progressbar"
        aria-label={words.progress}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-valuetext={`${text} ${left}`}
        className="progress"
      >
        <span className="progress-fill" style={{ width: `${share * 100}%` }} />
      </div>
      <p className="progress-text">
        <span>{text}</span>
        <span className="progress-left">{left}</span>
      </p>
    </div>
  )
}
