/** How far the run is and how long it still takes; that it stops is said at once, though the step is ended first. */
import { strings } from '../../strings/strings.ts'
import type { GenerationState } from '../../studio/studio-state.ts'
import { durationText } from '../duration.ts'

const words = strings.prompt

export function ProgressLine({ running }: { readonly running: NonNullable<GenerationState['running']> }) {
  const { share, secondsLeft, stopping } = running
  const text = stopping ? words.stopping : running.text
  const left = secondsLeft === null || stopping ? '' : words.left(durationText(secondsLeft))
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
