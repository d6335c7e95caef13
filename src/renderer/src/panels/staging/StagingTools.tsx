/**
 * What can be done with the shown result because it is made of tokens: compare it with the original, go back through its steps,
 * see what the model doubted, mix it with another. Steps, confidence and mixing take turns: each shows the canvas in a way of its own.
 */
import { Blend, Film, Footprints, ScanEye, SquareSplitHorizontal } from 'lucide-react'
import { Menu } from '@base-ui/react/menu'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { useKeys } from '../controls/keys.ts'
import { TextButton } from '../controls/TextButton.tsx'
import { Tip } from '../controls/Tip.tsx'
import { ConfidenceTool } from './ConfidenceTool.tsx'
import { MixTool } from './MixTool.tsx'
import { StepsTool } from './StepsTool.tsx'

const words = strings.staging
/** Where the slider begins, and which cells are doubtful before anybody says otherwise. */
const firstCompare = 0.5
const firstDoubt = 0.2

export function StagingTools() {
  const studio = useStudio()
  const { shown, count, steps, compare, step, confidence, mixWith, isStrip } = useStudioState(({ staging }) => ({
    shown: staging?.shown ?? 0,
    count: staging?.pictures.length ?? 0,
    steps: staging?.steps ?? 0,
    compare: staging?.compare ?? null,
    step: staging?.step ?? null,
    confidence: staging?.confidence ?? null,
    mixWith: staging?.mixWith ?? null,
    isStrip: staging?.verb === 'interpolate',
  }))
  const compareKeys = useKeys('staging.compare')
  const hasPicture = shown > 0

  /** Ends those that are on, and begins what is asked for. */
  function turnTo(tool: 'steps' | 'confidence' | 'mix' | null): void {
    if (step !== null || tool === 'steps') studio.scrub(tool === 'steps' ? steps : null)
    if (confidence !== null || tool === 'confidence') studio.setDoubt(tool === 'confidence' ? firstDoubt : null)
    if (mixWith !== null || tool === 'mix') studio.setMixWith(tool === 'mix' ? otherThan(shown, count) : null)
  }

  return (
    <div className="staging-row is-tools">
      <div role="toolbar" aria-label={words.tools} className="button-group">
        <Tip label={words.compare} keys={compareKeys} side="top">
          <TextButton
            pressed={compare !== null}
            disabled={!hasPicture}
            onClick={() => studio.setCompare(compare === null ? firstCompare : null)}
          >
            <SquareSplitHorizontal className="icon" aria-hidden />
            {words.compare}
          </TextButton>
        </Tip>
        <TextButton
          pressed={step !== null}
          disabled={!hasPicture || steps === 0}
          title={hasPicture && steps === 0 ? words.stepsNone : undefined}
          onClick={() => turnTo(step === null ? 'steps' : null)}
        >
          <Footprints className="icon" aria-hidden />
          {words.steps}
        </TextButton>
        <TextButton
          pressed={confidence !== null}
          disabled={!hasPicture}
          onClick={() => turnTo(confidence === null ? 'confidence' : null)}
        >
          <ScanEye className="icon" aria-hidden />
          {words.confidence}
        </TextButton>
        <TextButton
          pressed={mixWith !== null}
          disabled={!hasPicture || count < 2}
          title={hasPicture && count < 2 ? words.mixNone : undefined}
          onClick={() => turnTo(mixWith === null ? 'mix' : null)}
        >
          <Blend className="icon" aria-hidden />
          {words.mix}
        </TextButton>
        {isStrip && <ExportStrip />}
      </div>
      {step !== null && <StepsTool step={step} steps={steps} />}
      {confidence !== null && <ConfidenceTool {...confidence} />}
      {mixWith !== null && <MixTool shown={shown} count={count} mixWith={mixWith} />}
    </div>
  )
}

/** The next result, or the one before the last. */
const otherThan = (shown: number, count: number): number => (shown < count ? shown + 1 : shown - 1)

function ExportStrip() {
  const studio = useStudio()
  return (
    <Menu.Root>
      <Menu.Trigger className="button is-plain">
        <Film className="icon" aria-hidden />
        {words.exportStrip}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="layer-popup" side="top" align="start" sideOffset={8}>
          <Menu.Popup className="popup menu-popup">
            {(['webp', 'gif'] as const).map((format) => (
              <Menu.Item key={format} className="menu-item" onClick={() => studio.exportStrip(format)}>
                <span className="menu-text">{words.formats[format]}</span>
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
