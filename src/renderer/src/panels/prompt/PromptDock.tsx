/**
 * What is wanted of the model, and the button that does it, named after what it would do: floats over the canvas. Enter makes a
 * new line, Shift+Enter runs; Ctrl+Enter is an action and works everywhere.
 */
import type { KeyboardEvent } from 'react'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { TextArea } from '../controls/TextArea.tsx'
import { MoreSettings } from './MoreSettings.tsx'
import { ProgressLine } from './ProgressLine.tsx'
import { RunControls } from './RunControls.tsx'
import { SeedAndCount } from './SeedAndCount.tsx'
import { VerbOptions } from './VerbOptions.tsx'

const words = strings.prompt

export function PromptDock() {
  const running = useStudioState(({ generation }) => generation.running)
  return (
    <section className="prompt-dock" aria-label={words.region} data-region="prompt">
      {running !== null && <ProgressLine running={running} />}
      <Prompts />
      <VerbOptions />
      <div className="prompt-row">
        <SeedAndCount />
        <MoreSettings />
        <RunControls />
      </div>
    </section>
  )
}

/** One prompt, or two where a run goes from one to another. */
function Prompts() {
  const studio = useStudio()
  const { prompt, promptTo } = useStudioState(({ generation }) => generation.settings)
  const hasTwo = useStudioState(({ generation: { verb } }) => verb === 'interpolate' || verb === 'gradient')

  function keyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !event.shiftKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    if (studio.state.generation.running === null && studio.state.generation.blocked === null) studio.generate()
  }

  return (
    <div className={hasTwo ? 'prompts has-two' : 'prompts'}>
      {hasTwo && (
        <span className="prompt-side" aria-hidden>
          {words.from}
        </span>
      )}
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
      {hasTwo && (
        <>
          <span className="prompt-side" aria-hidden>
            {words.to}
          </span>
          <TextArea
            className="prompt-text"
            aria-label={words.promptTo}
            placeholder={words.placeholderTo}
            rows={1}
            value={promptTo}
            onChange={(text) => studio.setGeneration({ promptTo: text })}
            onKeyDown={keyDown}
          />
        </>
      )}
    </div>
  )
}
